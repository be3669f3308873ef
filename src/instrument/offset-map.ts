import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { ByteWriter } from "../base/bytes.ts";
import { doubled } from "./doubled.ts";

/** One place of the code section where the instrumented module has something of its own, or where counting begins anew. */
interface MapEntry {
  /** From the map's `start`. Rising. */
  readonly instrumented: number;
  /** What follows the inserted bytes was here. */
  readonly original: number;
  /** How many bytes stand here that the original does not have. */
  readonly inserted: number;
  /** The instruction that they belong to. */
  readonly within: number;
}

/**
 * Where each place of an instrumented module's code was in the original: one entry per function body and per probe.
 *
 * A large program has millions, of which a debugger asks for a few at a stop. So they are written one after another in some
 * two bytes each, as `OffsetMapBuilder` does, and every 32nd can be found. Plain data: it can be posted to another thread.
 */
export interface OffsetMap {
  readonly entries: Uint8Array;
  readonly count: number;
  /** Of every 32nd entry: where it is in `entries`, and what it counts from. */
  readonly marks: {
    readonly at: Uint32Array;
    readonly instrumented: Uint32Array;
    readonly original: Uint32Array;
  };
  /** What instrumented offsets count from. */
  readonly start: number;
  /** Of the first byte behind the last body of the original, in the instrumented module, from `start`: what follows was appended. */
  readonly end: number;
}

/** Entries from one mark to the next. */
const MARKED = 32;

/**
 * The original offset of an offset that the engine reports.
 *
 * Offsets within a probe belong to the instruction it precedes, those within the check of a store to that. `undefined` before the first function body and
 * in appended functions. Between bodies, where their sizes lie, the answer means nothing.
 */
export function originalOffset(map: OffsetMap, reported: number): ModuleOffset | undefined {
  const instrumented = reported - map.start;
  if (instrumented >= map.end) return undefined;
  const entry = entryAt(map, instrumented);
  if (!entry) return undefined;
  const into = instrumented - entry.instrumented - entry.inserted;
  return toModuleOffset(into < 0 ? entry.within : entry.original + into);
}

/** The last entry that begins at or before an offset. */
function entryAt({ entries, count, marks }: OffsetMap, instrumented: number): MapEntry | undefined {
  let low = 0;
  let high = Math.ceil(count / MARKED);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks.instrumented[middle] as number) <= instrumented) low = middle + 1;
    else high = middle;
  }
  const mark = low - 1;
  if (mark < 0) return undefined;
  const reader = new EntryReader(entries, marks.at[mark] as number, {
    instrumented: marks.instrumented[mark] as number,
    original: marks.original[mark] as number,
  });
  let found = reader.next();
  for (let left = Math.min(MARKED, count - mark * MARKED) - 1; left > 0; left--) {
    const next = reader.next();
    if (next.instrumented > instrumented) break;
    found = next;
  }
  return found;
}

/** What is said of an entry besides how far on it is in the original: the two lowest bits of its first number. */
const JUMPS = 1;
const BELONGS_ELSEWHERE = 2;

/** Reads entries as `OffsetMapBuilder` writes them. */
class EntryReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** What the next entry counts from: where it is if nothing lies between. */
  #instrumented: number;
  #original: number;

  constructor(bytes: Uint8Array, at: number, from: { instrumented: number; original: number }) {
    this.#bytes = bytes;
    this.#at = at;
    this.#instrumented = from.instrumented;
    this.#original = from.original;
  }

  next(): MapEntry {
    const head = this.#read();
    const far = signed(Math.floor(head / 4));
    const jump = (head & JUMPS) === 0 ? 0 : signed(this.#read());
    const inserted = this.#read();
    const original = this.#original + far;
    const within = (head & BELONGS_ELSEWHERE) === 0 ? original : original + signed(this.#read());
    const instrumented = this.#instrumented + far + jump;
    this.#instrumented = instrumented + inserted;
    this.#original = original;
    return { instrumented, original, inserted, within };
  }

  #read(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}

/** Every number of both signs as one of those from 0 on, small ones as small ones. */
const unsigned = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** An offset map while code is written. */
export class OffsetMapBuilder {
  #count = 0;
  readonly #writer: ByteWriter;
  #marks: { at: Uint32Array; instrumented: Uint32Array; original: Uint32Array };
  /** Behind the last entry, as the next one counts. */
  #instrumented = 0;
  #original = 0;
  /** Entries of the function at hand, whose place is not known yet: the four numbers of each. */
  #pending = new Uint32Array(256);
  #pendingNumbers = 0;

  /** `expected`: about how many entries there will be. */
  constructor(expected: number) {
    this.#writer = new ByteWriter(expected * 4);
    const marks = Math.ceil(expected / MARKED) + 16;
    this.#marks = {
      at: new Uint32Array(marks),
      instrumented: new Uint32Array(marks),
      original: new Uint32Array(marks),
    };
  }

  /** Adds an entry, of which `instrumented` counts from a place that `settle` says. */
  add(instrumented: number, original: number, inserted: number, within = original): void {
    const at = this.#pendingNumbers;
    if (at + 4 > this.#pending.length) this.#pending = doubled(this.#pending);
    this.#pending[at] = instrumented;
    this.#pending[at + 1] = original;
    this.#pending[at + 2] = inserted;
    this.#pending[at + 3] = within;
    this.#pendingNumbers = at + 4;
  }

  /** The entries since the last time count from here. */
  settle(start: number): void {
    const pending = this.#pending;
    for (let at = 0; at < this.#pendingNumbers; at += 4) {
      this.#write(
        start + (pending[at] as number),
        pending[at + 1] as number,
        pending[at + 2] as number,
        pending[at + 3] as number,
      );
    }
    this.#pendingNumbers = 0;
  }

  /**
   * Writes an entry: how far on it is in the original, which is how far on it is in the instrumented code too unless a
   * second number says how much further; how many bytes were inserted; and what they belong to, where that is elsewhere.
   */
  #write(instrumented: number, original: number, inserted: number, within: number): void {
    if (this.#count % MARKED === 0) this.#mark(instrumented, original);
    this.#count++;
    const far = original - this.#original;
    const jump = instrumented - this.#instrumented - far;
    const flags = (jump === 0 ? 0 : JUMPS) + (within === original ? 0 : BELONGS_ELSEWHERE);
    this.#put(unsigned(far) * 4 + flags);
    if (jump !== 0) this.#put(unsigned(jump));
    this.#put(inserted);
    if (within !== original) this.#put(unsigned(within - original));
    this.#instrumented = instrumented + inserted;
    this.#original = original;
  }

  /** The next entry counts from itself, so that reading can begin with it. */
  #mark(instrumented: number, original: number): void {
    const mark = this.#count / MARKED;
    if (mark === this.#marks.at.length) {
      const { at, instrumented, original } = this.#marks;
      this.#marks = {
        at: doubled(at),
        instrumented: doubled(instrumented),
        original: doubled(original),
      };
    }
    this.#marks.at[mark] = this.#writer.length;
    this.#marks.instrumented[mark] = instrumented;
    this.#marks.original[mark] = original;
    this.#instrumented = instrumented;
    this.#original = original;
  }

  #put(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.#writer.u8((rest % 128) | 0x80);
    this.#writer.u8(rest);
  }

  /** The map, whose code ends at `end`; it is the builder's own memory, which must not be used any more. */
  finish(end: number): OffsetMap {
    const marks = Math.ceil(this.#count / MARKED);
    const { at, instrumented, original } = this.#marks;
    return {
      entries: this.#writer.view(),
      count: this.#count,
      marks: {
        at: at.subarray(0, marks),
        instrumented: instrumented.subarray(0, marks),
        original: original.subarray(0, marks),
      },
      start: 0,
      end,
    };
  }
}
