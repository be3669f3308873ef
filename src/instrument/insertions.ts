import { doubled } from "./site-columns.ts";

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
  function: Uint32Array = new Uint32Array(64);
  /** `ModuleOffset` of the instruction it belongs to, in the original. Rising within a function. */
  offset: Uint32Array = new Uint32Array(64);
  /** Where its branch is, in bytes from the start of the function's body. */
  branch: Uint32Array = new Uint32Array(64);
  /** Bytes that it and those before it in its function put in front of the instruction. */
  insertedAt: Uint32Array = new Uint32Array(64);
  /** Bytes that it and those before it in its function put in front of what follows the instruction. */
  insertedUpTo: Uint32Array = new Uint32Array(64);

  add(func: number, offset: number, branch: number, insertedAt: number, insertedUpTo: number): void {
    if (this.count === this.offset.length) this.#grow();
    const row = this.count++;
    this.function[row] = func;
    this.offset[row] = offset;
    this.branch[row] = branch;
    this.insertedAt[row] = insertedAt;
    this.insertedUpTo[row] = insertedUpTo;
  }

  #grow(): void {
    this.function = doubled(this.function);
    this.offset = doubled(this.offset);
    this.branch = doubled(this.branch);
    this.insertedAt = doubled(this.insertedAt);
    this.insertedUpTo = doubled(this.insertedUpTo);
  }
}
