import { parseArgs } from "node:util";
import { launch } from "../launch/launch.ts";
import { readVersion } from "../launch/version.ts";
import { reportCoredumps } from "./core.ts";
import { readCoreOptions } from "./core-options.ts";
import { optimisePatiently } from "./patient-optimiser.ts";
import { run } from "./run.ts";
import { readRunOptions } from "./run-options.ts";
import { serve } from "./serve.ts";
import { startServer } from "./server.ts";
import { help, UsageError } from "./usage.ts";

/** What to do: the first word, or the protocol without one. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  run: (args) => runProgram(args),
  core: (args) => showCoredumps(args),
};

/** Does what the command line asks; answers the exit status once everything is done and written. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const [first = ""] = args;
    const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
    return await (command === undefined ? runServer(args) : command(args.slice(1)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`wasm-dap: ${error.message} See \`wasm-dap --help\`.\n`);
    return 2;
  }
}

const serverOptions = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  server: { type: "string" },
  host: { type: "string" },
} as const;

async function runServer(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseServerOptions(args);
  const [extra] = positionals;
  if (values.help) return say(help);
  if (values.version) return say(`${readVersion()}\n`);
  if (extra !== undefined) throw new UsageError(`There is no command \`${extra}\`.`);
  if (values.server === undefined) {
    if (values.host !== undefined) throw new UsageError("`--host` needs `--server=PORT`.");
    return serveStdio();
  }
  const port = Number(values.server);
  if (!/^\d+$/.test(values.server) || port > 65_535) {
    throw new UsageError(`\`--server\` must be a port from 0 to 65535, but is \`${values.server}\`.`);
  }
  return serveTcp(port, values.host ?? "127.0.0.1");
}

function parseServerOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: serverOptions, allowPositionals: true });
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

async function runProgram(args: readonly string[]): Promise<number> {
  if (args.includes("--help") && !args.slice(0, args.indexOf("--help")).includes("--")) return say(help);
  const options = readRunOptions(args, process.cwd());
  const { stdin, stdout, stderr } = process;
  // Whoever reads us may stop reading, as `head` does: that ends the run like a signal.
  const broken = new Promise<number>((resolve) => {
    for (const stream of [stdout, stderr]) stream.on("error", () => resolve(141));
  });
  const interrupted = Promise.race([signalled(), broken]);
  const status = await run(options, { launch, stdin, stdout, stderr, interrupted });
  await Promise.all([drain(stdout), drain(stderr)]);
  return status;
}

async function showCoredumps(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) return say(help);
  const { stdout, stderr } = process;
  const options = readCoreOptions(args, process.cwd());
  // Whoever reads us may stop reading, as `head` does.
  const broken = new Promise<number>((resolve) => stdout.on("error", () => resolve(141)));
  const status = await Promise.race([reportCoredumps(options, { stdout, stderr }), broken]);
  await drain(stdout);
  return status;
}

/** Being told to end is how a server ends: some clients do that after every session, and warn of any other status than 0. */
async function serveStdio(): Promise<number> {
  keepGoing();
  const session = serve({ input: process.stdin, output: process.stdout, launch: launchForSession, log });
  await Promise.race([session.done, signalled()]);
  await session.end();
  return 0;
}

async function serveTcp(port: number, host: string): Promise<number> {
  keepGoing();
  try {
    const server = await startServer(port, host, { launch: launchForSession, log });
    process.stdout.write(`${server.port}\n`);
    await signalled();
    await server.close();
    return 0;
  } catch (error) {
    process.stderr.write(
      `wasm-dap: cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : error}\n`,
    );
    return 1;
  }
}

const launchForSession: typeof launch = async (configuration, hooks) => {
  const launched = await launch(configuration, hooks);
  optimisePatiently();
  return launched;
};

/** Settles with the status to end with when this process is told to end. */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, number] of [
      ["SIGINT", 2],
      ["SIGTERM", 15],
      ["SIGHUP", 1],
    ] as const) {
      process.on(signal, () => resolve(128 + number));
    }
  });
}

/** A fault in one session must not take the others with it, nor leave a program behind. */
function keepGoing(): void {
  process.on("uncaughtException", (error) => log(`Internal error: ${error.stack ?? error.message}`));
  process.on("unhandledRejection", (reason) =>
    log(`Internal error: ${reason instanceof Error ? reason.stack : String(reason)}`),
  );
}

const log = (text: string): void => void process.stderr.write(`wasm-dap: ${text}\n`);

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

const drain = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
