import type { BaseType, Encoding, PointerType, Type } from "./type.ts";
import { typeName } from "./type-name.ts";

/** C's own types for one size of address, for values that come from no variable: literals, sums, casts. */
export interface BuiltinTypes {
  readonly bool: BaseType;
  readonly char: BaseType;
  readonly int: BaseType;
  readonly unsignedInt: BaseType;
  readonly long: BaseType;
  readonly unsignedLong: BaseType;
  readonly longLong: BaseType;
  readonly unsignedLongLong: BaseType;
  readonly float: BaseType;
  readonly double: BaseType;
  /** All types that can be named by C keywords alone, by their full spelling. */
  readonly byName: ReadonlyMap<string, Type>;
  /** A pointer to `target`, of the size of an address. */
  pointerTo(target: Type): PointerType;
}

/** Those same types in Rust, which writes a pointer as `*const T`. */
export function rustBuiltinTypes(addressSize: number): BuiltinTypes {
  const known = madeForRust.get(addressSize) ?? withRustPointers(builtinTypes(addressSize));
  madeForRust.set(addressSize, known);
  return known;
}

function withRustPointers(types: BuiltinTypes): BuiltinTypes {
  const pointerTo = (target: Type): PointerType => {
    const pointer = types.pointerTo(target);
    let name: string | undefined;
    return {
      ...pointer,
      get name() {
        name ??= `*const ${typeName(target)}`;
        return name;
      },
    };
  };
  return { ...types, pointerTo };
}

/** `addressSize`: 4 or 8 bytes, which is also the size of `long`. Source: WebAssembly tool conventions, "C ABI", ILP32 and LP64. */
export function builtinTypes(addressSize: number): BuiltinTypes {
  const known = made.get(addressSize) ?? makeTypes(addressSize);
  made.set(addressSize, known);
  return known;
}

/** For both sizes there are; kept for good. */
const made = new Map<number, BuiltinTypes>();
const madeForRust = new Map<number, BuiltinTypes>();

function makeTypes(addressSize: number): BuiltinTypes {
  const base = (name: string, sizeBytes: number, encoding: Encoding): BaseType => ({
    kind: "base",
    name,
    sizeBytes,
    encoding,
  });
  const types = {
    bool: base("bool", 1, "boolean"),
    char: base("char", 1, "signed-char"),
    int: base("int", 4, "signed"),
    unsignedInt: base("unsigned int", 4, "unsigned"),
    long: base("long", addressSize, "signed"),
    unsignedLong: base("unsigned long", addressSize, "unsigned"),
    longLong: base("long long", 8, "signed"),
    unsignedLongLong: base("unsigned long long", 8, "unsigned"),
    float: base("float", 4, "float"),
    double: base("double", 8, "float"),
  };
  const others: Type[] = [
    { kind: "void", name: "void" },
    base("_Bool", 1, "boolean"),
    base("signed char", 1, "signed-char"),
    base("unsigned char", 1, "unsigned-char"),
    base("short", 2, "signed"),
    base("unsigned short", 2, "unsigned"),
    base("long double", 16, "float"),
    base("__int128", 16, "signed"),
    base("unsigned __int128", 16, "unsigned"),
  ];
  const byName = new Map<string, Type>();
  for (const type of [...Object.values(types), ...others])
    if ("name" in type && type.name) byName.set(type.name, type);
  return {
    ...types,
    byName,
    pointerTo: (target) => ({ kind: "pointer", sigil: "*", name: undefined, sizeBytes: addressSize, target }),
  };
}
