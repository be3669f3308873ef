import { type Awaitable, together, whenKnown } from "../../base/awaitable.ts";

/** Reads `length` bytes at `address`, fewer where memory ends. */
export type ReadBytes = (address: bigint, length: number) => Promise<Uint8Array>;

/** All of `length` bytes at `address`, where they can be had without waiting. */
export type BytesAtHand = (address: bigint, length: number) => Uint8Array | undefined;

/** Bytes of a page; requests are made of whole ones. */
const pageSize = 4096;
/** A gap of so many pages is read along rather than split into two requests. */
const mergedGap = 4;
/** Pages of one request, 1 MiB. */
const maxRun = 256;
/** Pages held, 64 MiB; beyond it the cache starts again. */
const maxPages = 16_384;

/**
 * Memory of a paused guest, read in pages and kept until it is written to.
 *
 * What is kept, or at hand otherwise, is answered at once. Reads of other memory made at about the same time travel together:
 * whoever asks waits a few microtasks for others, then all missing pages are asked for in as few runs as they make. Twenty
 * locals of one frame cost one request at most.
 * Lives as long as the stop it belongs to.
 */
export class PageCache {
  readonly #read: ReadBytes;
  readonly #atHand: BytesAtHand;
  readonly #pages = new Map<number, Awaitable<Uint8Array>>();
  #wanted: Map<number, (page: Promise<Uint8Array>) => void> | undefined;

  constructor(read: ReadBytes, atHand: BytesAtHand = () => undefined) {
    this.#read = read;
    this.#atHand = atHand;
  }

  /** Bytes from `address`, fewer (perhaps none) where memory ends. Rejects as the target does. */
  read(address: bigint, length: number): Awaitable<Uint8Array> {
    if (length <= 0 || address < 0n) return new Uint8Array(0);
    const at = Number(address);
    // No memory reaches where numbers are not exact; what is there to say of it, the target says.
    if (at + length > Number.MAX_SAFE_INTEGER) return this.#read(address, length);
    const first = Math.floor(at / pageSize);
    const start = at % pageSize;
    const end = start + length;
    if (end <= pageSize) {
      const page = this.#page(first);
      return page instanceof Promise
        ? page.then((known) => known.subarray(start, end))
        : page.subarray(start, end);
    }
    const last = first + Math.floor((end - 1) / pageSize);
    if (last - first >= maxRun) return this.#read(address, length);
    const wanted: Awaitable<Uint8Array>[] = [];
    for (let page = first; page <= last; page++) wanted.push(this.#page(page));
    return whenKnown(together(wanted), (pages) => joined(pages, start, length));
  }

  /** Forgets what it knows of these bytes. Called after they were written. */
  forget(address: bigint, length: number): void {
    const first = Number(address / BigInt(pageSize));
    const last = Number((address + BigInt(length)) / BigInt(pageSize));
    for (let page = first; page <= last; page++) this.#pages.delete(page);
  }

  /** Forgets everything. */
  clear(): void {
    this.#pages.clear();
  }

  #page(page: number): Awaitable<Uint8Array> {
    const known = this.#pages.get(page);
    if (known) return known;
    if (this.#pages.size >= maxPages) this.#pages.clear();
    const atHand = this.#atHand(BigInt(page) * BigInt(pageSize), pageSize);
    if (atHand) {
      this.#pages.set(page, atHand);
      return atHand;
    }
    const promise = new Promise<Uint8Array>((resolve) => this.#queue().set(page, resolve));
    this.#pages.set(page, promise);
    promise.then(
      (bytes) => this.#pages.get(page) === promise && this.#pages.set(page, bytes),
      // A failed read is not kept: the next one asks again.
      () => this.#pages.get(page) === promise && this.#pages.delete(page),
    );
    return promise;
  }

  #queue(): Map<number, (page: Promise<Uint8Array>) => void> {
    if (!this.#wanted) {
      this.#wanted = new Map();
      void this.#flushSoon();
    }
    return this.#wanted;
  }

  async #flushSoon(): Promise<void> {
    // Others who were started together reach their reads within a few microtasks of each other.
    for (let turn = 0; turn < 24; turn++) await undefined;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted) for (const run of runsOf([...wanted.keys()])) this.#readRun(run.first, run.last, wanted);
  }

  #readRun(first: number, last: number, wanted: Map<number, (page: Promise<Uint8Array>) => void>): void {
    const bytes = this.#read(BigInt(first) * BigInt(pageSize), (last - first + 1) * pageSize);
    for (let page = first; page <= last; page++) {
      const start = (page - first) * pageSize;
      wanted.get(page)?.(bytes.then((all) => all.subarray(start, start + pageSize)));
    }
  }
}

function runsOf(pages: number[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const page of pages.sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && page - run.last <= mergedGap && page - run.first < maxRun) run.last = page;
    else runs.push({ first: page, last: page });
  }
  return runs;
}

/** `length` bytes from `start` of pages laid end to end, up to the first that is short. */
function joined(pages: readonly Uint8Array[], start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (const [index, page] of pages.entries()) {
    const part = page.subarray(index === 0 ? start : 0, (index === 0 ? start : 0) + length - filled);
    bytes.set(part, filled);
    filled += part.length;
    if (page.length < pageSize) break;
  }
  return bytes.subarray(0, filled);
}
