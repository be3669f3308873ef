import { unreachable } from "../../../src/base/errors.ts";
import type {
  Breakpoint,
  DataBreakpoint,
  LoggedMessage,
  StopDescription,
} from "../../../src/debugger/debugger-types.ts";
import type { DebugInfoStatus } from "../../../src/debuginfo/debug-info.ts";
import type { Variable } from "../../../src/symbols/variable.ts";
import type { Exit, TargetOutput } from "../../../src/target/target.ts";
import { toSymbolStatus } from "../../convert/module.ts";
import { FrameText, sourceLine } from "./frame-text.ts";
import type { Reporter, ReportStreams, ScriptCheck } from "./reporter.ts";
import type { StopReport, ValueReport } from "./stop-report.ts";
import { plain, type Style } from "./style.ts";

/** How much is told. */
export type Verbosity = "quiet" | "normal" | "verbose";

/** How a text report looks. */
export interface TextOptions {
  readonly cwd: string;
  /** For what the debugger says. */
  readonly style?: Style;
  readonly verbosity?: Verbosity;
}

/** For people: the program's output as it is, and on stderr what the debugger has to say, as gdb would. */
export class TextReport implements Reporter {
  readonly #streams: ReportStreams;
  readonly #frames: FrameText;
  readonly #style: Style;
  readonly #verbosity: Verbosity;
  /** Whether the program's last output left the cursor in the middle of a line of the terminal. */
  #midLine = false;

  constructor(streams: ReportStreams, { cwd, style = plain, verbosity = "normal" }: TextOptions) {
    this.#streams = streams;
    this.#style = style;
    this.#frames = new FrameText(cwd, style);
    this.#verbosity = verbosity;
  }

  loaded(program: string, debugInfo: DebugInfoStatus): void {
    if (this.#verbosity === "verbose")
      this.say(`Loaded ${this.#frames.short(program)}: ${toSymbolStatus(debugInfo)}`);
  }

  note(text: string): void {
    if (this.#verbosity !== "quiet") this.say(text);
  }

  breakpoint(breakpoint: Breakpoint): void {
    if (this.#verbosity === "quiet" && breakpoint.verified) return;
    this.say(breakpointText(breakpoint, this.#frames, this.#style));
  }

  watched(expression: string, { id, verified, message }: DataBreakpoint): void {
    if (this.#verbosity === "quiet" && verified) return;
    const what = `Breakpoint ${id} watches ${expression}`;
    if (verified) this.say(message === undefined ? what : `${what}: ${message}`);
    else
      this.say(
        `Breakpoint ${id} on ${expression} ${this.#style.bad("is not set")}: ${message ?? "it cannot be watched."}`,
      );
  }

  output({ stream, bytes }: TargetOutput): void {
    this.#streams[stream].write(bytes);
    if (bytes.length > 0) this.#midLine = bytes[bytes.length - 1] !== 0x0a;
  }

  logged({ text }: LoggedMessage): void {
    this.say(text);
  }

  stopped(report: StopReport): void {
    this.say(stopText(report, this.#frames, this.#style));
  }

  timedOut(seconds: number): void {
    this.say(`\n${this.#style.bad(`Time is up: the program has run for ${seconds} s. It stood here:`)}`);
  }

  exited({ cause, exitCode, results }: Exit): void {
    if (cause.kind === "crashed") this.say(this.#style.bad(`The program's process died: ${cause.message}`));
    for (const result of results ?? []) this.#streams.stdout.write(`${result}\n`);
    if (this.#verbosity === "verbose") this.say(`The program ended with status ${exitCode}`);
  }

  checked({ script, line, text, passed, expected, found, at }: ScriptCheck): void {
    if (passed) {
      if (this.#verbosity === "verbose") this.say(this.#style.good(`${script}:${line}: ${text}`));
      return;
    }
    const lines = [`${this.#style.bad("Failed:")} ${this.#style.place(`${script}:${line}`)}: ${text}`];
    if (expected !== undefined) lines.push(`  expected  ${expected}`);
    if (found !== undefined) lines.push(`  found     ${found}`);
    if (at !== undefined) lines.push(`  at        ${at}`);
    this.say(lines.join("\n"));
  }

  failed(message: string): void {
    this.say(message);
  }

  finished(): void {}

  say(text: string): void {
    const { voice, stderr } = this.#streams;
    (voice ?? stderr).write(`${this.#midLine ? "\n" : ""}${text}\n`);
    this.#midLine = false;
  }
}

/** `Breakpoint 1 at words.c:28`, or why it is not set. */
function breakpointText(
  { id, path, line, verified, message, request }: Breakpoint,
  frames: FrameText,
  style: Style,
): string {
  const place = `Breakpoint ${id} at ${request.name ?? frames.place(path, line)}`;
  if (verified) return message === undefined ? place : `${place}: ${message}`;
  return `${place} ${style.bad("is not set")}: ${message ?? "there is no code there."}`;
}

/** A stop, as many lines as it has to tell; a blank one comes first. */
function stopText(report: StopReport, frames: FrameText, style: Style): string {
  const { description, top, looked, line, backtrace, totalFrames, locals, values } = report;
  const where = top === undefined ? "" : ` ${frames.call(top)}`;
  const headline = `${headlineOf(description, style)}${where}`;
  const isTop = looked === undefined || looked.frame.index === top?.frame.index;
  const source = line === undefined ? [] : [sourceLine(looked?.frame.position?.line ?? 0, line)];
  const lines: string[] = [];
  if (report.isNearby !== true || !isTop || source.length === 0) {
    lines.push(...(report.isNearby === true ? [] : [""]), headline);
  }
  if (isTop) lines.push(...source);
  if (backtrace !== undefined) lines.push(...frames.backtrace(backtrace, totalFrames));
  const shown = alignedText(locals ?? [], values);
  // A trap in a library's code is looked at where the user's own code called it.
  if (!isTop && (shown.length > 0 || description.kind === "trap"))
    lines.push(`In #${looked.frame.index} ${frames.call(looked)}`, ...source);
  if (report.recovered === true && shown.length > 0) lines.push("    (recovered from memory)");
  return [...lines, ...shown].join("\n");
}

/** Variables and expressions, one a line, their values one below the other. */
function alignedText(locals: readonly Variable[], values: readonly ValueReport[]): string[] {
  const shown: { readonly name: string; readonly value: string; readonly column?: number | undefined }[] = [
    ...locals.map(({ name, value }) => ({ name, value })),
    ...values.map((one) =>
      "error" in one
        ? { name: one.expression, value: `<${one.error.replace(/\.$/, "")}>`, column: one.column }
        : { name: one.expression, value: one.value.value },
    ),
  ];
  // A long expression does not push everything else to the right.
  const width = Math.max(0, ...shown.map(({ name }) => name.length).filter((length) => length <= 24));
  return shown.flatMap(({ name, value, column }) => [
    `    ${name.padEnd(width)} = ${value}`,
    ...(column === undefined ? [] : [`    ${" ".repeat(column)}^`]),
  ]);
}

/** Why it stopped, up to the place. */
function headlineOf(stop: StopDescription, style: Style): string {
  switch (stop.kind) {
    case "breakpoint":
      return `${(stop.problems ?? []).map((problem) => `${problem}\n`).join("")}Breakpoint ${stop.breakpoints.join(", ")},`;
    case "data":
      return `${(stop.problems ?? []).map((problem) => `${problem}\n`).join("")}Data breakpoint ${stop.breakpoints.join(", ")}: ${stop.text}, in`;
    case "entry":
      return "Entry,";
    case "step":
      return "Step,";
    case "pause":
      return "Pause,";
    case "trap":
      return `${style.bad(`Trap: ${stop.message}`)}, in`;
    case "exception":
      return `${style.bad(`Exception that nobody caught: ${stop.message}`)}, in`;
    default:
      return unreachable(stop);
  }
}
