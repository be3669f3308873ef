import type { CodeOffset, FuncIndex, MemoryAddress, ModuleOffset } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { Dwarf } from "../dwarf/gimli.ts";
import type { Target } from "../target/target.ts";
import type { FrameNames } from "./frame-names.ts";
import type { StaticNames } from "./static/static-frame.ts";
import type { LoweredExpression } from "./symbols.ts";
import type { Value } from "./values/value.ts";
import type { Formatters } from "./views/view.ts";

/** What the symbols of one module are made of; put together where the module is launched. */
export interface SymbolsParts {
  readonly target: Target;
  readonly debugInfo: DebugInfo;
  /** `undefined` for a module without DWARF: then there is only the Wasm scope. */
  readonly dwarf: Dwarf | undefined;
  /** How DWARF counts a program point of the module. */
  readonly codeOffset: (offset: ModuleOffset) => CodeOffset;
  readonly facts: ModuleFacts;
  /** The language of expressions: `evaluate` of src/expressions. */
  readonly evaluate: Evaluate;
  /** `lowerExpression` of src/expressions; without it every expression takes a stop. */
  readonly lower?: Lower;
  /** How values of library types are shown: `formatters` of src/formatters. Without, by their fields. */
  readonly formatters?: Formatters;
  /** Told of what an assignment has written into memory 0. */
  readonly memoryWritten?: (address: MemoryAddress, length: number) => void;
}

/** What the module itself says about what the debug info has no word for. */
export interface ModuleFacts {
  functionName(func: FuncIndex): string | undefined;
  /** From the name section. `local` counts parameters first. */
  localName(func: FuncIndex, local: number): string | undefined;
  /** From the name section, imports or exports. */
  globalName(global: number): string | undefined;
  /** Where the code of a function begins; `undefined` for an imported one. */
  functionStart(func: FuncIndex): ModuleOffset | undefined;
  /** Whether a global may be written; false for an index out of range. */
  isGlobalMutable(global: number): boolean;
}

/** As `Symbols.lower`, with the names of a place. */
export type Lower = (names: StaticNames, text: string) => LoweredExpression | undefined;

/**
 * Parses `text` and computes its value from the names of a frame.
 *
 * Rejects with `ExpressionError` for what cannot be parsed or has no meaning, and as the target does.
 */
export type Evaluate = (names: FrameNames, text: string) => Promise<Value>;
