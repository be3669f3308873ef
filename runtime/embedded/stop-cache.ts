import type { EncodedFrame, EncodedValue, StopSnapshot } from "../suspend/messages.ts";

/** What is known of one stop without asking: what came with it. Values and memory that are written are forgotten. */
export class StopCache {
  readonly #frames: readonly EncodedFrame[] | undefined;
  readonly #values = new Map<string, EncodedValue>();
  #stack: { readonly address: bigint; readonly bytes: Uint8Array } | undefined;

  /** `names` are those of the snapshot's values, in order; `bytes` of memory 0 came with it. */
  constructor(snapshot?: StopSnapshot, names: readonly string[] = [], bytes: Uint8Array = new Uint8Array(0)) {
    this.#frames = snapshot?.frames;
    if (snapshot?.stackAddress !== undefined) this.#stack = { address: BigInt(snapshot.stackAddress), bytes };
    snapshot?.values.forEach((value, i) => {
      this.#values.set(names[i] ?? "", value);
    });
  }

  /** A page of the whole stack, if that is known. */
  frames(
    start: number,
    count: number,
  ): { readonly frames: readonly EncodedFrame[]; readonly total: number } | undefined {
    const frames = this.#frames;
    return frames && { frames: frames.slice(start, start + count), total: frames.length };
  }

  /** Values of all these globals, if they are known. */
  values(names: readonly string[]): readonly EncodedValue[] | undefined {
    const values: EncodedValue[] = [];
    for (const name of names) {
      const value = this.#values.get(name);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  /** Bytes of memory 0, a copy, if all of them are known. */
  memory(address: bigint, length: number): Uint8Array | undefined {
    if (this.#stack === undefined || address < this.#stack.address) return undefined;
    const from = Number(address - this.#stack.address);
    return from + length <= this.#stack.bytes.length
      ? this.#stack.bytes.slice(from, from + length)
      : undefined;
  }

  /** What still holds after a function was called: where the guest stands. */
  framesOnly(): StopCache {
    return new StopCache(this.#frames && { frames: this.#frames, values: [] });
  }

  forget(name: string): void {
    this.#values.delete(name);
  }

  forgetMemory(): void {
    this.#stack = undefined;
  }
}
