import type { FuncIndex, ModuleOffset, StopNumber } from "../base/brand.ts";
import type { Scope, Variable } from "./variable.ts";

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
}

/** Variables of a module's frames. One per module, for the session; what it hands out belongs to a stop. */
export interface Symbols {
  /** Locals (arguments first), Globals of the unit, Wasm (raw locals, globals, memories), in that order; scopes without anything are left out. */
  scopes(frame: FrameContext): Promise<readonly Scope[]>;
  /** A path or expression in a frame, such as `p->next->name[3]`. Rejects with `ExpressionError`. */
  evaluate(frame: FrameContext, text: string): Promise<Variable>;
  /** A frame's parameters, for backtraces; cheap. */
  parameters(frame: FrameContext): Promise<readonly Variable[]>;
}
