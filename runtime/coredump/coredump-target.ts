import {
  type FuncIndex,
  type MemoryAddress,
  type ModuleOffset,
  type StopNumber,
  toFuncIndex,
} from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import { type Coredump, type CoredumpFrame, missingValue, noIndex } from "../../src/coredump/coredump.ts";
import type { MemoryImage } from "../../src/coredump/memory-image.ts";
import type { ModuleCode } from "../../src/coredump/module-code.ts";
import type { PlacedFrame } from "../../src/coredump/place-frames.ts";
import type {
  FrameList,
  Halt,
  PlacedLocation,
  RawValue,
  Target,
  TargetFrame,
  TargetModule,
} from "../../src/target/target.ts";

/** One instance in one thread of a coredump: what a `CoredumpTarget` shows. */
export interface CoredumpView {
  readonly dump: Coredump;
  /** In the dump's threads. */
  readonly thread: number;
  /** In the dump's instances. */
  readonly instance: number;
  readonly module: TargetModule;
  readonly code: ModuleCode;
  /** Where the thread's frames stand in their own modules, index by index. */
  readonly placed: readonly (PlacedFrame | undefined)[];
  /** What the frames of other instances are called: their function and module. */
  readonly nameOf: (frame: CoredumpFrame) => string;
  /** Tells this view from others of the dump. */
  readonly stop: StopNumber;
}

/** A frame of the thread as it is shown, and the dump's own that it comes from. */
interface ShownFrame {
  readonly shown: TargetFrame;
  /** In the thread's frames; `undefined` for a frame of the host. */
  readonly source: number | undefined;
}

/**
 * The engine that runs nothing: one thread of a coredump as one of its instances sees it.
 *
 * Frames of other instances are frames of the host to this one. Paused for ever at its one stop; what would change or
 * run the guest is refused with `unsupported`. A memory that the dump has no byte of answers with none.
 */
export class CoredumpTarget implements Target {
  readonly module: TargetModule;
  readonly #view: CoredumpView;
  readonly #frames: readonly ShownFrame[];
  readonly #memories: readonly (MemoryImage | undefined)[];
  readonly #globals: readonly RawValue[];
  #isClosed = false;

  /** @throws {MalformedError} when the module is malformed. */
  constructor(view: CoredumpView) {
    this.module = view.module;
    this.#view = view;
    this.#frames = showFrames(view);
    const { dump, code, instance } = view;
    const { memories, globals } = code.spaces;
    const own = dump.instances[instance];
    this.#memories = memories.map(
      (_, index) => dump.memories[own ? (own.memories[index] ?? noIndex) : index],
    );
    this.#globals = globals.map((_, index) => globalOf(dump, own ? (own.globals[index] ?? noIndex) : index));
  }

  get missingMemory(): string | undefined {
    return this.#memories[0]?.firstAddress === undefined
      ? "the coredump does not hold this memory"
      : undefined;
  }

  get state(): "paused" | "exited" {
    return this.#isClosed ? "exited" : "paused";
  }

  resume(): Promise<Halt> {
    return Promise.reject(refused("A coredump is what is left of a program: it cannot run on."));
  }

  async pause(): Promise<void> {}

  async setBreakpointLocations(points: readonly ModuleOffset[]): Promise<readonly PlacedLocation[]> {
    return points.map(() => ({ kind: "refused", reason: "A coredump does not run: nothing stops in it." }));
  }

  async frames(stop: StopNumber, start: number, count: number): Promise<FrameList> {
    this.#check(stop);
    const frames = this.#frames.slice(start, start + count).map(({ shown }) => shown);
    return { frames, total: this.#frames.length };
  }

  /** Where the dump has none of a frame's locals, or another number of them, each is unavailable. */
  async locals(stop: StopNumber, frame: number): Promise<readonly RawValue[]> {
    this.#check(stop);
    const found = this.#frames[frame];
    if (found?.source === undefined || found.shown.kind !== "wasm") return [];
    const types = this.#view.code.localTypes(found.shown.function) ?? [];
    const locals = this.#values(found.source, "local");
    const reason = "the coredump holds no locals of this frame";
    return types.map((_, index) =>
      locals.length === types.length ? (locals[index] ?? missingValue) : { type: "unavailable", reason },
    );
  }

  /** Whether the dump knows any local of a frame. */
  hasLocals(frame: number): boolean {
    const source = this.#frames[frame]?.source;
    return source !== undefined && this.#values(source, "local").some(({ type }) => type !== "unavailable");
  }

  /** Values on the operand stack, bottom first, as far as the dump has them. */
  async operands(stop: StopNumber, frame: number): Promise<readonly RawValue[]> {
    this.#check(stop);
    const source = this.#frames[frame]?.source;
    return source === undefined ? [] : this.#values(source, "operand");
  }

  async globals(stop: StopNumber): Promise<readonly RawValue[]> {
    this.#check(stop);
    return this.#globals;
  }

  async readMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    length: number,
  ): Promise<Uint8Array> {
    this.#check(stop);
    const image = this.#memory(memory);
    const left = this.#sizeOf(memory) - address;
    if (!image || image.firstAddress === undefined || address < 0n || left <= 0n) return new Uint8Array(0);
    return image.read(Number(address), left < BigInt(length) ? Number(left) : length);
  }

  async memorySizes(stop: StopNumber): Promise<readonly bigint[]> {
    this.#check(stop);
    return this.#memories.map((_, memory) => this.#sizeOf(memory));
  }

  async readTable(stop: StopNumber, table: number, index: number): Promise<FuncIndex | undefined> {
    this.#check(stop);
    const { dump, instance, code } = this.#view;
    if (!dump.notes?.tables.length) return code.initialEntry(table, index);
    const note = dump.notes?.tables.find((one) => one.instance === instance && one.table === table);
    const func = note?.functions.get(index);
    return func === undefined ? undefined : toFuncIndex(func);
  }

  writeLocal(): Promise<void> {
    return Promise.reject(
      refused("A coredump cannot be changed: nothing runs that would see another value."),
    );
  }
  writeGlobal(): Promise<void> {
    return this.writeLocal();
  }
  writeMemory(): Promise<void> {
    return this.writeLocal();
  }
  writeStdin(): void {}

  async terminate(): Promise<void> {
    this.#isClosed = true;
  }
  async kill(): Promise<void> {
    this.#isClosed = true;
  }

  #values(frame: number, kind: "local" | "operand"): readonly RawValue[] {
    const { dump, thread } = this.#view;
    const found = dump.threads[thread]?.frames[frame];
    const values = (kind === "local" ? found?.locals : found?.operands) ?? [];
    const notes = dump.notes?.values.filter((note) => note.thread === thread && note.frame === frame) ?? [];
    if (notes.length === 0) return values;
    return values.map(
      (value, index) => notes.find((note) => note.kind === kind && note.index === index)?.value ?? value,
    );
  }

  #memory(memory: number): MemoryImage | undefined {
    if (memory < this.#memories.length) return this.#memories[memory];
    const count = this.#memories.length;
    throw new TargetError("bad-address", `The module has ${count} memories; there is no memory ${memory}.`);
  }

  /** Producers leave out how large a page is where that is not the usual. */
  #sizeOf(memory: number): bigint {
    const { pageSizeLog2 } = this.#view.code.spaces.memories[memory] ?? {};
    return this.#memories[memory]?.sizeBytes(pageSizeLog2) ?? 0n;
  }

  #check(stop: StopNumber): void {
    if (this.#isClosed) throw new TargetError("exited", "The coredump has been closed.");
    if (stop !== this.#view.stop) throw new TargetError("stale-stop", "This is no stop of this coredump.");
  }
}

const refused = (sentence: string): TargetError => new TargetError("unsupported", sentence);

function globalOf({ globals, notes }: Coredump, index: number): RawValue {
  const note = notes?.values.find((one) => one.kind === "global" && one.index === index);
  return note?.value ?? globals[index] ?? missingValue;
}

/** The thread's frames, with those of the host in their places. */
function showFrames({ dump, thread, instance, placed, nameOf }: CoredumpView): readonly ShownFrame[] {
  const frames = dump.threads[thread]?.frames ?? [];
  const hosts = dump.notes?.hostFrames.filter((note) => note.thread === thread) ?? [];
  const shown: ShownFrame[] = [];
  let host = 0;
  for (let index = 0; index <= frames.length; index++) {
    for (; (hosts[host]?.before ?? noIndex) <= index; host++) {
      const { name = "", path, line } = hosts[host] ?? {};
      const place = { ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) };
      shown.push({ shown: { kind: "host", name, ...place }, source: undefined });
    }
    const frame = frames[index];
    const place = placed[index];
    if (!frame) break;
    const own = frame.instance === instance && place;
    shown.push({
      shown: own
        ? { kind: "wasm", function: place.function, offset: place.offset, depth: frames.length - index }
        : { kind: "host", name: nameOf(frame) },
      source: index,
    });
  }
  return shown;
}
