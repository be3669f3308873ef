import type { Die } from "../../dwarf/die.ts";
import type { ExpressionUnit } from "../../dwarf/expression-machine.ts";
import type { SourceLanguage } from "../../dwarf/source-language.ts";

/**
 * A type of the guest's source language, as the debug info has it.
 *
 * One object per type DIE, for the session. Types refer to others through getters that decode on first
 * use, so a chain of them may be endless in malformed debug info: whoever follows one counts its steps.
 */
export type Type =
  | BaseType
  | EnumerationType
  | PointerType
  | ArrayType
  | RecordType
  | FunctionType
  | MemberPointerType
  | AliasType
  | QualifiedType
  | VoidType
  | BrokenType;

/** How the bits of a base type are read. */
export type Encoding =
  | "boolean"
  | "signed"
  | "unsigned"
  /** Integers that are also characters. */
  | "signed-char"
  | "unsigned-char"
  /** A code point or code unit of Unicode. */
  | "utf"
  /** IEEE 754 binary of the type's size. */
  | "float"
  /** Two `float`s of half the size: real and imaginary part. */
  | "complex"
  | "unknown";

/** A number, a character or a truth value. */
export interface BaseType {
  readonly kind: "base";
  readonly name: string;
  readonly sizeBytes: number;
  readonly encoding: Encoding;
}

/** A name for a value of an enumeration. */
export interface Enumerator {
  readonly name: string;
  readonly value: bigint;
}

/** Numbers of which some have names. */
export interface EnumerationType {
  readonly kind: "enumeration";
  /** `undefined` for an anonymous one. */
  readonly name: string | undefined;
  /** What comes before the name in a C program: `enum`, or nothing. */
  readonly keyword: string;
  readonly sizeBytes: number;
  readonly isSigned: boolean;
  readonly enumerators: readonly Enumerator[];
}

/** An address of a value: a pointer, or a reference. */
export interface PointerType {
  readonly kind: "pointer";
  /** How it is written: `*`, `&` or `&&`. Only `*` is a pointer to the user; the others are looked through. */
  readonly sigil: "*" | "&" | "&&";
  /** Languages that name their pointers, such as `&str`. */
  readonly name: string | undefined;
  readonly sizeBytes: number;
  readonly target: Type;
}

/** Elements of one type, one after the other. */
export interface ArrayType {
  readonly kind: "array";
  readonly element: Type;
  /** `undefined` for an array without a length, such as a flexible member. */
  readonly count: number | undefined;
  /** The variable that holds the count of a variable-length array. */
  readonly countVariable?: Die;
  /** Bytes from one element to the next, where it is not the element's size. */
  readonly strideBytes: number | undefined;
  /** Rust writes it as `[T; 4]`, Zig as `[4]T`. */
  readonly language?: SourceLanguage;
}

/** A type of named parts: a struct, a class, a union, a tuple, or an enum of Rust. */
export interface RecordType {
  readonly kind: "record";
  readonly form: "struct" | "union" | "class";
  /** `undefined` for an anonymous one. */
  readonly name: string | undefined;
  /** What comes before the name in a C program: `struct` or `union`; empty in languages that have none. */
  readonly keyword: string;
  /** `undefined` where only a declaration is known. */
  readonly sizeBytes: number | undefined;
  /** Base classes first, then fields in the order declared; empty for a declaration. */
  readonly members: readonly Member[];
  /** In bytes, where the debug info says it. */
  readonly alignment?: number | undefined;
  /** Types a template or generic was made with, in order. */
  readonly typeArguments?: readonly TypeArgument[];
  /** For a type that is one of several variants at a time: the enums of Rust. */
  readonly variants?: VariantPart | undefined;
  readonly language?: SourceLanguage;
  /** For classes of C++ that are copied by a constructor of theirs, or ended by a destructor. */
  readonly isCopiedByCode?: boolean;
  /** Names of the virtual functions that a C++ class declares, by their places in its table; absent where nobody can tell. */
  readonly virtualFunctions?: ReadonlyMap<number, string>;
  /** For what describes a table of virtual functions: the type the table is of. */
  readonly containingType?: Type | undefined;
}

/** What a parameter of a template or generic stands for. */
export interface TypeArgument {
  readonly name: string;
  readonly type: Type;
}

/** Variants of a type, and what tells them apart. */
export interface VariantPart {
  /** `undefined` where there is but one variant. */
  readonly discriminant: Member | undefined;
  readonly variants: readonly Variant[];
}

/** One of the forms that a value of a type with variants may have. */
export interface Variant {
  /** Values of the discriminant, modulo its size, that stand for this variant, both ends inclusive; `undefined` for all others. */
  readonly values: readonly (readonly [least: bigint, greatest: bigint])[] | undefined;
  /** Its name, and the record of its fields. */
  readonly member: Member;
}

/** A pointer to a member of a class: an offset in bytes, or a member function. */
export interface MemberPointerType {
  readonly kind: "member-pointer";
  readonly sizeBytes: number;
  readonly class: Type;
  readonly target: Type;
}

/** A part of a record: a field, or a base class. */
export interface Member {
  /** `undefined` for an anonymous struct or union, whose members count as the outer one's. */
  readonly name: string | undefined;
  readonly kind: "field" | "base";
  readonly type: Type;
  readonly offset: MemberOffset;
  /** For bit-fields: which bits, counted from the lowest bit of the record's first byte. */
  readonly bits: BitRange | undefined;
}

/** Where a member is, from where its record begins. */
export type MemberOffset =
  | { readonly kind: "bytes"; readonly bytes: number }
  /** Virtual bases: an expression that begins with the record's address on its stack. */
  | { readonly kind: "expression"; readonly bytes: Uint8Array; readonly unit: ExpressionUnit };

/** Bits `offset` to `offset + size` (exclusive), little-endian. */
export interface BitRange {
  readonly offset: number;
  readonly size: number;
}

/** A function: what pointers to functions point to. */
export interface FunctionType {
  readonly kind: "function";
  readonly result: Type;
  readonly parameters: readonly Type[];
  readonly isVariadic: boolean;
}

/** A typedef. */
export interface AliasType {
  readonly kind: "alias";
  readonly name: string;
  readonly target: Type;
}

/** Another type with a qualifier, which changes nothing about its values. */
export interface QualifiedType {
  readonly kind: "qualified";
  readonly qualifier: "const" | "volatile" | "restrict" | "_Atomic";
  readonly target: Type;
}

/** `void`, or a type the language has no values of. */
export interface VoidType {
  readonly kind: "void";
  readonly name: string;
}

/** A type that the debug info does not give properly. Values of it show the reason. */
export interface BrokenType {
  readonly kind: "broken";
  readonly name: string;
  readonly reason: string;
}

/** A type without the aliases and qualifiers around it. */
export type PlainType = Exclude<Type, AliasType | QualifiedType>;

const maxChain = 64;

/** Looks through typedefs and qualifiers. A chain that does not end is a broken type. */
export function plainType(type: Type): PlainType {
  let plain = type;
  for (let steps = 0; steps < maxChain; steps++) {
    if (plain.kind !== "alias" && plain.kind !== "qualified") return plain;
    plain = plain.target;
  }
  return { kind: "broken", name: "…", reason: "its type refers to itself" };
}

/** Bytes a value takes; `undefined` where the type does not say, is incomplete, or is too large to be true. */
export function sizeOf(type: Type, depth = 0): number | undefined {
  const plain = plainType(type);
  switch (plain.kind) {
    case "array": {
      if (plain.count === undefined || depth > maxChain) return undefined;
      const stride = strideOf(plain, depth + 1);
      const size = stride === undefined ? undefined : stride * plain.count;
      return size !== undefined && size <= Number.MAX_SAFE_INTEGER ? size : undefined;
    }
    case "function":
    case "void":
    case "broken":
      return undefined;
    default:
      return plain.sizeBytes;
  }
}

/** Bytes from one element of an array to the next. */
export function strideOf(type: ArrayType, depth = 0): number | undefined {
  return type.strideBytes ?? sizeOf(type.element, depth);
}

/** Whether a value is one number, character, truth value, enumerator or address. */
export function isScalar(type: PlainType): type is BaseType | EnumerationType | PointerType {
  return type.kind === "base" || type.kind === "enumeration" || type.kind === "pointer";
}

/** Whether the integers of a type have a sign. */
export function hasSign(type: BaseType | EnumerationType): boolean {
  if (type.kind === "enumeration") return type.isSigned;
  return type.encoding === "signed" || type.encoding === "signed-char";
}

/** Whether a type is for characters alone, which bytes are not: `wchar_t` is one of C++'s, though its encoding is a number's. */
export function isWide(type: BaseType): boolean {
  return type.encoding === "utf" || type.name === "wchar_t";
}

/** A character type: one whose arrays and pointers are shown as text. */
export function isCharacter(type: PlainType): type is BaseType {
  if (type.kind !== "base") return false;
  if (isWide(type)) return type.sizeBytes <= 4;
  return (type.encoding === "signed-char" || type.encoding === "unsigned-char") && type.sizeBytes === 1;
}
