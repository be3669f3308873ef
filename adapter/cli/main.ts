import { constants } from "node:os";
import type { LaunchConfiguration } from "../launch/configuration.ts";
import { launch } from "../launch/launch.ts";
import { readVersion } from "../launch/version.ts";
import { Trace } from "../protocol/trace.ts";
import { closestTo } from "./closest.ts";
import { debugInteractively } from "./console/interactive.ts";
import { reportCoredumps } from "./core.ts";
import { readCoreOptions } from "./core-options.ts";
import { readDebugOptions } from "./debug-options.ts";
import { compileEagerly } from "./eager-compiler.ts";
import { type OptionGroup, readOptions } from "./options.ts";
import { optimisePatiently } from "./patient-optimiser.ts";
import { splitArguments } from "./program-options.ts";
import { reportersFor } from "./reporters.ts";
import { run } from "./run.ts";
import { readRunOptions } from "./run-options.ts";
import { runScript } from "./script/run-script.ts";
import { serve } from "./serve.ts";
import { startServer } from "./server.ts";
import { help, helpOf } from "./usage.ts";
import { UsageError } from "./usage-error.ts";

/** What to do: the first word, or the protocol without one. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  run: (args) => runProgram(args),
  debug: (args) => debugProgram(args),
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
    const [first = ""] = args;
    const page = Object.hasOwn(commands, first) ? `wasm-dap ${first} --help` : "wasm-dap --help";
    process.stderr.write(`wasm-dap: ${error.message} See \`${page}\`.\n`);
    return 2;
  }
}

const serverOptions: readonly OptionGroup[] = [
  {
    title: "Serving",
    options: [
      { name: "help", short: "h", about: "print help" },
      { name: "version", short: "v", about: "print the version" },
      { name: "server", value: "PORT", about: "serve on a TCP port" },
      { name: "host", value: "ADDRESS", about: "where to listen" },
    ],
  },
];

async function runServer(args: readonly string[]): Promise<number> {
  const options = readOptions(args, serverOptions);
  const [extra] = options.words;
  if (options.has("help")) return say(help);
  if (options.has("version")) return say(`${readVersion()}\n`);
  if (extra !== undefined) throw new UsageError(`There is no command \`${extra}\`.${hintFor(extra)}`);
  optimisePatiently();
  const [server, host] = [options.text("server"), options.text("host")];
  if (server === undefined) {
    if (host !== undefined) throw new UsageError("`--host` needs `--server=PORT`.");
    return serveStdio();
  }
  const port = Number(server);
  if (!/^\d+$/.test(server) || port > 65_535) {
    throw new UsageError(`\`--server\` must be a port from 0 to 65535, but is \`${server}\`.`);
  }
  return serveTcp(port, host ?? "127.0.0.1");
}

/** What somebody may have meant who typed a word that is no command. */
function hintFor(word: string): string {
  if (/\.wasm$/i.test(word)) return ` To run a program: \`wasm-dap run ${word}\`.`;
  const near = closestTo(word, Object.keys(commands));
  return near === undefined ? "" : ` Did you mean \`${near}\`?`;
}

/** Whether help is asked for, and not by the program's own arguments. */
const wantsHelp = (args: readonly string[]): boolean =>
  splitArguments(args).own.some((word) => word === "--help" || word === "-h");

async function runProgram(args: readonly string[]): Promise<number> {
  if (wantsHelp(args)) return say(helpOf("run"));
  const options = readRunOptions(args, process.cwd());
  const { stdin, stdout, stderr } = process;
  const streams = { stdout, stderr };
  const reporter = reportersFor(options, streams, process.env);
  const interrupted = Promise.race([signalled(), unread(stdout, stderr)]);
  const parts = { ...streams, reporter, launch: tracing(options.configuration), stdin, interrupted };
  const { script } = options;
  const status = await (script === undefined ? run(options, parts) : runScript(options, script, parts));
  reporter.finished(status);
  await Promise.all([drain(stdout), drain(stderr)]);
  return status;
}

async function debugProgram(args: readonly string[]): Promise<number> {
  if (wantsHelp(args)) return say(helpOf("debug"));
  const options = readDebugOptions(args, process.cwd());
  const { stdin, stdout, stderr, env } = process;
  const onInterrupt = (act: () => void): void => void process.on("SIGINT", act);
  const interrupted = Promise.race([signalled("SIGTERM", "SIGHUP"), unread(stdout, stderr)]);
  const parts = { stdin, stdout, stderr, env, interrupted, onInterrupt };
  const status = await debugInteractively(options, { ...parts, launch: tracing(options.configuration) });
  await Promise.all([drain(stdout), drain(stderr)]);
  return status;
}

/** `launch`, with every exchange at the suspend point written to the configuration's file. */
function tracing({ trace: file }: LaunchConfiguration): typeof launch {
  if (file === undefined) return launch;
  const trace = new Trace();
  const problem = trace.open(file);
  if (problem !== undefined) log(problem);
  return (configuration, hooks) =>
    launch(configuration, { ...hooks, trace: (line) => trace.record("guest", line) });
}

/** Settles with the status to end with when nobody reads what is written, as `head` does: that ends a run like a signal. */
const unread = (...streams: readonly NodeJS.WritableStream[]): Promise<number> =>
  new Promise((resolve) => {
    for (const stream of streams) stream.on("error", () => resolve(141));
  });

async function showCoredumps(args: readonly string[]): Promise<number> {
  if (wantsHelp(args)) return say(helpOf("core"));
  const { stdout, stderr } = process;
  const options = readCoreOptions(args, process.cwd());
  const status = await Promise.race([reportCoredumps(options, { stdout, stderr }), unread(stdout)]);
  await drain(stdout);
  return status;
}

/** `launch` for a client: what it asks for from then on is answered by code that is compiled. */
const launchEagerly: typeof launch = async (...given) => {
  const launched = await launch(...given);
  compileEagerly();
  return launched;
};

/** Being told to end is how a server ends: some clients do that after every session, and warn of any other status than 0. */
async function serveStdio(): Promise<number> {
  keepGoing();
  const session = serve({ input: process.stdin, output: process.stdout, launch: launchEagerly, log });
  await Promise.race([session.done, signalled()]);
  await session.end();
  return 0;
}

async function serveTcp(port: number, host: string): Promise<number> {
  keepGoing();
  try {
    const server = await startServer(port, host, { launch: launchEagerly, log });
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

/** Settles with the status to end with when this process is told to end. */
function signalled(...signals: readonly ("SIGINT" | "SIGTERM" | "SIGHUP")[]): Promise<number> {
  const wanted = signals.length === 0 ? (["SIGINT", "SIGTERM", "SIGHUP"] as const) : signals;
  return new Promise((resolve) => {
    for (const signal of wanted) process.on(signal, () => resolve(128 + constants.signals[signal]));
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
