import { readFileSync } from "node:fs";
import type { launch } from "../../launch/launch.ts";
import { toLaunchError } from "../../session/errors.ts";
import { type ConsoleState, DebugConsole } from "../console/debug-console.ts";
import { CommandedInput, PassedInput } from "../console/program-input.ts";
import { sentenceOf } from "../console/sentence.ts";
import { type Deadline, standStillMs, startDeadline, timeoutStatus, withinMs } from "../deadline.ts";
import type { Reporter } from "../report/reporter.ts";
import { plain } from "../report/style.ts";
import type { RunOptions, RunScript } from "../run-options.ts";
import { UsageError } from "../usage-error.ts";
import { differenceFrom, stateText } from "./check.ts";
import { readScript, type ScriptLine } from "./read-script.ts";

/** What a script works with. */
export interface ScriptParts {
  readonly launch: typeof launch;
  readonly reporter: Reporter;
  /** What the program reads, unless a file was named or the script gives it something. */
  readonly stdin: NodeJS.ReadableStream;
  /** Ends the run early with this status, and the program with it. */
  readonly interrupted: Promise<number>;
}

/**
 * Follows a script; answers the exit status: 0 when everything in it was as expected, else 1.
 *
 * Ends at the first line that is not. @throws {UsageError} the script cannot be read.
 */
export async function runScript(options: RunOptions, script: RunScript, parts: ScriptParts): Promise<number> {
  const lines = linesOf(script);
  const gives = lines.some(
    (line) => line.kind === "command" && ["input", "eof"].includes(line.command.names[0]),
  );
  const { timeout } = options;
  // Only a program that is launched for it can be watched, and it runs slower.
  const dataBreakpoints = lines.some((line) => line.kind === "command" && line.command.names[0] === "watch");
  const configuration = { ...options.configuration, dataBreakpoints };
  const hasFile = configuration.stdin !== undefined;
  const console = new DebugConsole({
    ...{ configuration, launch: parts.launch, reporter: parts.reporter, style: plain },
    input: gives || hasFile ? new CommandedInput({ hasFile }) : new PassedInput(parts.stdin),
  });
  const run = new ScriptRun(console, script.name, lines, parts.reporter);
  let deadline: Deadline | undefined;
  try {
    const loading = console.load();
    const early = await Promise.race([loading.then(() => undefined), parts.interrupted]);
    if (early !== undefined) {
      await loading.catch(() => {});
      return early;
    }
    // The time is the program's, not that for reading it.
    deadline = startDeadline(timeout);
    const followed = run.follow();
    const first = await Promise.race([followed, parts.interrupted, deadline.due]);
    if (first !== "due") return first;
    await run.endLate(timeout ?? 0, followed);
    return timeoutStatus;
  } catch (error) {
    parts.reporter.failed(toLaunchError(error, configuration.program).message);
    return 1;
  } finally {
    deadline?.cancel();
    await console.end();
  }
}

function linesOf({ name, path }: RunScript): readonly ScriptLine[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(
      code === "ENOENT"
        ? `There is no script ${name}.`
        : `The script ${name} cannot be read: ${(error as Error).message}.`,
    );
  }
  const read = readScript(name, text);
  if (read.kind === "problems") throw new UsageError(read.problems.join("\n"));
  return read.lines;
}

/** A script that is followed. */
class ScriptRun {
  readonly #console: DebugConsole;
  readonly #name: string;
  readonly #lines: readonly ScriptLine[];
  readonly #reporter: Reporter;
  /** A trap or a bad end that no line has expected yet: where the program has come to, and by which line. */
  #surprise: { readonly state: ConsoleState; readonly line: ScriptLine } | undefined;
  #isLate = false;
  #held = 0;

  constructor(console: DebugConsole, name: string, lines: readonly ScriptLine[], reporter: Reporter) {
    this.#console = console;
    this.#name = name;
    this.#lines = lines;
    this.#reporter = reporter;
  }

  async follow(): Promise<number> {
    for (const line of this.#lines) {
      if (this.#isLate) return timeoutStatus;
      const holds = line.kind === "expect" ? await this.#expect(line) : await this.#do(line);
      if (!holds) return 1;
      if (this.#console.isDone) break;
    }
    if (this.#isLate) return timeoutStatus;
    if (!(await this.#withoutSurprise())) return 1;
    const what = this.#held === 1 ? "expectation" : "expectations";
    this.#reporter.note(`${this.#name}: ${this.#held} ${what} held.`);
    return 0;
  }

  /** Ends a program whose time is up, once it has been told where it stood. */
  async endLate(seconds: number, followed: Promise<unknown>): Promise<void> {
    this.#isLate = true;
    this.#console.atStop = { backtrace: true, locals: true };
    this.#reporter.timedOut(seconds);
    await this.#console.pause().catch(() => {});
    await withinMs(followed, standStillMs);
  }

  /** Does a command; answers whether the script goes on. */
  async #do(line: Extract<ScriptLine, { kind: "command" }>): Promise<boolean> {
    if (!(await this.#withoutSurprise())) return false;
    const { state: before } = this.#console;
    try {
      await line.command.run(this.#console, line.rest);
    } catch (error) {
      if (this.#isLate) return true;
      return this.#fail(line, { found: sentenceOf(error, this.#console.parts.configuration.program) });
    }
    const { state } = this.#console;
    if (state !== before && isBad(state)) this.#surprise = { state, line };
    return true;
  }

  async #expect(line: Extract<ScriptLine, { kind: "expect" }>): Promise<boolean> {
    const { expectation, number, text } = line;
    try {
      const difference = await differenceFrom(this.#console, expectation);
      if (difference) return this.#fail(line, difference);
    } catch (error) {
      if (this.#isLate) return true;
      return this.#fail(line, { found: sentenceOf(error, this.#console.parts.configuration.program) });
    }
    if (expectation.kind === "trap" || expectation.kind === "exit") this.#surprise = undefined;
    this.#held++;
    this.#reporter.checked({ script: this.#name, line: number, text, passed: true });
    return true;
  }

  /** A trap is no success by itself: some line must have expected it before the script goes on. */
  async #withoutSurprise(): Promise<boolean> {
    const surprise = this.#surprise;
    if (surprise === undefined) return true;
    const expected =
      surprise.state.kind === "exited"
        ? "an end with status 0, or a line `expect exit`"
        : "no trap, or a line `expect trap`";
    return this.#fail(surprise.line, { expected, found: await stateText(this.#console) });
  }

  async #fail(
    { number, text }: ScriptLine,
    difference: { readonly expected?: string; readonly found: string },
  ): Promise<false> {
    const at = this.#console.state.kind === "stopped" ? await stateText(this.#console) : undefined;
    const where = at === undefined || at === difference.found ? {} : { at: at.replace(/^a stop at /, "") };
    this.#reporter.checked({
      script: this.#name,
      line: number,
      text,
      passed: false,
      ...difference,
      ...where,
    });
    return false;
  }
}

function isBad(state: ConsoleState): boolean {
  if (state.kind === "exited") return state.exit.exitCode !== 0 || state.exit.cause.kind === "crashed";
  return (
    state.kind === "stopped" && (state.description.kind === "trap" || state.description.kind === "exception")
  );
}
