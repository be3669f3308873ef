// `npm start`: sets up, then debugs the shipped example headless, over the Debug Adapter Protocol as an editor would,
// and prints what a user would see.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, installDependencies, root } from "./set-up.mjs";

const say = (text = "") => process.stdout.write(`${text}\n`);
const inColour = process.stdout.isTTY === true && !process.env.NO_COLOR;
const marked = (code) => (text) => (inColour ? `\u001b[${code}m${text}\u001b[0m` : text);
const [strong, faint] = [marked(1), marked(2)];

/** A client of the adapter: requests out, answers and events back. Rejects everything once the adapter is gone. */
class Client {
  #adapter = spawn(process.execPath, [join(root, "bin/wasm-dap")], { stdio: ["pipe", "pipe", "inherit"] });
  #buffer = Buffer.alloc(0);
  #seq = 0;
  #answers = new Map();
  #events = [];
  #wanted;

  constructor() {
    this.#adapter.stdout.on("data", (chunk) => this.#receive(chunk));
    this.#adapter.on("exit", (code) => {
      for (const { reject } of [...this.#answers.values(), ...(this.#wanted ? [this.#wanted] : [])])
        reject(new Error(`the adapter ended with status ${code}`));
    });
  }

  request(command, args = {}) {
    const seq = ++this.#seq;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.#adapter.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve, reject) => this.#answers.set(seq, { resolve, reject }));
  }

  /** The next event of one of these names; output is printed on the way. */
  event(...names) {
    return new Promise((resolve, reject) => {
      this.#wanted = { names, resolve, reject };
      this.#deliver();
    });
  }

  end() {
    this.#adapter.stdin.end();
  }

  #receive(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("latin1", 0, head))?.[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString("utf8", head + 4, head + 4 + length));
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.#dispatch(message);
    }
  }

  #dispatch(message) {
    if (message.type === "event") {
      this.#events.push(message);
      this.#deliver();
      return;
    }
    const { resolve, reject } = this.#answers.get(message.request_seq);
    this.#answers.delete(message.request_seq);
    if (message.success) resolve(message.body);
    else reject(new Error(message.message));
  }

  #deliver() {
    while (this.#wanted && this.#events.length > 0) {
      const { event, body } = this.#events.shift();
      if (event === "output" && body.category === "stdout") process.stdout.write(`  | ${body.output}`);
      if (!this.#wanted.names.includes(event)) continue;
      const { resolve } = this.#wanted;
      this.#wanted = undefined;
      resolve({ event, body });
    }
  }
}

const program = join(root, "examples/c/build/app.wasm");
const source = join(root, "examples/c/words.c");
const lines = readFileSync(source, "utf8").split("\n");
const lineOf = (text) => lines.findIndex((line) => line.includes(text)) + 1;
const threadId = 1;

async function main() {
  // The test of what pages tell runs this beside others, under whom nothing must be built anew.
  const isReady = process.argv.includes("--built") || (installDependencies() && build());
  if (!isReady) return false;
  const client = new Client();
  const sourceLine = lineOf("tree->count++");
  say(strong("\nDebugging examples/c/build/app.wasm, a C program that counts the words of a verse.\n"));
  await client.request("initialize", {
    clientID: "start",
    adapterID: "wasm",
    linesStartAt1: true,
    supportsVariableType: true,
    columnsStartAt1: true,
  });
  const initialized = client.event("initialized");
  await client.request("launch", { program });
  await initialized;
  const { breakpoints } = await client.request("setBreakpoints", {
    source: { path: source },
    breakpoints: [{ line: sourceLine }],
  });
  say(
    `breakpoint  words.c:${breakpoints[0].line}  ${breakpoints[0].verified ? "bound" : breakpoints[0].message}`,
  );
  let stopped = client.event("stopped", "terminated");
  await client.request("configurationDone");
  await stopped;
  await show(client, "at the breakpoint");
  await client.request("setBreakpoints", { source: { path: source }, breakpoints: [] });
  for (const [command, title] of [
    ["next", "next"],
    ["stepIn", "step in"],
    ["stepOut", "step out"],
  ]) {
    stopped = client.event("stopped", "terminated");
    await client.request(command, { threadId });
    if ((await stopped).event !== "stopped") return false;
    await show(client, `after ${title}`);
  }
  say("continue");
  const exited = client.event("exited");
  await client.request("continue", { threadId });
  const { body } = await exited;
  say(`exited with status ${body.exitCode}`);
  await client.request("disconnect");
  client.end();
  say(usage);
  return body.exitCode === 0;
}

/** Prints where the guest stands, the program's own part of its stack, its locals and an expression. */
async function show(client, title) {
  const { stackFrames } = await client.request("stackTrace", { threadId, levels: 20 });
  const [top] = stackFrames;
  say(`\n${strong(`${title}:`)} ${top.name} at ${top.source?.name ?? "?"}:${top.line}`);
  if (top.line > 0 && top.source?.path === source) say(`  > ${top.line}  ${lines[top.line - 1]}`);
  const own = stackFrames.filter(
    (frame) => frame.source?.path !== undefined && dirname(frame.source.path) === dirname(source),
  );
  for (const [number, frame] of own.entries()) {
    say(`  #${String(number).padEnd(2)} ${frame.name.padEnd(22)} ${frame.source.name}:${frame.line}`);
  }
  const others = stackFrames.length - own.length;
  if (others > 0) say(faint(`      and ${others} frames of the C library, which called main`));
  const { scopes } = await client.request("scopes", { frameId: top.id });
  const locals = scopes.find(({ name }) => name === "Locals");
  if (!locals) return;
  const { variables } = await client.request("variables", { variablesReference: locals.variablesReference });
  for (const { name, value, type } of variables)
    say(`      ${name} = ${value}${type ? faint(`  (${type})`) : ""}`);
  const expression = "*tree";
  const found = await client.request("evaluate", { expression, frameId: top.id }).catch(() => undefined);
  if (found) say(`      ${expression} = ${found.result}`);
}

const here = relative(process.cwd(), root);
const command = join(here, "bin/wasm-dap");
const example = join(here, "examples/c");
const usage = `
${strong("That was a real session over the Debug Adapter Protocol, as an editor has it. Now you:")}

  on this terminal   ${command} debug ${example}/build/app.wasm
  without stopping   ${command} run ${example}/build/app.wasm --break words.c:28 --on-stop bt,locals
  in VS Code         npm run package makes an extension: install it, open ${example} and press F5
  in other editors   command ${join(root, "bin/wasm-dap")}, configuration
                     { "type": "wasm", "request": "launch", "program": "app.wasm" }
  your own program   clang --target=wasm32-wasi -g -O0 app.c -o app.wasm
                     C++, Rust, AssemblyScript and others: docs/getting-started

  everything else    ${command} --help, docs/README.md
`;

process.exitCode = (await main()) ? 0 : 1;
