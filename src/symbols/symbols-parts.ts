import type { Abort } from "../base/abort.ts";
import type { CodeOffset, MemoryAddress, ModuleOffset } from "../base/brand.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { FrameNames } from "./frame-names.ts";
import type { LoweredExpression } from "./lowered-expression.ts";
import type { ModuleParts } from "./module-facts.ts";
import type { StaticNames } from "./static/static-names.ts";
import type { Formatters } from "./symbol-frame.ts";
import type { IntegerFormat } from "./text/scalar-text.ts";
import type { Value } from "./values/value.ts";
import type { VisibleName } from "./visible-names.ts";

/** What the symbols of one module are made of; put together where the module is launched. */
export interface SymbolsParts extends ModuleParts {
  /** `undefined` for a module without DWARF: then there is only the Wasm scope. */
  readonly dwarf: DwarfModule | undefined;
  /** How DWARF counts a program point of the module. */
  readonly codeOffset: (offset: ModuleOffset) => CodeOffset;
  /** The language of expressions: `evaluate` of src/expressions. */
  readonly evaluate: Evaluate;
  /** `complete` of src/expressions; without it nothing is offered to someone who types. */
  readonly complete?: Complete;
  /** `lowerExpression` of src/expressions; without it every expression takes a stop. */
  readonly lower?: Lower;
  /** How values of library types are shown: `formatters` of src/formatters. Without, by their fields. */
  readonly formatters?: Formatters;
  /** Told of what an assignment has written into memory 0. */
  readonly memoryWritten?: (address: MemoryAddress, length: number) => void;
  /** Told that a function of the guest was called, after which anything may be different. */
  readonly guestRan?: () => void;
}

/** As `Symbols.lower`, with the names of a place. */
export type Lower = (names: StaticNames, text: string) => LoweredExpression | undefined;

/**
 * Parses `text` and computes its value from the names of a frame.
 *
 * Rejects with `ExpressionError` for what cannot be parsed or has no meaning, and as the target does.
 */
export type Evaluate = (names: FrameNames, text: string, options?: EvaluateOptions) => Promise<Evaluated>;

/** What an evaluation may do, and how it is given up. */
export interface EvaluateOptions {
  /** Called when the guest has been changed or a function of it has run. Without it, an expression that does so is refused. */
  readonly onEffect?: () => void;
  /** Gives it up: rejects with the signal's reason at the next thing it would ask of the guest. */
  readonly signal?: Abort | undefined;
}

/** What came of an expression. */
export interface Evaluated {
  readonly value: Value;
  /** The expression that gives this value, where there is one: without its format suffix. */
  readonly expression?: string;
  /** What the suffix asks for. */
  readonly format?: IntegerFormat;
}

/** What may stand at a place of an expression that is being typed. Rejects only as the target does. */
export type Complete = (names: FrameNames, text: string, column: number) => Promise<Completions>;

/** What may stand where the cursor is; each in place of what was typed from `start` (in UTF-16 code units) to the cursor. */
export interface Completions {
  readonly start: number;
  /** The most likely first. */
  readonly items: readonly Completion[];
}

/** One thing that may stand where the cursor is. */
export interface Completion {
  readonly label: string;
  readonly kind: VisibleName["kind"] | "command";
  /** As the language writes it. */
  readonly type?: string;
}
