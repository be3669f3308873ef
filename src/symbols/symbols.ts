import type { MemoryAddress } from "../base/brand.ts";
import type { CodePlace, FrameContext } from "./frame-context.ts";
import type { LoweredExpression } from "./lowered-expression.ts";
import type { Completions, EvaluateOptions } from "./symbols-parts.ts";
import type { MemoryStorage } from "./values/storage.ts";
import type { Scope, Variable } from "./variable.ts";

/** A type, for whoever asks about it. */
export interface TypeDescription {
  readonly name: string;
  /** What it is made of, over several lines. */
  readonly definition: string;
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
