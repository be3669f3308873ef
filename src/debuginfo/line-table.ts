import { upperBound } from "../base/binary-search.ts";
import { type LineKey, type ModuleOffset, toLineKey } from "../base/brand.ts";
import type { SourceFile } from "./debug-info.ts";

/** Bits of `LineTable.flags`. */
export const RowFlag = { isStmt: 1, prologueEnd: 2 } as const;

/**
 * Which line each piece of a module's code belongs to, whatever told it, in flat columns: one entry per row.
 *
 * A row holds from its offset up to the next row's. Of rows at one offset the last one holds; the others stand for
 * lines without code.
 */
export interface LineTable {
  readonly sources: readonly SourceFile[];
  /** ModuleOffset, rising; several rows may share one. */
  readonly offset: Uint32Array;
  /** LineKey; 0 where there is no line. */
  readonly line: Uint32Array;
  /** 0-based column + 1; 0 where it is not known. */
  readonly column: Uint32Array | Uint16Array;
  readonly flags: Uint8Array;
  /** LineKey that a step sees, where it is not always `line`: inlined code may count to the line around it. */
  readonly stepLine?: Uint32Array;
  readonly keys: LineKeys;
}

/**
 * The numbering of lines: those of source 0 first, beginning with 1, then those of source 1, and so on.
 *
 * Files that claim more than 2³² lines altogether share numbers; such a table is nonsense already.
 */
export class LineKeys {
  /** By source: the key of its line 0. */
  readonly #first: Uint32Array;
  readonly #end: number;

  /** `highestLine[source]`: its last line that has a row, 0-based. */
  constructor(highestLine: Iterable<number>) {
    let next = 1;
    const firsts: number[] = [];
    for (const highest of highestLine) {
      firsts.push(next);
      next += highest + 1;
    }
    this.#first = Uint32Array.from(firsts);
    this.#end = next;
  }

  /** `line` is 0-based and at most the source's highest. */
  keyOf(source: number, line: number): LineKey {
    return toLineKey(((this.#first[source] ?? 0) + line) >>> 0);
  }

  /** Keys `from` ≤ key < `to` are those of `source`. */
  rangeOf(source: number): { readonly from: number; readonly to: number } {
    return { from: this.#first[source] ?? 0, to: this.endOf(source) };
  }

  /** The first key behind those of `source`. */
  endOf(source: number): number {
    return this.#first[source + 1] ?? this.#end;
  }

  /** As `keyOf`, for any line: one beyond the source's highest has a key that no row has, and no position. */
  keyOfAny(source: number, line: number): LineKey {
    const { from, to } = this.rangeOf(source);
    if (source < this.#first.length && from + line < to) return toLineKey(from + line);
    const name = `${source} ${line}`;
    let key = this.#beyond.get(name);
    if (key === undefined) {
      key = toLineKey(this.#end + this.#beyond.size);
      this.#beyond.set(name, key);
    }
    return key;
  }
  readonly #beyond = new Map<string, LineKey>();

  /** Source of a key that `keyOf` gave. */
  sourceOf(key: LineKey): number {
    return upperBound(this.#first, key) - 1;
  }

  /** Source and 0-based line of a key that `keyOf` gave. */
  positionOf(key: LineKey): { readonly source: number; readonly line: number } {
    const source = this.sourceOf(key);
    return { source, line: key - (this.#first[source] ?? 0) };
  }
}

/** Of a module about whose lines nothing is known. */
export const emptyLineTable: LineTable = {
  sources: [],
  offset: new Uint32Array(0),
  line: new Uint32Array(0),
  column: new Uint32Array(0),
  flags: new Uint8Array(0),
  keys: new LineKeys([]),
};

/** The row that holds at `offset`, or −1 before the first. */
export function rowAt(table: LineTable, offset: ModuleOffset): number {
  return upperBound(table.offset, offset) - 1;
}
