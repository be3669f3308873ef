import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { doubled } from "./doubled.ts";

/**
 * Where each place of an instrumented module's code was in the original.
 *
 * One entry per function body and one per probe, rising: `inserted[i]` bytes stand at `instrumented[i]` that
 * the original does not have; they belong to the instruction at `within[i]`, and what follows them was at `original[i]`.
 * Plain data: it can be posted to another thread.
 */
export interface OffsetMap {
  readonly instrumented: Uint32Array;
  readonly original: Uint32Array;
  readonly inserted: Uint32Array | Uint16Array;
  /** The same as `original` where that holds of all entries. */
  readonly within: Uint32Array;
  /** Of the first byte behind the last body of the original, in the instrumented module: what follows was appended. */
  readonly end: number;
}

/**
 * The original offset of an offset that the engine reports.
 *
 * Offsets within a probe belong to the instruction it precedes, those within the check of a store to that. `undefined` before the first function body and
 * in appended functions. Between bodies, where their sizes lie, the answer means nothing.
 */
export function originalOffset(map: OffsetMap, instrumented: number): ModuleOffset | undefined {
  if (instrumented >= map.end) return undefined;
  let low = 0;
  let high = map.instrumented.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((map.instrumented[middle] as number) <= instrumented) low = middle + 1;
    else high = middle;
  }
  const entry = low - 1;
  if (entry < 0) return undefined;
  const into = instrumented - (map.instrumented[entry] as number) - (map.inserted[entry] as number);
  return toModuleOffset(into < 0 ? (map.within[entry] as number) : (map.original[entry] as number) + into);
}

/** An offset map while code is written. */
export class OffsetMapBuilder {
  /** Entries so far. */
  count = 0;
  #instrumented: Uint32Array<ArrayBuffer>;
  #original: Uint32Array<ArrayBuffer>;
  /** Rarely are there so many bytes in one place that it takes wide numbers. */
  #inserted: Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** From the first entry on that differs from `#original`. */
  #within: Uint32Array<ArrayBuffer> | undefined;

  /** `expected`: about how many entries there will be. */
  constructor(expected: number) {
    const capacity = Math.max(expected, 16);
    this.#instrumented = new Uint32Array(capacity);
    this.#original = new Uint32Array(capacity);
    this.#inserted = new Uint16Array(capacity);
  }

  add(instrumented: number, original: number, inserted: number, within = original): void {
    if (this.count === this.#original.length) {
      this.#instrumented = doubled(this.#instrumented);
      this.#original = doubled(this.#original);
      const inserted = this.#inserted instanceof Uint16Array ? Uint16Array : Uint32Array;
      const larger = new inserted(this.#original.length);
      larger.set(this.#inserted);
      this.#inserted = larger;
      this.#within &&= doubled(this.#within);
    }
    if (inserted > 0xffff && this.#inserted instanceof Uint16Array) {
      this.#inserted = Uint32Array.from(this.#inserted);
    }
    const entry = this.count++;
    this.#instrumented[entry] = instrumented;
    this.#original[entry] = original;
    this.#inserted[entry] = inserted;
    if (within !== original) this.#within ??= this.#original.slice();
    if (this.#within) this.#within[entry] = within;
  }

  /** Adds `shift` to the instrumented offsets of the entries from `first` on. */
  move(first: number, shift: number): void {
    for (let entry = first; entry < this.count; entry++) {
      this.#instrumented[entry] = (this.#instrumented[entry] as number) + shift;
    }
  }

  /** The map; it is the builder's own memory, which must not be used any more. */
  finish(end: number): OffsetMap {
    const original = this.#original.subarray(0, this.count);
    return {
      instrumented: this.#instrumented.subarray(0, this.count),
      original,
      inserted: this.#inserted.subarray(0, this.count),
      within: this.#within?.subarray(0, this.count) ?? original,
      end,
    };
  }
}
