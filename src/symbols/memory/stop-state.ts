import { type FuncIndex, type MemoryAddress, type StopNumber, toMemoryAddress } from "../../base/brand.ts";
import { TargetError } from "../../base/errors.ts";
import type { CallOutcome, GuestCall, RawValue, Target, WasmValue } from "../../target/target.ts";
import { PageCache } from "./page-cache.ts";

/**
 * What has been read of the guest at one stop, each thing once.
 *
 * Belongs to that stop: after the guest resumes, everything rejects with `TargetError` `stale-stop`.
 * Writes go through it, so that what was read before is read again.
 */
export class StopState {
  readonly stop: StopNumber;
  readonly #target: Target;
  readonly #memory: PageCache;
  readonly #locals = new Map<number, Promise<readonly RawValue[]>>();
  readonly #tables = new Map<number, Promise<FuncIndex | undefined>>();
  #globals: Promise<readonly RawValue[]> | undefined;
  #sizes: Promise<readonly bigint[]> | undefined;
  #isStale = false;
  readonly #memoryWritten: (address: MemoryAddress, length: number) => void;
  readonly #guestRan: () => void;

  /** `memoryWritten` is told of what has been written into memory 0, `guestRan` of calls after which anything may be different. */
  constructor(
    target: Target,
    stop: StopNumber,
    memoryWritten: (address: MemoryAddress, length: number) => void = () => {},
    guestRan: () => void = () => {},
  ) {
    this.#target = target;
    this.#guestRan = guestRan;
    this.#memoryWritten = memoryWritten;
    this.stop = stop;
    this.#memory = new PageCache((address, length) =>
      target.readMemory(stop, 0, toMemoryAddress(address), length),
    );
  }

  /** Called when a later stop is known. */
  markStale(): void {
    this.#isStale = true;
  }

  /** Why a read of memory gave fewer bytes than it was asked for. */
  get whyShort(): string {
    return this.#target.missingMemory ?? "memory out of bounds";
  }

  /** Bytes of memory 0, fewer where it ends. */
  async readMemory(address: bigint, length: number): Promise<Uint8Array> {
    this.#check();
    return this.#memory.read(address, length);
  }

  async writeMemory(address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    this.#check();
    try {
      await this.#target.writeMemory(this.stop, 0, address, bytes);
    } finally {
      this.#memory.forget(address, bytes.length);
    }
    this.#memoryWritten(address, bytes.length);
  }

  /** Bytes of memory 0 were written by others. */
  forgetMemory(address: MemoryAddress, length: number): void {
    this.#memory.forget(address, length);
  }

  /** Raw locals of a frame; `frame` is its index in the target's frames. */
  async locals(frame: number): Promise<readonly RawValue[]> {
    this.#check();
    const known = this.#locals.get(frame);
    if (known) return known;
    const locals = this.#target.locals(this.stop, frame);
    this.#locals.set(frame, locals);
    return locals;
  }

  /** Values on the operand stack of a frame, bottom first; none where the engine has none. */
  async operands(frame: number): Promise<readonly RawValue[]> {
    this.#check();
    return (await this.#target.operands?.(this.stop, frame)) ?? [];
  }

  /** What the call has returned that the innermost frame stands behind; `undefined` where the engine does not know. */
  async returned(): Promise<RawValue | undefined> {
    this.#check();
    return this.#target.returned?.(this.stop);
  }

  async writeLocal(frame: number, local: number, value: WasmValue): Promise<void> {
    this.#check();
    try {
      await this.#target.writeLocal(this.stop, frame, local, value);
    } finally {
      this.#locals.delete(frame);
    }
  }

  async globals(): Promise<readonly RawValue[]> {
    this.#check();
    this.#globals ??= this.#target.globals(this.stop);
    return this.#globals;
  }

  async writeGlobal(global: number, value: WasmValue): Promise<void> {
    this.#check();
    try {
      await this.#target.writeGlobal(this.stop, global, value);
    } finally {
      this.#globals = undefined;
    }
  }

  async memorySizes(): Promise<readonly bigint[]> {
    this.#check();
    this.#sizes ??= this.#target.memorySizes(this.stop);
    return this.#sizes;
  }

  /** Bytes of any memory, fewer where it ends. Those of others than memory 0 are not kept. */
  async readOtherMemory(index: number, address: bigint, length: number): Promise<Uint8Array> {
    if (index === 0) return this.readMemory(address, length);
    this.#check();
    return this.#target.readMemory(this.stop, index, toMemoryAddress(address), length);
  }

  /** Calls a function of the guest. Whatever had been read of it may be different then. */
  async call(call: GuestCall): Promise<CallOutcome> {
    this.#check();
    if (!this.#target.call) throw new TargetError("unsupported", "Nothing can be called here.");
    try {
      return await this.#target.call(this.stop, call);
    } finally {
      this.#memory.clear();
      this.#locals.clear();
      this.#tables.clear();
      this.#globals = undefined;
      this.#sizes = undefined;
      this.#guestRan();
    }
  }

  /** The function in slot `index` of table 0. */
  async tableEntry(index: number): Promise<FuncIndex | undefined> {
    this.#check();
    const known = this.#tables.get(index);
    if (known) return known;
    const entry = this.#target.readTable(this.stop, 0, index);
    this.#tables.set(index, entry);
    return entry;
  }

  #check(): void {
    if (this.#isStale || this.#target.state !== "paused") {
      throw new TargetError("stale-stop", "The guest has run on since this was shown.");
    }
  }
}
