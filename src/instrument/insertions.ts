import { doubled } from "./doubled.ts";

/** In place of a branch where there is none. */
export const NO_BRANCH = 0xffff_ffff;

/**
 * What has been put into function bodies, in order, as columns: one row a probe, check or call, each with one branch that is
 * not expected to be taken, or with `NO_BRANCH`.
 */
export class Insertions {
  /** Rows so far. */
  count = 0;
  /** `FuncIndex`. Rising. */
  function: Uint32Array;
  /** Where its branch is, in bytes from the start of the function's body. */
  branch: Uint32Array;
  /** `ModuleOffset` of the instruction it belongs to, in the original. Rising within a function. This and what follows is kept only where asked for. */
  offset: Uint32Array;
  /** Bytes that it and those before it in its function put in front of the instruction. */
  insertedAt: Uint32Array;
  /** Bytes that it and those before it in its function put in front of what follows the instruction. */
  insertedUpTo: Uint32Array;
  readonly #hasPlaces: boolean;

  /** `expected`: about how many rows there will be. `hasPlaces`: whether the module says something about places in its code. */
  constructor(expected: number, hasPlaces: boolean) {
    const capacity = Math.max(expected, 64);
    this.#hasPlaces = hasPlaces;
    this.function = new Uint32Array(capacity);
    this.branch = new Uint32Array(capacity);
    const places = hasPlaces ? capacity : 0;
    this.offset = new Uint32Array(places);
    this.insertedAt = new Uint32Array(places);
    this.insertedUpTo = new Uint32Array(places);
  }

  add(func: number, offset: number, branch: number, insertedAt: number, insertedUpTo: number): void {
    if (this.count === this.function.length) this.#grow();
    const row = this.count++;
    this.function[row] = func;
    this.branch[row] = branch;
    if (!this.#hasPlaces) return;
    this.offset[row] = offset;
    this.insertedAt[row] = insertedAt;
    this.insertedUpTo[row] = insertedUpTo;
  }

  /** Forgets the rows from `count` on. */
  truncate(count: number): void {
    this.count = count;
  }

  /** Sets how many bytes the last row and those before it put in front of its instruction, and of what follows that. */
  moveLast(inserted: number): void {
    if (!this.#hasPlaces) return;
    this.insertedAt[this.count - 1] = inserted;
    this.insertedUpTo[this.count - 1] = inserted;
  }

  #grow(): void {
    this.function = doubled(this.function);
    this.branch = doubled(this.branch);
    this.offset = doubled(this.offset);
    this.insertedAt = doubled(this.insertedAt);
    this.insertedUpTo = doubled(this.insertedUpTo);
  }
}
