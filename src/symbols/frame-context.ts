import type { FuncIndex, ModuleOffset, StopNumber } from "../base/brand.ts";

/** A wasm frame of a paused guest, with what is needed to find its variables. */
export interface FrameContext {
  readonly stop: StopNumber;
  /** Index in the target's frames. */
  readonly frame: number;
  readonly function: FuncIndex;
  readonly offset: ModuleOffset;
  /**
   * Value of the C stack pointer while this frame runs (innermost) or at its call in progress (outer), found by
   * unwinding; `undefined` where that cannot be proven.
   */
  readonly stackPointer: bigint | undefined;
  /**
   * Which of the frames that stand for one Wasm frame this is, where calls were inlined: 0 (or absent) is the
   * innermost inlined call at `offset`, the last the function itself.
   */
  readonly inlineDepth?: number;
  /** Where the frame's scopes are looked up, if not at `offset`: the guest may be some bytes further than its user sees it. */
  readonly scopeOffset?: ModuleOffset;
  /** The call that the frame, the innermost, stands behind. */
  readonly returned?: ReturnedCall;
}

/** A call that has just returned, as it was seen while it lasted. */
export interface ReturnedCall {
  readonly function: FuncIndex;
  /** Where it stood. */
  readonly offset: ModuleOffset;
  /** What its first parameter in Wasm was, where that is an integer and was kept: of some functions, where they return what they do. */
  readonly firstParameter?: bigint;
}

/** A place in the code, of whatever frame stands there. */
export type CodePlace = Pick<FrameContext, "function" | "offset">;
