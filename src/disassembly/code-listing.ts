import { lowerBound, upperBound } from "../base/binary-search.ts";
import {
  type DefinedFuncIndex,
  type ModuleOffset,
  toDefinedFuncIndex,
  toFuncIndex,
  toModuleOffset,
} from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { ResolvedLine, SourceFile, SourcePosition } from "../debuginfo/debug-info.ts";
import { findBodyAt } from "../wasm/sections/code.ts";
import { listFunction, listRow } from "./list-function.ts";
import type { ListingParts } from "./listing-parts.ts";
import { mostPoints, stoppingPoints } from "./stopping-points.ts";

/**
 * The code of a module as sources, for functions that have no other: one source for each function, in the text format, a
 * line for each instruction.
 *
 * A source of its own for each function keeps line numbers the same when another one changes, and makes a module of any
 * size cost what is looked at. Paths lie below the module's, which is a file and no folder, so that none of them exists;
 * they end in the function's index and its name: `/app.wasm/12/fib.wat`.
 */
export class CodeListing {
  readonly #parts: ListingParts;
  readonly #firstLines = new Map<DefinedFuncIndex, number>();

  constructor(parts: ListingParts) {
    this.#parts = parts;
  }

  /** One for each function with a body, in order: their ids count those. */
  sources(): readonly SourceFile[] {
    return this.#sources();
  }
  readonly #sources = once(() => {
    const { code } = this.#parts.module;
    return Array.from({ length: code.count }, (_, body) => this.#sourceOf(toDefinedFuncIndex(body)));
  });
  /** Those that were asked for: a large module has a hundred thousand functions. */
  readonly #made = new Map<DefinedFuncIndex, SourceFile>();

  /** The line of the instruction that `offset` lies in; `undefined` outside of all functions. */
  positionAt(offset: ModuleOffset): SourcePosition | undefined {
    const body = findBodyAt(this.#parts.module.code, offset);
    if (body === undefined) return undefined;
    const source = this.#sourceOf(body);
    const { starts, count } = this.#parts.disassembly.outlineOf(body);
    const at = Math.max(0, upperBound(starts.subarray(0, count), offset) - 1);
    return { source, line: this.#firstLineOf(body) + at, column: undefined };
  }

  /**
   * The first place at which the program can be stopped on a line of a listing or behind it; lines in front of the first
   * instruction stand for that. `undefined` behind the last.
   */
  resolveLine(source: SourceFile, line: number): ResolvedLine | undefined {
    const body = toDefinedFuncIndex(source.id);
    const first = this.#firstLineOf(body);
    const { starts, count } = this.#parts.disassembly.outlineOf(body);
    const start = starts[Math.max(0, line - first)];
    if (start === undefined || line - first >= count) return undefined;
    const { offset } = this.points();
    const point = offset[lowerBound(offset, start)];
    if (point === undefined || point >= (this.#parts.module.code.bodyEnds[body] as number)) return undefined;
    const at = upperBound(starts.subarray(0, count), point) - 1;
    return { line: first + at, points: [toModuleOffset(point)] };
  }

  /** Lines from `firstLine` to `lastLine` inclusive that have such an instruction. */
  linesWithCode(source: SourceFile, firstLine: number, lastLine: number): readonly number[] {
    const lines: number[] = [];
    for (let line = Math.max(0, firstLine); line <= lastLine; line++) {
      const resolved = this.resolveLine(source, line);
      if (!resolved || resolved.line > lastLine) break;
      lines.push(resolved.line);
      line = resolved.line;
    }
    return lines;
  }

  /**
   * The listing that a path means: of the function of its index if that still has the name, else of the only function that has;
   * `undefined` where the path is not one of a listing.
   */
  findSource(path: string): SourceFile | undefined {
    const [, index, name] = /[\\/](\d+)[\\/]([^\\/]+)\.wat$/.exec(path) ?? [];
    if (index === undefined || name === undefined) return undefined;
    const isNamed = (source: SourceFile): boolean => /[^\\/]+$/.exec(source.path)?.[0] === `${name}.wat`;
    const body = Number(index) - this.#importedFunctions();
    if (body >= 0 && body < this.#parts.module.code.count) {
      const own = this.#sourceOf(toDefinedFuncIndex(body));
      if (isNamed(own)) return own;
    }
    const named = this.#sources().filter(isNamed);
    return named.length === 1 ? named[0] : undefined;
  }

  /** Where code without lines can be stopped. */
  readonly points = once(() => stoppingPoints(this.#parts.module, this.#parts.mostPoints ?? mostPoints));

  #sourceOf(body: DefinedFuncIndex): SourceFile {
    let source = this.#made.get(body);
    if (!source) {
      source = this.#makeSource(body);
      this.#made.set(body, source);
    }
    return source;
  }

  #makeSource(body: DefinedFuncIndex): SourceFile {
    const index = toFuncIndex(body + this.#importedFunctions());
    const name = once(() => this.#parts.names.functionName(index) ?? `func[${index}]`);
    const modulePath = this.#parts.path;
    return {
      id: body,
      get path() {
        return `${modulePath}/${index}/${fileName(name())}.wat`;
      },
      text: () => this.#textOf(body),
      lineText: (line) => this.#lineText(body, line),
      isListing: true,
    };
  }

  #textOf(body: DefinedFuncIndex): string {
    return listFunction(this.#parts, body, this.#parts.disassembly.outlineOf(body)).lines.join("\n");
  }

  #lineText(body: DefinedFuncIndex, line: number): string | undefined {
    const { disassembly } = this.#parts;
    const { starts, count } = disassembly.outlineOf(body);
    const at = line - this.#firstLineOf(body);
    if (at < 0) return listFunction(this.#parts, body, undefined).lines[line];
    const [row] = at < count ? disassembly.rows(starts[at] as number, 0, 1) : [];
    return row && listRow(row, at === count - 1);
  }

  /** The line of a function's first instruction: what is declared comes before it. */
  #firstLineOf(body: DefinedFuncIndex): number {
    let line = this.#firstLines.get(body);
    if (line === undefined) {
      line = listFunction(this.#parts, body, undefined).lines.length;
      this.#firstLines.set(body, line);
    }
    return line;
  }

  readonly #importedFunctions = once(
    () => this.#parts.module.imports.filter(({ type }) => type.kind === "func").length,
  );
}

/** Characters of a name in a path: those of templates go on for pages. */
const longestName = 80;

/** A function's name as that of a file on every system. */
function fileName(name: string): string {
  const plain = name.replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, "_").slice(0, longestName);
  return plain.replace(/^[._]+$/, "") || "_";
}
