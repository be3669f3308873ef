import type { EncodedFrame, EncodedValue, StopSnapshot } from "../suspend/messages.ts";

/** What is known of one stop without asking: what came with it. Values that are written are forgotten. */
export class StopCache {
  readonly #frames: readonly EncodedFrame[] | undefined;
  readonly #values = new Map<string, EncodedValue>();

  /** `names` are those of the snapshot's values, in order. */
  constructor(snapshot?: StopSnapshot, names: readonly string[] = []) {
    this.#frames = snapshot?.frames;
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

  forget(name: string): void {
    this.#values.delete(name);
  }
}
