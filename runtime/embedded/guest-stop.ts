import type { Abort } from "../../src/base/abort.ts";
import { type Awaitable, whenKnown } from "../../src/base/awaitable.ts";
import { type FuncIndex, type MemoryAddress, toFuncIndex } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type {
  CallOutcome,
  FrameList,
  GuestCall,
  RawValue,
  TargetFrame,
  WasmValue,
} from "../../src/target/target.ts";
import type { EncodedFrame, EncodedValue } from "../suspend/messages.ts";
import { callQuestion, decodeOutcome } from "./calls.ts";
import type { Answered, Debuggee } from "./debuggee.ts";
import { FrameValues, type StopPlace } from "./frame-values.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";
import { readInChunks } from "./read-in-chunks.ts";
import type { StopCache } from "./stop-cache.ts";
import { decodeRaw, encodeWasm } from "./wasm-values.ts";

/** Asks the debuggee. @throws {TargetError} once the guest stands at this stop no more. */
export type AskAtStop = Debuggee["ask"];

/**
 * What can be read of a guest that stands, changed in it and called: what came with the stop is known, the rest is asked for.
 *
 * Belongs to one stop. Questions and answers are in the instrumented module's terms, what leaves here is in the
 * original's.
 */
export class GuestStop {
  readonly #guest: InstrumentedGuest;
  readonly #ask: AskAtStop;
  readonly #place: StopPlace;
  #cache: StopCache;
  #frameValues: FrameValues | undefined;

  constructor(guest: InstrumentedGuest, ask: AskAtStop, place: StopPlace, cache: StopCache) {
    this.#guest = guest;
    this.#ask = ask;
    this.#place = place;
    this.#cache = cache;
  }

  frames(start: number, count: number): Awaitable<FrameList> {
    const known: Awaitable<Pick<Answered, "frames" | "total">> =
      this.#cache.frames(start, count) ?? this.#ask({ q: "frames", start, count });
    return whenKnown(known, ({ frames = [], total = frames.length }) => ({
      frames: frames.map((frame) => this.#frame(frame)),
      total,
    }));
  }

  #frame(frame: EncodedFrame): TargetFrame {
    if ("n" in frame)
      return {
        kind: "host",
        name: frame.n,
        ...(frame.p === undefined ? {} : { path: frame.p }),
        ...(frame.l === undefined ? {} : { line: frame.l }),
      };
    return {
      kind: "wasm",
      function: toFuncIndex(frame.f),
      offset: this.#guest.originalOffset(frame.o),
      depth: frame.d,
    };
  }

  /** Locals and operands of frames, and what a call has returned. */
  get values(): FrameValues {
    this.#frameValues ??= new FrameValues(
      this.#guest,
      {
        frames: (start, end) => whenKnown(this.frames(start, end - start), ({ frames }) => frames),
        globals: (names) => this.#readGlobals(names),
        setGlobal: (name, value) => this.#setGlobal(name, value),
        readMemory: async (name, address, length) =>
          (await this.#ask({ q: "read-memory", name, address: String(address), length })).body,
        writeMemory: async (name, address, bytes) => {
          await this.#ask({ q: "write-memory", name, address: String(address) }, bytes);
        },
      },
      this.#place,
    );
    return this.#frameValues;
  }

  globals(): Awaitable<readonly RawValue[]> {
    const { globals } = this.#guest;
    const read = this.#readGlobals(globals.map(({ name }) => name));
    return whenKnown(read, (values) => globals.map(({ type }, i) => decodeRaw(type, values.slice(i, i + 1))));
  }

  async writeGlobal(global: number, value: WasmValue): Promise<void> {
    const known = this.#guest.globals[global];
    const [encoded] = encodeWasm(value);
    if (known === undefined || encoded === undefined)
      throw new TargetError("unsupported", `No global ${global} to write.`);
    await this.#setGlobal(known.name, encoded);
  }

  #readGlobals(names: readonly string[]): Awaitable<readonly EncodedValue[]> {
    return this.#cache.values(names) ?? this.#ask({ q: "globals", names }).then(({ values }) => values ?? []);
  }

  async #setGlobal(name: string, value: EncodedValue): Promise<void> {
    this.#cache.forget(name);
    await this.#ask({ q: "set-global", name, value });
  }

  async readMemory(
    memory: number,
    address: MemoryAddress,
    length: number,
    signal?: Abort,
  ): Promise<Uint8Array> {
    const name = this.#memory(memory);
    const known = memory === 0 ? this.memoryAtHand(address, length) : undefined;
    if (known) return known.slice();
    const readFrom = async (from: number, count: number) => {
      const at = String(address + BigInt(from));
      return (await this.#ask({ q: "read-memory", name, address: at, length: count })).body;
    };
    return readInChunks(length, readFrom, signal);
  }

  /** Bytes of memory 0, not to be written to, where all of them are known. */
  memoryAtHand(address: MemoryAddress, length: number): Uint8Array | undefined {
    return this.#cache.memory(address, length);
  }

  async writeMemory(memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    if (memory === 0) this.#cache.forgetMemory();
    await this.#ask({ q: "write-memory", name: this.#memory(memory), address: String(address) }, bytes);
  }

  async memorySizes(): Promise<readonly bigint[]> {
    const { sizes = [] } = await this.#ask({ q: "memory-sizes", names: this.#guest.memories });
    return sizes.map(BigInt);
  }

  async nonZeroPages(memory: number): Promise<Uint8Array> {
    return (await this.#ask({ q: "non-zero-pages", name: this.#memory(memory) })).body;
  }

  /** What had been read of the guest does not count any more after it; where it stands does. */
  async call(call: GuestCall): Promise<CallOutcome> {
    try {
      const { called } = await this.#ask(callQuestion(this.#guest, call));
      return decodeOutcome(called, call);
    } finally {
      this.#cache = this.#cache.framesOnly();
    }
  }

  tableEntry(table: number, index: number): Awaitable<FuncIndex | undefined> {
    const name = this.#guest.tables[table];
    if (name === undefined) return undefined;
    const known = this.#cache.tableEntry(name, index);
    const entry: Awaitable<Pick<Answered, "function">> =
      known === undefined ? this.#ask({ q: "read-table", name, index }) : { function: known };
    return whenKnown(entry, ({ function: func = -1 }) => (func < 0 ? undefined : toFuncIndex(func)));
  }

  #memory(memory: number): string {
    const { memories } = this.#guest;
    const name = memories[memory];
    if (name === undefined)
      throw new TargetError(
        "bad-address",
        `The module has ${memories.length} memories; there is no memory ${memory}.`,
      );
    return name;
  }
}
