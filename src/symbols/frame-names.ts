import type { Awaitable } from "../base/awaitable.ts";
import type { FuncIndex } from "../base/brand.ts";
import type { Unavailable } from "../base/unavailable.ts";
import type { CallArgument, CallTarget, GuestFunction } from "./calls/callable.ts";
import type { BuiltinTypes } from "./types/builtin-types.ts";
import type { RecordType, Type } from "./types/type.ts";
import type { Field } from "./values/fields.ts";
import type { Value } from "./values/value.ts";
import type { Parts, View } from "./views/view.ts";
import type { VisibleName } from "./visible-names.ts";

/** What an expression sees of a frame: names become values, values become bytes. Belongs to one stop. */
export interface FrameNames {
  /** C's own types at the frame's size of address. */
  readonly types: BuiltinTypes;
  /** Of the frame's code, as far as expressions are written differently. */
  readonly language: "c" | "rust";

  /**
   * The variable or enumerator a name stands for: the innermost local, then the unit's globals, then those of
   * other units; `globals` leaves the locals out. A variable that is not available is a value whose place says
   * why. Rejects as the target does.
   */
  findValue(name: string, from: "frame" | "globals"): Promise<Value | undefined>;

  /** What else a name that is no value stands for, to say so. */
  describeName(name: string): "function" | "type" | undefined;

  /** A name there is that `name` may be a slip of. */
  suggestName(name: string): string | undefined;

  /** Names that expressions may use, nearest first, as far as they are of the frame's unit; with `within`, those in a namespace or class. */
  visibleNames(within?: string): readonly VisibleName[];

  /** The functions of a name that have code, which may be a path; several where it is overloaded. */
  functionsNamed(name: string): readonly GuestFunction[];

  /** The methods of a name that have code and that a class has itself, not from a class it is derived from. */
  methodsOf(record: RecordType, name: string): readonly GuestFunction[];

  /** A type by its name: `struct` and the like only where the text has it. */
  findType(name: string, keyword?: "struct" | "union" | "enum"): Type | undefined;

  /** Whether a name means a type: one the debug info has, and no variable hides it. */
  isTypeName(name: string): boolean;

  /** Whether a name means a variable of the frame. */
  isVariable(name: string): boolean;

  /** A raw local of the frame or a global of the module, by index; `undefined` where there is none of that index. */
  rawValue(kind: "local" | "global", index: number | "stack-pointer"): Promise<Value | undefined>;

  /** What the call has returned that the frame stands behind; `undefined` where it stands behind none. */
  returnedValue(): Promise<Value | undefined>;

  /** Bytes of a memory; `undefined` where there is none of that index. */
  memorySize(index: number): Promise<bigint | undefined>;

  /** Bytes of any memory. */
  readMemory(index: number, address: bigint, length: number): Awaitable<Uint8Array | Unavailable>;

  /** The function in a slot of table 0; `undefined` where there is none. */
  functionInTable(index: bigint): Promise<{ readonly index: FuncIndex; readonly name: string } | undefined>;

  /** Puts bytes where a value is; answers the value as it then is. Rejects for one that has no place of its own. */
  write(value: Value, bytes: Uint8Array): Promise<Value>;

  /** Calls a function of the paused guest; answers what it gave back. `column` is where errors point. */
  call(target: CallTarget, args: readonly CallArgument[], column: number): Promise<Value>;

  /** The value of a record's field. */
  fieldOf(record: Value, field: Field): Awaitable<Value>;

  /** How a value is shown other than by its fields: a container's elements, what a smart pointer points to. */
  viewOf(value: Value): Awaitable<View | undefined>;

  /** The value a container has for a key, which a value of the key's type or a string is compared with. */
  entryOf(parts: Parts, key: Value): Promise<Value | undefined>;

  /** The code units of a string, whatever kind of string it is; `undefined` for what is none. */
  stringOf(value: Value): Promise<Uint8Array | undefined>;

  /** All bytes of a value. Rejects as the target does. */
  read(value: Value): Awaitable<Uint8Array | Unavailable>;
}
