import { isAbsolute, relative } from "node:path";
import { briefName } from "../../../src/debugger/brief-name.ts";
import { withoutParameters } from "../../../src/debugger/function-matching.ts";
import { nameOf } from "../../convert/path.ts";
import type { FrameReport } from "./stop-report.ts";
import type { Style } from "./style.ts";

/** Frames and places as text, as gdb has them. */
export class FrameText {
  readonly #cwd: string;
  readonly #style: Style;

  constructor(cwd: string, style: Style) {
    this.#cwd = cwd;
    this.#style = style;
  }

  /** One frame a line; gaps in the numbers up to `total` are told. */
  backtrace(frames: readonly FrameReport[], total: number): string[] {
    const width = String(Math.max(0, ...frames.map(({ frame }) => frame.index))).length;
    const lines: string[] = [];
    let expected = frames[0]?.frame.index ?? 0;
    for (const report of frames) {
      const { index } = report.frame;
      if (index !== expected) lines.push(`    ... ${index - expected} more frames ...`);
      expected = index + 1;
      lines.push(this.frame(report, width));
    }
    if (expected < total) lines.push(`    ... ${total - expected} more frames ...`);
    return lines;
  }

  /** `#1  0x0000054f fib(n=3) at steps.c:12:7` */
  frame(report: FrameReport, width = 1): string {
    const { index, point } = report.frame;
    const offset = point === undefined ? " ".repeat(10) : `0x${point.offset.toString(16).padStart(8, "0")}`;
    return `#${String(index).padEnd(width)}  ${this.#style.faint(offset)} ${this.call(report)}`;
  }

  /** `fib(n=3) at steps.c:12:7` */
  call({ frame, parameters, path }: FrameReport): string {
    const { name, kind, position } = frame;
    if (kind === "host") return `${name} (host)`;
    const list = parameters
      .map(({ name, value, unavailable }) => `${name}=${unavailable === undefined ? brief(value) : "?"}`)
      .join(", ");
    const shown = this.#style.name(briefName(parameters.length > 0 ? withoutParameters(name) : name));
    // Languages with overloads put the parameters' types into the name.
    const call = name.includes("(") && parameters.length === 0 ? shown : `${shown}(${list})`;
    if (path === undefined || position === undefined) return parameters.length > 0 ? call : shown;
    return `${call} at ${this.place(path, position.line, position.column)}`;
  }

  /** `steps.c:12:7`; `line` and `column` are 0-based. */
  place(path: string, line: number, column?: number): string {
    const end = column === undefined ? "" : `:${column + 1}`;
    return this.#style.place(`${this.short(path)}:${line + 1}${end}`);
  }

  /** A path one can open from here if it is below the working folder, else the file's name. */
  short(path: string): string {
    if (!isAbsolute(path)) return path;
    const below = relative(this.#cwd, path);
    return below.startsWith("..") || isAbsolute(below) ? nameOf(path) : below;
  }
}

/** Characters of an argument in a call: a backtrace is read down, and long texts would push the places out of sight. */
const argumentWidth = 40;

/** A value cut to what fits into a call; a text keeps its closing quote. */
const brief = (value: string): string =>
  value.length <= argumentWidth
    ? value
    : `${value.slice(0, argumentWidth)}…${value.endsWith('"') ? '"' : ""}`;

/** A line of a source with its number; `line` is 0-based. */
export const sourceLine = (line: number, text: string): string => `${String(line + 1).padStart(5)} | ${text}`;
