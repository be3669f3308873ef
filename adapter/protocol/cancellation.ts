/** What is used here of an `AbortSignal`. */
export interface CancelSignal {
  readonly reason: unknown;
  /** Throws the reason, once it has been given. */
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * Whether the answer to a request is still wanted: an `AbortController` and its signal in one.
 *
 * Every request has one and few are ever given up; the host's own costs more than many an answer.
 */
export class Cancellation implements CancelSignal {
  readonly #listeners: (() => void)[] = [];
  #isAborted = false;
  #reason: unknown;

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Gives it up, the first time it is called; each listener hears of it once. */
  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
