import type { CodeOffset, FuncIndex, ModuleOffset } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { Target } from "../target/target.ts";

/** What values of a module are read by. */
export interface ModuleParts {
  readonly target: Target;
  readonly debugInfo: DebugInfo;
  readonly facts: ModuleFacts;
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
  /** Where objects begin that stand one behind another, without a collector; `undefined` where they do not, or nobody knows. */
  readonly heapStart: number | undefined;
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

/** How a function is called: Wasm types of what it takes and gives. */
export interface FunctionSignature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}
