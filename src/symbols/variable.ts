import type { MemoryAddress, ModuleOffset } from "../base/brand.ts";
import type { FrameContext } from "./frame-context.ts";
import type { Storage } from "./values/storage.ts";

/**
 * A named value as a user sees it: text now, children on demand.
 *
 * Belongs to one stop: after the guest resumes, every method rejects with `TargetError` `stale-stop`.
 * What cannot be read is text that says why (`unavailable` is set); it never makes its neighbours fail.
 */
export interface Variable {
  readonly name: string;
  /** The type as the language writes it; absent for raw groups. */
  readonly type?: string;
  /** One line. For aggregates a summary one level deep, `{x = 1, y = 2}`. */
  readonly value: string;
  /** Why there is no value: optimised out, no location here, memory out of bounds. `value` then shows it in angle brackets. */
  readonly unavailable?: string;
  /** An expression that gives this variable again in the same frame. */
  readonly evaluateName?: string;
  /** Where it lies in memory 0; for pointers and references, where they point. */
  readonly memoryReference?: MemoryAddress;
  /** For pointers to functions: where the code of that function begins. */
  readonly codeReference?: ModuleOffset;
  /** Where it is stored, and in which frame it was looked up; absent for groups. */
  readonly stored?: { readonly storage: Storage; readonly frame: FrameContext };
  /** The memory that `memoryReference` is in, where it is not memory 0. */
  readonly memoryIndex?: number;
  /** Numbers of children by name (members) and by index (elements); both 0: a leaf. */
  readonly named: number;
  readonly indexed: number;
  /** Scalars and pointers with a place to write to. */
  readonly writable: boolean;
  /** How clients may draw it. */
  readonly kind: "data" | "pointer" | "virtual" | "raw";

  /** Children `start` ≤ i < `start + count` of the kind asked, in order: members as declared, elements by index. Reads only what it returns. */
  children(filter: "named" | "indexed", start: number, count: number): Promise<readonly Variable[]>;
  /** Parses `text` (a literal or expression of the frame's language) and writes it; answers the variable as it is now. Rejects with `ExpressionError` or `TargetError`. */
  assign(text: string): Promise<Variable>;
  /** The same variable with integers in hexadecimal. */
  asHex(): Promise<Variable>;
}

/** A group of variables of a frame. */
export interface Scope {
  readonly kind: "locals" | "arguments" | "globals" | "wasm";
  /** *Locals*, *Globals*, *Wasm*. */
  readonly name: string;
  /** Whether a client should fetch it only when asked. */
  readonly expensive: boolean;
  /** The scope as a variable without a value: its children are the scope's. */
  readonly variables: Variable;
}

/** An expression that cannot be parsed or evaluated; `column` is 0-based in the text given. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}
