import type { Awaitable } from "../base/awaitable.ts";
import type { FuncIndex } from "../base/brand.ts";
import type { Unavailable } from "../base/unavailable.ts";
import type { Die } from "../dwarf/die.ts";
import type { ScopeChain } from "../dwarf/scopes.ts";
import type { FrameContext } from "./frame-context.ts";
import type { FrameVariable } from "./frame-variables.ts";
import type { StopState } from "./memory/stop-state.ts";
import type { ModuleParts } from "./module-facts.ts";
import type { NameIndex } from "./name-index.ts";
import type { BuiltinTypes } from "./types/builtin-types.ts";
import type { RecordType, Type, TypeArgument } from "./types/type.ts";
import type { TypeTable } from "./types/type-table.ts";
import type { Field } from "./values/fields.ts";
import type { Value } from "./values/value.ts";
import type { View } from "./views/view.ts";

/** A frame as values of it are read, shown and written: names aside. Belongs to one stop. */
export interface SymbolFrame {
  readonly module: SymbolModule;
  readonly state: StopState;
  readonly context: FrameContext;
  /** The language's own types at the frame's size of address. */
  readonly types: BuiltinTypes;
  /** Parameters and locals in scope at the frame's program point. */
  readonly variables: readonly FrameVariable[];
  /** The value of a variable's DIE, not yet read. */
  valueOf(variable: Die): Awaitable<Value>;
  /** All bytes of a value. Rejects as the target does. */
  read(value: Value): Awaitable<Uint8Array | Unavailable>;
  /** The value of a record's field; virtual base classes run an expression. */
  fieldOf(record: Value, field: Field): Awaitable<Value>;
  /** How a value is shown other than by its fields. Rejects as the target does. */
  viewOf(value: Value): Awaitable<View | undefined>;
  /** The code units of a string, whatever kind of string it is; `undefined` for what is none. */
  stringOf(value: Value): Promise<Uint8Array | undefined>;
}

/** What is known of a frame's module for the whole session. */
export interface SymbolModule {
  readonly parts: ModuleParts;
  /** `undefined` for a module without DWARF. */
  readonly names: NameIndex | undefined;
  readonly types: TypeTable;
  /** What shows values of a type better than their fields. */
  formatterOf(type: RecordType): Formatter | undefined;
  /** The scopes of a frame; `undefined` where DWARF does not describe it. */
  scopesOf(frame: FrameContext): FrameScopes | undefined;
  /** The type that a trait object's table of functions at an address is for. */
  typeOfVtable(address: bigint): Type | undefined;
  /** The types that a function was made with, or its class; none where the debug info does not tell. */
  typeArgumentsOfFunction(func: FuncIndex): readonly TypeArgument[];
}

/** A frame's scopes, and the subprogram its code belongs to. */
export interface FrameScopes {
  readonly chain: ScopeChain;
  readonly subprogram: Die;
}

/** Makes the view of a value; `undefined` for one that is not laid out as expected. Rejects only as the target does. */
export type Formatter = (frame: SymbolFrame, value: Value) => Awaitable<View | undefined>;

/** All that is known about library types. */
export interface Formatters {
  /** What shows values of a type; `undefined` for a type of which nothing special is known. */
  formatterOf(type: RecordType): Formatter | undefined;
  /** What a variable of Wasm holds, where it stands for one of the source: the number itself, or what is known to be behind it. */
  refineSlot?(
    frame: SymbolFrame,
    value: Value,
    slot: { readonly kind: "local" | "global"; readonly index: number },
  ): Promise<Value>;
}
