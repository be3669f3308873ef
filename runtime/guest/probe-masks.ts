import { SiteKind } from "../suspend/messages.ts";

/** Sites in one mask word. */
const bits = 32;

/**
 * Which sites may fire: the bits in the guest's mask globals, kept as the union of what wants them.
 *
 * `apply` writes only words that changed, so arming one breakpoint among 300,000 sites is one call.
 */
export class ProbeMasks {
  readonly siteCount: number;
  readonly #setMask: (word: number, value: number) => void;
  readonly #written: Int32Array;
  readonly #kinds: Uint8Array;
  #always: Int32Array;
  #armed: Int32Array;
  #plan: readonly { readonly first: number; readonly end: number }[] = [];
  #all = false;
  #beyond: readonly [first: number, end: number] | undefined;
  #quiet = false;

  /** Sites of kind 1, those before an `unreachable`, are armed for good. */
  constructor(kinds: Uint8Array, setMask: (word: number, value: number) => void) {
    this.siteCount = kinds.length;
    this.#setMask = setMask;
    const words = Math.ceil(kinds.length / bits);
    this.#written = new Int32Array(words);
    this.#kinds = kinds;
    this.#always = new Int32Array(words);
    this.#armed = new Int32Array(words);
    this.watch([]);
  }

  /** Replaces the set of armed breakpoint sites. */
  arm(sites: readonly number[]): void {
    const armed = new Int32Array(this.#armed.length);
    for (const site of sites) setBit(armed, site);
    this.#armed = armed;
    this.apply();
  }

  /** Lets every site of these kinds fire from now on, besides those that always do. Replaces the kinds before. */
  watch(kinds: readonly number[]): void {
    const wanted = new Set([SiteKind.beforeUnreachable, ...kinds]);
    const always = new Int32Array(this.#written.length);
    this.#kinds.forEach((kind, site) => {
      if (kind !== 0 && wanted.has(kind)) setBit(always, site);
    });
    this.#always = always;
    this.apply();
  }

  isArmed(site: number): boolean {
    return hasBit(this.#armed, site);
  }

  /** Lets the sites of a step plan fire: half-open ranges. Replaces the plan before. */
  plan(ranges: readonly { readonly first: number; readonly end: number }[]): void {
    this.#plan = ranges;
    this.apply();
  }

  /** Lets every site fire, or no longer. */
  all(on: boolean): void {
    this.#all = on;
    this.apply();
  }

  /** Lets every site fire but those from `first` to `end`, until it is taken back. */
  beyond(range: readonly [first: number, end: number] | undefined): void {
    if (range === this.#beyond) return;
    this.#beyond = range;
    this.apply();
  }

  /** Lets no site fire at all, whatever wants it, or no longer. */
  quiet(on: boolean): void {
    this.#quiet = on;
    this.apply();
  }

  apply(): void {
    const wanted = this.#wanted();
    for (let word = 0; word < wanted.length; word++) {
      const value = wanted[word] as number;
      if (value === this.#written[word]) continue;
      this.#written[word] = value;
      this.#setMask(word, value);
    }
  }

  #wanted(): Int32Array {
    if (this.#quiet) return new Int32Array(this.#written.length);
    return this.#all ? new Int32Array(this.#written.length).fill(-1) : this.#union();
  }

  #union(): Int32Array {
    const wanted = this.#always.slice();
    for (let word = 0; word < wanted.length; word++)
      wanted[word] = (wanted[word] as number) | (this.#armed[word] as number);
    for (const { first, end } of this.#plan) setRange(wanted, first, end);
    if (this.#beyond) {
      setRange(wanted, 0, this.#beyond[0]);
      setRange(wanted, this.#beyond[1], this.siteCount);
    }
    return wanted;
  }
}

const setBit = (words: Int32Array, site: number): void => {
  words[site >>> 5] = (words[site >>> 5] as number) | (1 << (site & 31));
};

const hasBit = (words: Int32Array, site: number): boolean =>
  (((words[site >>> 5] ?? 0) >>> (site & 31)) & 1) === 1;

function setRange(words: Int32Array, first: number, end: number): void {
  let site = first;
  for (; site < end && (site & 31) !== 0; site++) setBit(words, site);
  for (; site + bits <= end; site += bits) words[site >>> 5] = -1;
  for (; site < end; site++) setBit(words, site);
}
