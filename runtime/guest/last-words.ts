/** Bytes kept: a panic's message with its place, an assertion. */
const mostBytes = 2048;

/** The end of what a guest has written to stderr: programs that give up say why there. */
export class LastWords {
  #bytes = new Uint8Array(0);

  add(bytes: Uint8Array): void {
    const kept = new Uint8Array(Math.min(mostBytes, this.#bytes.length + bytes.length));
    const old = this.#bytes.subarray(Math.max(0, this.#bytes.length + bytes.length - kept.length));
    const fresh = bytes.subarray(Math.max(0, bytes.length - kept.length));
    kept.set(old.subarray(0, kept.length - fresh.length));
    kept.set(fresh, kept.length - fresh.length);
    this.#bytes = kept;
  }

  /** Empty when nothing was written. */
  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}
