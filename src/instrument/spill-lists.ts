import { doubled } from "./doubled.ts";

/** Lists that were met lately, by a hash of what is in them. */
const remembered = 1 << 12;

/**
 * The lists of what sites spill, one behind the other. Neighbours mostly spill the same, and there are hundreds of thousands of
 * them: a list that is there already is not kept again.
 */
export class SpillLists {
  #locals: Uint32Array<ArrayBuffer> = new Uint32Array(256);
  #places: Uint32Array<ArrayBuffer> = new Uint32Array(256);
  #end = 0;
  /** Where the list at hand begins. */
  #start = 0;
  /** By hash: where a list begins, plus one. */
  readonly #known = new Uint32Array(remembered);

  /** Entries of the list at hand. */
  get listed(): number {
    return this.#end - this.#start;
  }

  /** Adds to the list at hand. */
  add(local: number, place: number): void {
    if (this.#end === this.#locals.length) {
      this.#locals = doubled(this.#locals);
      this.#places = doubled(this.#places);
    }
    this.#locals[this.#end] = local;
    this.#places[this.#end++] = place;
  }

  /** Ends the list at hand; answers where it begins. */
  endList(): number {
    const start = this.#start;
    const hash = this.#hash();
    const known = (this.#known[hash] as number) - 1;
    if (known >= 0 && this.#isAt(known)) {
      this.#end = start;
      return known;
    }
    this.#known[hash] = start + 1;
    this.#start = this.#end;
    return start;
  }

  /** All lists, in the memory of this, which must not be added to any more. */
  lists(): { readonly locals: Uint32Array; readonly places: Uint32Array } {
    return { locals: this.#locals.subarray(0, this.#end), places: this.#places.subarray(0, this.#end) };
  }

  #hash(): number {
    let hash = 0;
    for (let at = this.#start; at < this.#end; at++) {
      hash = Math.imul(hash ^ (this.#locals[at] as number), 0x9e37_79b1);
      hash = Math.imul(hash ^ (this.#places[at] as number), 0x85eb_ca6b) ^ (hash >>> 15);
    }
    return (hash ^ (hash >>> 12)) & (remembered - 1);
  }

  /** Whether what is in the list at hand is there as well, in front of it. */
  #isAt(start: number): boolean {
    const count = this.#end - this.#start;
    if (start + count > this.#start) return false;
    for (let at = 0; at < count; at++) {
      if (this.#locals[start + at] !== this.#locals[this.#start + at]) return false;
      if (this.#places[start + at] !== this.#places[this.#start + at]) return false;
    }
    return true;
  }
}
