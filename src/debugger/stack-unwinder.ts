import type { StopNumber } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { RawValue, Target, TargetFrame } from "../target/target.ts";
import type { StackPages } from "./stack-pages.ts";

type WasmFrame = Extract<TargetFrame, { kind: "wasm" }>;

/**
 * The C stack pointer of each frame of one stop, found by walking outwards.
 *
 * The innermost frame's is in the stack pointer global. A frame entered with E stands at E − delta, and E is where its
 * caller's stack pointer stands during the call. Where a frame's delta is not known (alloca), a local that holds a
 * known distance from E tells it, if the target has kept that local. Host frames leave the pointer alone.
 * From the first frame for which nothing proves it outwards, it is `undefined`.
 */
export class StackUnwinder {
  readonly #target: Target;
  readonly #debugInfo: DebugInfo;
  readonly #stop: StopNumber;
  readonly #pages: StackPages;
  /** By frame index. */
  readonly #pointers: (bigint | undefined)[] = [];
  /** Where the stack pointer stood when the last frame of `#pointers` was entered. */
  #entry: bigint | undefined;
  #walk: Promise<void> = Promise.resolve();
  #localsAsked = 0;

  constructor(target: Target, debugInfo: DebugInfo, stop: StopNumber, pages: StackPages) {
    this.#target = target;
    this.#debugInfo = debugInfo;
    this.#stop = stop;
    this.#pages = pages;
  }

  /** The stack pointer while frame `index` runs (innermost) or at its call in progress (outer). */
  async stackPointerOf(index: number): Promise<bigint | undefined> {
    // One walk at a time: they add to one list.
    const walk = this.#walk.then(() => this.#walkTo(index));
    this.#walk = walk.catch(() => {});
    await walk;
    return this.#pointers[index];
  }

  async #walkTo(index: number): Promise<void> {
    if (this.#pointers.length > index) return;
    if (this.#pointers.length === 0) this.#entry = await this.#readGlobal();
    const start = this.#pointers.length;
    const frames = await this.#pages.slice(start, index + 1 - start);
    for (const frame of frames) {
      const at = this.#pointers.length;
      const pointer = this.#entry;
      this.#pointers.push(pointer);
      if (frame.kind === "wasm") this.#entry = await this.#entryOf(frame, at, pointer);
    }
  }

  /** The stack pointer when a frame was entered. */
  async #entryOf(frame: WasmFrame, index: number, pointer: bigint | undefined): Promise<bigint | undefined> {
    const shape = this.#debugInfo.stackShape(frame.function);
    const delta = shape.deltaAt(frame.offset);
    if (delta !== undefined && pointer !== undefined) return pointer + BigInt(delta);
    if (this.#debugInfo.stackPointerGlobal === undefined || this.#localsAsked >= mostLocals) return undefined;
    this.#localsAsked++;
    const locals = await this.#locals(index);
    for (const [local, raw] of locals.entries()) {
      const by = shape.localDelta(local, frame.offset);
      const value = by === undefined ? undefined : asAddress(raw);
      if (by !== undefined && value !== undefined) return value + BigInt(by);
    }
    return undefined;
  }

  /** What an engine cannot give counts as not kept. */
  async #locals(index: number): Promise<readonly RawValue[]> {
    try {
      return await this.#target.locals(this.#stop, index);
    } catch {
      return [];
    }
  }

  async #readGlobal(): Promise<bigint | undefined> {
    const { stackPointerGlobal } = this.#debugInfo;
    if (stackPointerGlobal === undefined) return undefined;
    const value = (await this.#target.globals(this.#stop))[stackPointerGlobal];
    return value && asAddress(value);
  }
}

/** Frames of one stop whose locals are asked for: in a deep recursion that cannot be unwound each would be in vain. */
const mostLocals = 16;

function asAddress(value: RawValue): bigint | undefined {
  if (value.type === "i32") return BigInt(value.value >>> 0);
  return value.type === "i64" ? BigInt.asUintN(64, value.value) : undefined;
}
