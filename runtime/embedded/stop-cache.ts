import type { EncodedFrame, EncodedTableEntry, EncodedValue, StopSnapshot } from "../suspend/messages.ts";

/** What is known of one stop without asking: what came with it. Values and memory that are written are forgotten. */
export class StopCache {
  readonly #frames: readonly EncodedFrame[] | undefined;
  readonly #values = new Map<string, EncodedValue>();
  readonly #tables: readonly EncodedTableEntry[];
  #memory: readonly { readonly address: bigint; readonly bytes: Uint8Array }[];

  /** `names` are those of the snapshot's values, in order; `bytes` are those of its memory. */
  constructor(snapshot?: StopSnapshot, names: readonly string[] = [], bytes: Uint8Array = new Uint8Array(0)) {
    this.#frames = snapshot?.frames;
    this.#tables = snapshot?.tables ?? [];
    let end = 0;
    this.#memory = (snapshot?.memory ?? []).map(({ address, length }) => {
      end += length;
      return { address: BigInt(address), bytes: bytes.subarray(end - length, end) };
    });
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

  /** Bytes of memory 0, not to be written to, if all of them are known. */
  memory(address: bigint, length: number): Uint8Array | undefined {
    for (const range of this.#memory) {
      const from = Number(address - range.address);
      if (from >= 0 && from + length <= range.bytes.length) return range.bytes.subarray(from, from + length);
    }
    return undefined;
  }

  /** What a table entry holds, a function index or −1, if it is known. */
  tableEntry(name: string, index: number): number | undefined {
    return this.#tables.find((entry) => entry.index === index && entry.name === name)?.function;
  }

  /** What still holds after a function was called: where the guest stands. */
  framesOnly(): StopCache {
    return new StopCache(this.#frames && { frames: this.#frames, values: [] });
  }

  forget(name: string): void {
    this.#values.delete(name);
  }

  forgetMemory(): void {
    this.#memory = [];
  }
}
