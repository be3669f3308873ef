import type { StopNumber } from "../base/brand.ts";
import type { Target, TargetFrame } from "../target/target.ts";

/**
 * The frames of one stop, fetched from the target in pages and kept: a stack may be thousands deep and most of
 * it is never looked at.
 *
 * Lapses with its stop: methods then reject with the target's `stale-stop` or `not-stopped`.
 */
export class StackPages {
  readonly #target: Target;
  readonly #stop: StopNumber;
  readonly #frames = new Map<number, TargetFrame>();
  #total: number | undefined;

  constructor(target: Target, stop: StopNumber) {
    this.#target = target;
    this.#stop = stop;
  }

  /** Frames on the whole stack. */
  async total(): Promise<number> {
    await this.slice(0, 1);
    return this.#total ?? 0;
  }

  /** Frames `start` ≤ index < `start + count`, as far as there are any. */
  async slice(start: number, count: number): Promise<readonly TargetFrame[]> {
    const end = Math.min(start + count, this.#total ?? Number.POSITIVE_INFINITY);
    let first = start;
    while (first < end && this.#frames.has(first)) first++;
    if (first < end) {
      let last = end;
      while (last > first && this.#frames.has(last - 1)) last--;
      await this.#fetch(first, Math.max(last - first, pageSize));
    }
    const frames: TargetFrame[] = [];
    for (let index = start; index < start + count; index++) {
      const frame = this.#frames.get(index);
      if (!frame) break;
      frames.push(frame);
    }
    return frames;
  }

  /** All frames, innermost first. */
  async all(): Promise<readonly TargetFrame[]> {
    return this.slice(0, Math.max(await this.total(), 1));
  }

  async #fetch(start: number, count: number): Promise<void> {
    const list = await this.#target.frames(this.#stop, start, count);
    this.#total = list.total;
    for (const [index, frame] of list.frames.entries()) this.#frames.set(start + index, frame);
  }
}

/** What clients ask for first is 20 frames. */
const pageSize = 32;
