import { isAbsolute, relative } from "node:path";
import { unreachable } from "../../src/base/errors.ts";
import type { Breakpoint, LoggedMessage, StopDescription } from "../../src/debugger/debugger-types.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import type { Exit, TargetOutput } from "../../src/target/target.ts";
import { nameOf } from "../convert/path.ts";
import type { Reporter, ReportStreams } from "./reporter.ts";
import type { FrameReport, StopReport, ValueReport } from "./stop-report.ts";

/** For people: the program's output as it is, and on stderr what the debugger has to say, as gdb would. */
export class TextReport implements Reporter {
  readonly #streams: ReportStreams;
  readonly #cwd: string;
  /** Whether the program's last output left the cursor in the middle of a line of the terminal. */
  #midLine = false;

  constructor(streams: ReportStreams, cwd: string) {
    this.#streams = streams;
    this.#cwd = cwd;
  }

  loaded(): void {}

  note(text: string): void {
    this.#say(text);
  }

  breakpoint({ id, path, line, verified, message, request }: Breakpoint): void {
    const at = request.name ?? `${this.#short(path)}:${line + 1}`;
    const place = `Breakpoint ${id} at ${at}`;
    if (verified) this.#say(message === undefined ? `${place}` : `${place}: ${message}`);
    else this.#say(`${place} is not set: ${message ?? "there is no code there."}`);
  }

  output({ stream, bytes }: TargetOutput): void {
    this.#streams[stream].write(bytes);
    if (bytes.length > 0) this.#midLine = bytes[bytes.length - 1] !== 0x0a;
  }

  logged({ text }: LoggedMessage): void {
    this.#say(text);
  }

  stopped(report: StopReport): void {
    const { description, top, looked, line, backtrace, totalFrames, locals, values } = report;
    const where = top === undefined ? "" : ` ${this.#call(top)}`;
    const lines = ["", `${headline(description)}${where}`];
    const isTop = looked === undefined || looked.frame.index === top?.frame.index;
    const source = line === undefined ? [] : [sourceLine(looked, line)];
    if (isTop) lines.push(...source);
    if (backtrace !== undefined) lines.push(...this.#backtrace(backtrace, totalFrames));
    const shown = toAligned(locals ?? [], values);
    // A trap in a library's code is looked at where the user's own code called it.
    if (!isTop && shown.length > 0) lines.push(`In #${looked.frame.index} ${this.#call(looked)}`, ...source);
    if (report.recovered === true && shown.length > 0) lines.push("    (recovered from memory)");
    this.#say([...lines, ...shown].join("\n"));
  }

  exited({ cause, results }: Exit): void {
    if (cause.kind === "crashed") this.#say(`The program's process died: ${cause.message}`);
    for (const result of results ?? []) this.#streams.stdout.write(`${result}\n`);
  }

  #backtrace(frames: readonly FrameReport[], total: number): string[] {
    const width = String(Math.max(0, ...frames.map(({ frame }) => frame.index))).length;
    const lines: string[] = [];
    let expected = 0;
    for (const report of frames) {
      const { index, point } = report.frame;
      if (index !== expected) lines.push(`    ... ${index - expected} more frames ...`);
      expected = index + 1;
      const offset = point === undefined ? " ".repeat(10) : `0x${point.offset.toString(16).padStart(8, "0")}`;
      lines.push(`#${String(index).padEnd(width)}  ${offset} ${this.#call(report)}`);
    }
    if (expected < total) lines.push(`    ... ${total - expected} more frames ...`);
    return lines;
  }

  /** `fib(n=3) at steps.c:12:7` */
  #call({ frame, parameters, path }: FrameReport): string {
    const { name, kind, position } = frame;
    if (kind === "host") return `${name} (host)`;
    const list = parameters
      .map(({ name, value, unavailable }) => `${name}=${unavailable === undefined ? brief(value) : "?"}`)
      .join(", ");
    // Languages with overloads put the parameters' types into the name.
    const call = name.includes("(") && parameters.length === 0 ? name : `${name}(${list})`;
    if (path === undefined || position === undefined) return parameters.length > 0 ? call : name;
    const column = position.column === undefined ? "" : `:${position.column + 1}`;
    return `${call} at ${this.#short(path)}:${position.line + 1}${column}`;
  }

  /** A path one can open from here if it is below the working folder, else the file's name. */
  #short(path: string): string {
    if (!isAbsolute(path)) return path;
    const below = relative(this.#cwd, path);
    return below.startsWith("..") || isAbsolute(below) ? nameOf(path) : below;
  }

  #say(text: string): void {
    this.#streams.stderr.write(`${this.#midLine ? "\n" : ""}${text}\n`);
    this.#midLine = false;
  }
}

/** Characters of an argument in a call: a backtrace is read down, and long texts would push the places out of sight. */
const argumentWidth = 40;

/** A value cut to what fits into a call; a text keeps its closing quote. */
const brief = (value: string): string =>
  value.length <= argumentWidth
    ? value
    : `${value.slice(0, argumentWidth)}…${value.endsWith('"') ? '"' : ""}`;

const sourceLine = (report: FrameReport | undefined, text: string): string =>
  `${String((report?.frame.position?.line ?? 0) + 1).padStart(5)} | ${text}`;

/** Variables and expressions, one a line, their values one below the other. */
function toAligned(locals: readonly Variable[], values: readonly ValueReport[]): string[] {
  const shown = [
    ...locals.map(({ name, value }) => ({ name, value })),
    ...values.map((one) => ({
      name: one.expression,
      value: "error" in one ? `<${one.error.replace(/\.$/, "")}>` : one.value.value,
    })),
  ];
  // A long expression does not push everything else to the right.
  const width = Math.max(0, ...shown.map(({ name }) => name.length).filter((length) => length <= 24));
  return shown.map(({ name, value }) => `    ${name.padEnd(width)} = ${value}`);
}

/** Why it stopped, up to the place. */
function headline(stop: StopDescription): string {
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
      return `Trap: ${stop.message}, in`;
    case "exception":
      return `Exception that nobody caught: ${stop.message}, in`;
    default:
      return unreachable(stop);
  }
}
