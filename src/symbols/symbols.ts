import type { FuncIndex, MemoryAddress, ModuleOffset, StopNumber } from "../base/brand.ts";
import type { GuestCode, GuestLogValue, LoggedValue } from "../target/guest-code.ts";
import type { Completions, EvaluateOptions } from "./symbols-parts.ts";
import type { IntegerFormat } from "./text/scalar-text.ts";
import type { MemoryStorage } from "./values/storage.ts";
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

/** A type, for whoever asks about it. */
export interface TypeDescription {
  readonly name: string;
  /** What it is made of, over several lines. */
  readonly definition: string;
}

/** A place in the code, of whatever frame stands there. */
export type CodePlace = Pick<FrameContext, "function" | "offset">;

/** An expression made ready for the guest thread, which then needs nobody to evaluate it at its place. */
export interface LoweredExpression {
  /** Its truth as an i32; `undefined` where the guest thread cannot find it. */
  truth(): GuestCode | undefined;
  /** Its value, and the text of that in a format, by default decimal; `undefined` where the guest thread cannot find it. */
  logged(format?: IntegerFormat): LoweredValue | undefined;
}

export interface LoweredValue {
  readonly value: GuestLogValue;
  text(told: LoggedValue): string;
}

/** Variables of a module's frames. One per module, for the session; what it hands out belongs to a stop. */
export interface Symbols {
  /** Locals (arguments first), Globals of the unit, Wasm (raw locals, globals, memories), in that order; scopes without anything are left out. */
  scopes(frame: FrameContext): Promise<readonly Scope[]>;
  /** A path or expression in a frame, such as `p->next->name[3]`. Rejects with `ExpressionError`. */
  evaluate(frame: FrameContext, text: string, options?: EvaluateOptions): Promise<Variable>;
  /** The type that `text` names in a frame, or that the value of the expression has. Rejects with `ExpressionError`. */
  describeType(frame: FrameContext, text: string): Promise<TypeDescription>;
  /** What may stand at a place of an expression that is being typed; `column` counts UTF-16 code units. */
  complete(frame: FrameContext, text: string, column: number): Promise<Completions>;
  /** A frame's parameters, for backtraces; cheap. */
  parameters(frame: FrameContext): Promise<readonly Variable[]>;
  /** Bytes of memory 0 have been written past this: what was read of them before does not count any more. */
  memoryChanged(address: MemoryAddress, length: number): void;
  /** The text of a value in its storage as it is now, or as it would be with these bytes in it (as many as it is long). */
  textOf(frame: FrameContext, storage: MemoryStorage, bytes?: Uint8Array): Promise<string>;
  /**
   * An expression at a place, ready for the guest thread; `undefined` where it takes a stop to evaluate it. Throws
   * `ExpressionError` for what cannot be evaluated there at all.
   */
  lower?(place: CodePlace, text: string): LoweredExpression | undefined;
}
