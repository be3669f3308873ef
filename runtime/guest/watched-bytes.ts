import type { GuestChange, GuestWatch } from "../suspend/messages.ts";

/** Bytes told of a change to something larger. */
const mostToldBytes = 4096;

/**
 * One watched range: what is there, and what was there when last looked.
 *
 * `from` and `to` (exclusive) count from where the range begins.
 */
export class WatchedBytes {
  readonly start: number;
  readonly end: number;
  readonly #memory: WebAssembly.Memory;
  readonly #mask: Uint8Array | undefined;
  readonly #before: Uint8Array;
  #view = new Uint8Array(0);

  constructor(memory: WebAssembly.Memory, { address, length, mask }: GuestWatch) {
    this.#memory = memory;
    this.start = address;
    this.end = address + length;
    this.#mask = mask === undefined ? undefined : Uint8Array.from(Buffer.from(mask, "hex"));
    this.#before = this.#now().slice();
  }

  /** Whether a bit that counts has changed since. What has changed besides is forgotten. */
  hasChanged(from: number, to: number): boolean {
    const now = this.#now();
    const before = this.#before;
    const mask = this.#mask;
    if (mask === undefined) return Buffer.compare(now.subarray(from, to), before.subarray(from, to)) !== 0;
    let changed = false;
    for (let at = from; at < to; at++) {
      const counts = mask[at] as number;
      if ((((now[at] as number) ^ (before[at] as number)) & counts) !== 0) changed = true;
    }
    return changed;
  }

  /** What there was and is, of all bytes or (of a large range) of those from `from` on. */
  change(breakpoint: number, from: number): GuestChange {
    const offset = this.end - this.start <= mostToldBytes ? 0 : from;
    const told = (bytes: Uint8Array) =>
      Buffer.from(bytes.slice(offset, offset + mostToldBytes)).toString("hex");
    return { breakpoint, offset, before: told(this.#before), after: told(this.#now()) };
  }

  /** What is there now is what was there. */
  update(from = 0, to = this.end - this.start): void {
    this.#before.set(this.#now().subarray(from, to), from);
  }

  #now(): Uint8Array {
    // A memory that has grown has another buffer.
    if (this.#view.buffer !== this.#memory.buffer || this.#view.length === 0) {
      this.#view = new Uint8Array(this.#memory.buffer, this.start, this.end - this.start);
    }
    return this.#view;
  }
}
