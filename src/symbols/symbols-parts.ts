import type { Abort } from "../base/abort.ts";
import type { CodeOffset, FuncIndex, MemoryAddress, ModuleOffset } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { Target } from "../target/target.ts";
import type { FrameNames } from "./frame-names.ts";
import type { StaticNames } from "./static/static-frame.ts";
import type { LoweredExpression } from "./symbols.ts";
import type { IntegerFormat } from "./text/scalar-text.ts";
import type { Value } from "./values/value.ts";
import type { Formatters } from "./views/view.ts";
import type { VisibleName } from "./visible-names.ts";

/** What the symbols of one module are made of; put together where the module is launched. */
export interface SymbolsParts {
  readonly target: Target;
  readonly debugInfo: DebugInfo;
  /** `undefined` for a module without DWARF: then there is only the Wasm scope. */
  readonly dwarf: DwarfModule | undefined;
  /** How DWARF counts a program point of the module. */
  readonly codeOffset: (offset: ModuleOffset) => CodeOffset;
  readonly facts: ModuleFacts;
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

/** What the module itself says about what the debug info has no word for. */
export interface ModuleFacts {
  functionName(func: FuncIndex): string | undefined;
  /** What the linker calls a function, where that is another name. */
  linkerName?(func: FuncIndex): string | undefined;
  /** From the name section. `local` counts parameters first. */
  localName(func: FuncIndex, local: number): string | undefined;
  /** From the name section, imports or exports. */
  globalName(global: number): string | undefined;
  /** Where the code of a function begins; `undefined` for an imported one. */
  functionStart(func: FuncIndex): ModuleOffset | undefined;
  /** The function whose body holds an address of DWARF's; absent where nothing is ever called. */
  functionOfCode?(address: CodeOffset): FuncIndex | undefined;
  /** What a function takes and gives. */
  signature?(func: FuncIndex): FunctionSignature | undefined;
  /** Whether a global may be written; false for an index out of range. */
  isGlobalMutable(global: number): boolean;
  /** Wasm's variables by name, where they may stand for those of the source. */
  readonly slots?: Slots;
  /** What AssemblyScript's runtime keeps in memory; absent in other programs. */
  readonly managed?: ManagedObjects | undefined;
}

/** What a program tells about the objects of AssemblyScript's runtime. */
export interface ManagedObjects {
  /** The runtime's own flags for a class. */
  flagsOf(id: number): number | undefined;
  nameOf(id: number): string | undefined;
  /** Fields that the program has accessors for. */
  fieldsOf(id: number): readonly {
    readonly name: string;
    /** Bytes. */
    readonly offset: number;
    readonly type: { readonly bytes: number; readonly kind: "signed" | "unsigned" | "float" };
    readonly isReference: boolean;
  }[];
  /** Whether the compiler put an object there. */
  isStatic(address: bigint): boolean;
  /** Whether code uses a variable of Wasm as a reference to an object and not as a number. */
  isReference(func: FuncIndex, kind: "local" | "global", index: number): boolean;
}

/** A local or global of Wasm that has a name. */
export interface NamedSlot {
  readonly index: number;
  readonly name: string;
}

/** Wasm's own variables: all there is in a function that no debug info describes. */
export interface Slots {
  /** Types of a function's locals, parameters first, and how many of them are parameters. */
  locals(func: FuncIndex): { readonly parameters: number; readonly types: readonly string[] };
  namedLocals(func: FuncIndex): readonly NamedSlot[];
  globalType(global: number): string | undefined;
  /** Globals that a function of this name is likely to know. */
  globalsFor(functionName: string | undefined): readonly NamedSlot[];
  /** The global that a name means in a function of that name. */
  findGlobal(name: string, functionName: string | undefined): number | undefined;
}

/** As `Symbols.lower`, with the names of a place. */
export type Lower = (names: StaticNames, text: string) => LoweredExpression | undefined;

/**
 * Parses `text` and computes its value from the names of a frame.
 *
 * Rejects with `ExpressionError` for what cannot be parsed or has no meaning, and as the target does.
 */
export type Evaluate = (names: FrameNames, text: string, options?: EvaluateOptions) => Promise<Evaluated>;

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

export interface Completion {
  readonly label: string;
  readonly kind: VisibleName["kind"] | "command";
  /** As the language writes it. */
  readonly type?: string;
}

/** How a function is called: Wasm types of what it takes and gives. */
export interface FunctionSignature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}
