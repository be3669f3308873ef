import { lowerBound } from "../base/binary-search.ts";
import { NarrowColumn } from "../base/narrow-column.ts";
import { doubled } from "./doubled.ts";

/** In place of a branch where there is none. */
export const NO_BRANCH = -1;

/** Rows `from` ≤ row < `to` are about one function. */
export interface FunctionRows {
  /** `FuncIndex`. */
  readonly function: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What has been put into function bodies, in order, as columns: one row a probe, check or call, each with one branch that is
 * not expected to be taken, or with `NO_BRANCH`.
 */
export class Insertions {
  /** Rows so far. */
  count = 0;
  /** `ModuleOffset` of the instruction it belongs to, in the original. Rising within a function. This and what follows is kept only where asked for. */
  offset: Uint32Array;
  /** Bytes that it and those before it in its function put in front of the instruction. */
  insertedAt: Uint32Array;
  /** Bytes that it and those before it in its function put in front of what follows the instruction. */
  insertedUpTo: Uint32Array;
  /** Functions that have rows, rising, and the first row of each. */
  #functions = new Uint32Array(64);
  #firstRows = new Uint32Array(64);
  #functionCount = 0;
  /** One more than where its branch is; 0 where there is none. */
  readonly #branches: NarrowColumn;
  readonly #hasPlaces: boolean;

  /** `expected`: about how many rows there will be. `hasPlaces`: whether the module says something about places in its code. */
  constructor(expected: number, hasPlaces: boolean) {
    const capacity = Math.max(expected, 64);
    this.#hasPlaces = hasPlaces;
    this.#branches = new NarrowColumn(capacity);
    const places = hasPlaces ? capacity : 0;
    this.offset = new Uint32Array(places);
    this.insertedAt = new Uint32Array(places);
    this.insertedUpTo = new Uint32Array(places);
  }

  add(func: number, offset: number, branch: number, insertedAt: number, insertedUpTo: number): void {
    const row = this.count++;
    if (this.#functionCount === 0 || this.#functions[this.#functionCount - 1] !== func) {
      this.#addFunction(func, row);
    }
    this.#branches.set(row, branch + 1);
    if (!this.#hasPlaces) return;
    if (row === this.offset.length) this.#growPlaces();
    this.offset[row] = offset;
    this.insertedAt[row] = insertedAt;
    this.insertedUpTo[row] = insertedUpTo;
  }

  /** Where the branch of a row is, in bytes from the start of the function's body. */
  branchOf(row: number): number {
    return this.#branches.get(row) - 1;
  }

  /** Functions that have rows, rising. */
  *byFunction(): Generator<FunctionRows, void, undefined> {
    for (let at = 0; at < this.#functionCount; at++) yield this.#rowsAt(at);
  }

  /** The rows of a function; none where it has none. */
  rowsOf(func: number): FunctionRows {
    const functions = this.#functions.subarray(0, this.#functionCount);
    const at = lowerBound(functions, func);
    return functions[at] === func ? this.#rowsAt(at) : { function: func, from: 0, to: 0 };
  }

  #rowsAt(at: number): FunctionRows {
    return {
      function: this.#functions[at] as number,
      from: this.#firstRows[at] as number,
      to: at + 1 < this.#functionCount ? (this.#firstRows[at + 1] as number) : this.count,
    };
  }

  /** Forgets the rows from `count` on; of the function at hand one must be left. */
  truncate(count: number): void {
    this.count = count;
  }

  /** Sets how many bytes the last row and those before it put in front of its instruction, and of what follows that. */
  moveLast(inserted: number): void {
    if (!this.#hasPlaces) return;
    this.insertedAt[this.count - 1] = inserted;
    this.insertedUpTo[this.count - 1] = inserted;
  }

  #addFunction(func: number, row: number): void {
    if (this.#functionCount === this.#functions.length) {
      this.#functions = doubled(this.#functions);
      this.#firstRows = doubled(this.#firstRows);
    }
    this.#functions[this.#functionCount] = func;
    this.#firstRows[this.#functionCount++] = row;
  }

  #growPlaces(): void {
    this.offset = doubled(this.offset);
    this.insertedAt = doubled(this.insertedAt);
    this.insertedUpTo = doubled(this.insertedUpTo);
  }
}
