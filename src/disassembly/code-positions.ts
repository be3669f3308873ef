import { upperBound } from "../base/binary-search.ts";
import { type DefinedFuncIndex, type ModuleOffset, toDefinedFuncIndex } from "../base/brand.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type FunctionOutline, outlineFunction } from "./function-outline.ts";

/** A place in the listing of a module's code. */
export type CodePosition =
  | { readonly kind: "instruction"; readonly outline: FunctionOutline; readonly at: number }
  /** A byte that belongs to no code: before the first function or behind the last. May be negative. */
  | { readonly kind: "outside"; readonly offset: number };

/**
 * All instructions of a module one after the other, function by function in the order of the file, as one line
 * without ends: before the first function and behind the last one each byte is a place of its own. What lies between
 * functions (sizes, declarations of locals) is not on it.
 *
 * Functions are walked when they are come to and some of them kept.
 */
export class CodePositions {
  readonly #module: WasmModule;
  readonly #outlines = new Map<DefinedFuncIndex, FunctionOutline>();
  #kept = 0;

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /**
   * The instruction that `offset` lies in, or, between functions and in front of a function's first instruction, the
   * next one, which is where engines stop.
   */
  at(offset: number): CodePosition {
    const { code } = this.#module;
    const [first] = code.bodyStarts;
    const end = code.bodyEnds[code.count - 1];
    if (first === undefined || end === undefined || offset < first || offset >= end)
      return { kind: "outside", offset };
    const outline = this.outlineOf(toDefinedFuncIndex(upperBound(code.bodyEnds, offset)));
    return { kind: "instruction", outline, at: Math.max(0, upperBound(starts(outline), offset) - 1) };
  }

  /** The place `by` places further on, or back. */
  move(from: CodePosition, by: number): CodePosition {
    if (from.kind === "outside") return this.#moveOutside(from.offset, by);
    const { code } = this.#module;
    let { outline } = from;
    let at = from.at + by;
    while (at < 0) {
      if (outline.body === 0) return { kind: "outside", offset: (code.bodyStarts[0] as number) + at };
      outline = this.outlineOf(toDefinedFuncIndex(outline.body - 1));
      at += outline.count;
    }
    while (at >= outline.count) {
      at -= outline.count;
      if (outline.body === code.count - 1)
        return { kind: "outside", offset: (code.bodyEnds[outline.body] as number) + at };
      outline = this.outlineOf(toDefinedFuncIndex(outline.body + 1));
    }
    return { kind: "instruction", outline, at };
  }

  /** The instruction that begins at exactly `offset`. */
  exactly(offset: ModuleOffset): Extract<CodePosition, { kind: "instruction" }> | undefined {
    const found = this.at(offset);
    return found.kind === "instruction" && found.outline.starts[found.at] === offset ? found : undefined;
  }

  /** The outline of one function; there must be one of that index. */
  outlineOf(body: DefinedFuncIndex): FunctionOutline {
    let outline = this.#outlines.get(body);
    if (!outline) {
      outline = outlineFunction(this.#module, body);
      if (this.#kept > mostKept) {
        this.#outlines.clear();
        this.#kept = 0;
      }
      this.#kept += outline.count;
      this.#outlines.set(body, outline);
    }
    return outline;
  }

  #moveOutside(offset: number, by: number): CodePosition {
    const { code } = this.#module;
    const to = offset + by;
    const [first] = code.bodyStarts;
    const end = code.bodyEnds[code.count - 1];
    if (first === undefined || end === undefined) return { kind: "outside", offset: to };
    if (offset < first) {
      if (to < first) return { kind: "outside", offset: to };
      return this.move(
        { kind: "instruction", outline: this.outlineOf(toDefinedFuncIndex(0)), at: 0 },
        to - first,
      );
    }
    if (to >= end) return { kind: "outside", offset: to };
    const last = this.outlineOf(toDefinedFuncIndex(code.count - 1));
    return this.move({ kind: "instruction", outline: last, at: last.count - 1 }, to - end + 1);
  }
}

/** Instructions of which outlines are kept: some tens of megabytes. */
const mostKept = 2_000_000;

const starts = ({ starts, count }: FunctionOutline): Uint32Array => starts.subarray(0, count);
