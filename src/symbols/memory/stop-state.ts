import type { Awaitable } from "../../base/awaitable.ts";
import { type FuncIndex, type MemoryAddress, type StopNumber, toMemoryAddress } from "../../base/brand.ts";
import { TargetError } from "../../base/errors.ts";
import type { CallOutcome, GuestCall, RawValue, Target, WasmValue } from "../../target/target.ts";
import { KeptAnswers } from "./kept-answers.ts";
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
  /** By frame. */
  readonly #locals = new KeptAnswers<number, readonly RawValue[]>();
  readonly #operands = new KeptAnswers<number, readonly RawValue[]>();
  /** By index in table 0. */
  readonly #tables = new KeptAnswers<number, FuncIndex | undefined>();
  readonly #globals = new KeptAnswers<"all", readonly RawValue[]>();
  readonly #sizes = new KeptAnswers<"all", readonly bigint[]>();
  #isStale = false;
  #edition = 0;
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
    this.#memory = new PageCache(
      (address, length) => target.readMemory(stop, 0, toMemoryAddress(address), length),
      (address, length) => target.memoryAtHand?.(stop, toMemoryAddress(address), length),
    );
  }

  /** Another number after everything that may have made what was read before untrue. */
  get edition(): number {
    return this.#edition;
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
  readMemory(address: bigint, length: number): Awaitable<Uint8Array> {
    return this.#isOver ? stale() : this.#memory.read(address, length);
  }

  async writeMemory(address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    if (this.#isOver) return stale();
    try {
      await this.#target.writeMemory(this.stop, 0, address, bytes);
    } finally {
      this.#edition++;
      this.#memory.forget(address, bytes.length);
    }
    this.#memoryWritten(address, bytes.length);
  }

  /** Bytes of memory 0 were written by others. */
  forgetMemory(address: MemoryAddress, length: number): void {
    this.#edition++;
    this.#memory.forget(address, length);
  }

  /** Raw locals of a frame; `frame` is its index in the target's frames. */
  locals(frame: number): Awaitable<readonly RawValue[]> {
    if (this.#isOver) return stale();
    return this.#locals.of(frame, () => this.#target.locals(this.stop, frame));
  }

  /** Values on the operand stack of a frame, bottom first; none where the engine has none. */
  operands(frame: number): Awaitable<readonly RawValue[]> {
    if (this.#isOver) return stale();
    return this.#operands.of(frame, async () => (await this.#target.operands?.(this.stop, frame)) ?? []);
  }

  /** What the call has returned that the innermost frame stands behind; `undefined` where the engine does not know. */
  async returned(): Promise<RawValue | undefined> {
    if (this.#isOver) return stale();
    return this.#target.returned?.(this.stop);
  }

  async writeLocal(frame: number, local: number, value: WasmValue): Promise<void> {
    if (this.#isOver) return stale();
    try {
      await this.#target.writeLocal(this.stop, frame, local, value);
    } finally {
      this.#edition++;
      this.#locals.forget(frame);
    }
  }

  globals(): Awaitable<readonly RawValue[]> {
    return this.#isOver ? stale() : this.#globals.of("all", () => this.#target.globals(this.stop));
  }

  async writeGlobal(global: number, value: WasmValue): Promise<void> {
    if (this.#isOver) return stale();
    try {
      await this.#target.writeGlobal(this.stop, global, value);
    } finally {
      this.#edition++;
      this.#globals.clear();
    }
  }

  memorySizes(): Awaitable<readonly bigint[]> {
    return this.#isOver ? stale() : this.#sizes.of("all", () => this.#target.memorySizes(this.stop));
  }

  /** Bytes of any memory, fewer where it ends. Those of others than memory 0 are not kept. */
  readOtherMemory(index: number, address: bigint, length: number): Awaitable<Uint8Array> {
    if (index === 0) return this.readMemory(address, length);
    if (this.#isOver) return stale();
    return this.#target.readMemory(this.stop, index, toMemoryAddress(address), length);
  }

  /** Calls a function of the guest. Whatever had been read of it may be different then. */
  async call(call: GuestCall): Promise<CallOutcome> {
    if (this.#isOver) return stale();
    if (!this.#target.call) throw new TargetError("unsupported", "Nothing can be called here.");
    try {
      return await this.#target.call(this.stop, call);
    } finally {
      this.#edition++;
      this.#memory.clear();
      this.#locals.clear();
      this.#operands.clear();
      this.#tables.clear();
      this.#globals.clear();
      this.#sizes.clear();
      this.#guestRan();
    }
  }

  /** The function in slot `index` of table 0. */
  tableEntry(index: number): Awaitable<FuncIndex | undefined> {
    if (this.#isOver) return stale();
    return this.#tables.of(index, () => this.#target.readTable(this.stop, 0, index));
  }

  get #isOver(): boolean {
    return this.#isStale || this.#target.state !== "paused";
  }
}

const stale = (): Promise<never> =>
  Promise.reject(new TargetError("stale-stop", "The guest has run on since this was shown."));
