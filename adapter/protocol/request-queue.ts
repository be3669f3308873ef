interface Waiting {
  readonly seq: number;
  readonly work: () => Promise<void>;
  readonly drop: () => void;
}

/**
 * Requests in the order they came, one at a time.
 *
 * A client may send several without waiting; breakpoints sent while a launch is under way, say,
 * simply wait for it, and `configurationDone` after them finds them set.
 */
export class RequestQueue {
  readonly #waiting: Waiting[] = [];
  #busy = false;

  /** `work` must not reject. `drop` is called instead of it if the request is cancelled. */
  add(seq: number, work: () => Promise<void>, drop: () => void): void {
    this.#waiting.push({ seq, work, drop });
    if (!this.#busy) void this.#run();
  }

  /** Drops a request that has not been begun. Whether there was one. */
  cancel(seq: number): boolean {
    const index = this.#waiting.findIndex((one) => one.seq === seq);
    const [found] = index < 0 ? [] : this.#waiting.splice(index, 1);
    found?.drop();
    return found !== undefined;
  }

  /** Drops every request that has not been begun. */
  dropAll(): void {
    for (const { drop } of this.#waiting.splice(0)) drop();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await next.work();
    this.#busy = false;
  }
}
