import { createInterface, type Interface } from "node:readline";
import type { Launched, launch } from "../../launch/launch.ts";
import { toLaunchError } from "../../session/errors.ts";
import type { DebugOptions } from "../debug-options.ts";
import { styleFor } from "../report/style.ts";
import { TextReport } from "../report/text-report.ts";
import { complete } from "./complete.ts";
import { DebugConsole, type ProgramInput } from "./debug-console.ts";
import { Executor } from "./execute.ts";
import { addToHistory, historyFile, readHistory } from "./history.ts";
import { CommandedInput } from "./program-input.ts";

/** What a terminal session works with. */
export interface InteractiveParts {
  readonly launch: typeof launch;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the session with this status, and the program with it. */
  readonly interrupted: Promise<number>;
  /** Calls back whenever Ctrl-C comes as a signal: from elsewhere, or when commands come from a pipe. */
  onInterrupt(act: () => void): void;
}

const prompt = "(wasm-dap) ";

/** Debugs a program with commands from a terminal or a pipe; answers the exit status. */
export async function debugInteractively(options: DebugOptions, parts: InteractiveParts): Promise<number> {
  const { stdin, stdout, stderr, env } = parts;
  const isTerminal = "isTTY" in stdin && stdin.isTTY === true && "isTTY" in stdout && stdout.isTTY === true;
  const style = styleFor(stdout, env);
  const { configuration } = options;
  const hasFile = configuration.stdin !== undefined;
  const reporter = new TextReport(
    { stdout, stderr, voice: stdout },
    { cwd: configuration.cwd, style, verbosity: "verbose" },
  );
  const typed = new TypedInput({ hasFile });
  const input: ProgramInput = isTerminal ? typed : new CommandedInput({ hasFile });
  const console = new DebugConsole({ configuration, launch: parts.launch, reporter, style, input });
  try {
    await console.load();
    if (isTerminal) console.say("`help` lists the commands; `run` starts the program.");
    const session = isTerminal
      ? new TerminalSession(console, parts, typed).run(options.commands)
      : runPiped(console, parts, options.commands);
    return await Promise.race([session, parts.interrupted]);
  } catch (error) {
    stderr.write(`${toLaunchError(error, configuration.program).message}\n`);
    return 1;
  } finally {
    await console.end();
  }
}

/** Input of a program that is typed while it runs. */
class TypedInput implements ProgramInput {
  readonly #hasFile: boolean;
  #program: Launched | undefined;

  constructor({ hasFile }: { readonly hasFile: boolean }) {
    this.#hasFile = hasFile;
  }

  attach(program: Launched): void {
    this.#program = program;
  }

  give(text: string | undefined): void {
    if (!this.#hasFile) this.#program?.writeStdin(text === undefined ? undefined : Buffer.from(text));
  }
}

/** Commands of a pipe, each when the one before is done. They are shown, so that what is printed can be read. */
async function runPiped(
  console: DebugConsole,
  { stdin, stdout, onInterrupt }: InteractiveParts,
  commands: readonly string[],
): Promise<number> {
  const executor = new Executor(console);
  let allWell = true;
  onInterrupt(() => void console.pause().catch(() => {}));
  const doLine = async (line: string): Promise<void> => {
    stdout.write(`${prompt}${line}\n`);
    if (!(await executor.execute(line))) allWell = false;
  };
  for (const command of commands) if (!console.isDone) await doLine(command);
  if (!console.isDone) {
    for await (const line of createInterface({ input: stdin, terminal: false })) {
      await doLine(line);
      if (console.isDone) break;
    }
  }
  return allWell ? 0 : 1;
}

/** A session with a user at a terminal. */
class TerminalSession {
  readonly #console: DebugConsole;
  readonly #parts: InteractiveParts;
  readonly #typed: TypedInput;
  readonly #executor: Executor;
  readonly #history: string | undefined;
  #readline: Interface;
  #lines: string[] = [];
  #isBusy = false;
  #finish: (status: number) => void = () => {};

  constructor(console: DebugConsole, parts: InteractiveParts, typed: TypedInput) {
    this.#console = console;
    this.#parts = parts;
    this.#typed = typed;
    this.#executor = new Executor(console);
    this.#history = historyFile(parts.env);
    this.#readline = this.#open([...readHistory(this.#history)].reverse());
  }

  async run(commands: readonly string[]): Promise<number> {
    const done = new Promise<number>((resolve) => {
      this.#finish = resolve;
    });
    this.#lines.push(...commands);
    this.#parts.onInterrupt(() => this.#interrupt());
    void this.#work();
    try {
      return await done;
    } finally {
      this.#readline.removeAllListeners("close");
      this.#readline.close();
    }
  }

  #open(history: string[]): Interface {
    const { stdin, stdout } = this.#parts;
    const readline = createInterface({
      ...{ input: stdin, output: stdout, terminal: true, prompt, history, historySize: 1000 },
      removeHistoryDuplicates: true,
      completer: (line: string, tell: (error: null, answer: [string[], string]) => void) => {
        if (this.#isBusy) return tell(null, [[], line]);
        void complete(this.#console, line).then(([candidates, part]) => tell(null, [candidates, part]));
      },
    });
    readline.on("line", (line) => this.#line(line));
    readline.on("SIGINT", () => this.#interrupt());
    readline.on("close", () => this.#closed());
    return readline;
  }

  /** A line is a command while the program stands, and its input while it runs. */
  #line(line: string): void {
    if (this.#console.isRunning) {
      this.#typed.give(`${line}\n`);
      return;
    }
    addToHistory(this.#history, line);
    this.#lines.push(line);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // What is typed now is the program's: it has no prompt of ours before it.
    this.#readline.setPrompt("");
    for (
      let line = this.#lines.shift();
      line !== undefined && !this.#console.isDone;
      line = this.#lines.shift()
    ) {
      await this.#executor.execute(line);
    }
    this.#isBusy = false;
    if (this.#console.isDone) this.#finish(0);
    else {
      this.#readline.setPrompt(prompt);
      this.#readline.prompt();
    }
  }

  /** Ctrl-C pauses a program that runs, and else gives up the line. */
  #interrupt(): void {
    if (this.#console.isRunning) {
      void this.#console.pause().catch(() => {});
      return;
    }
    if (this.#isBusy) return;
    if (this.#readline.line === "") this.#console.say("\n`quit` or Ctrl-D ends this debugger.");
    else {
      this.#readline.write(null, { ctrl: true, name: "e" });
      this.#readline.write(null, { ctrl: true, name: "u" });
      this.#parts.stdout.write("\n");
    }
    this.#readline.prompt();
  }

  /** Ctrl-D ends a running program's input, and else the session. */
  #closed(): void {
    if (!this.#console.isRunning) {
      this.#parts.stdout.write("\n");
      this.#finish(0);
      return;
    }
    this.#typed.give(undefined);
    const { history } = this.#readline as Interface & { readonly history?: string[] };
    this.#readline = this.#open([...(history ?? [])]);
    this.#readline.setPrompt("");
  }
}
