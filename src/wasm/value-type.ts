import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readS33, writeS33 } from "../base/leb128.ts";

declare const valueType: unique symbol;
/**
 * A value type, storage type or reference type as one number, so that equal types are `===` and a typed
 * array can hold them. It always fits 31 bits.
 *
 * Numbers, vectors and packed types are their byte in the binary format. References are made of bit fields:
 * bits 0–6 the abstract heap type's byte (0 when concrete), 7 nullable, 8 reference, 11–30 the type index.
 * Look at them through the functions of this file only.
 */
export type ValueType = number & { readonly [valueType]: true };

const of = (value: number): ValueType => value as ValueType;

export const I32: ValueType = of(0x7f);
export const I64: ValueType = of(0x7e);
export const F32: ValueType = of(0x7d);
export const F64: ValueType = of(0x7c);
export const V128: ValueType = of(0x7b);
/** Packed: only in fields of structs and arrays. */
export const I8: ValueType = of(0x78);
/** Packed: only in fields of structs and arrays. */
export const I16: ValueType = of(0x77);

/** Abstract heap types, by name, with their byte. */
export const HEAP_TYPES = {
  noexn: 0x74,
  nofunc: 0x73,
  noextern: 0x72,
  none: 0x71,
  func: 0x70,
  extern: 0x6f,
  any: 0x6e,
  eq: 0x6d,
  i31: 0x6c,
  struct: 0x6b,
  array: 0x6a,
  exn: 0x69,
} as const;

/** What a reference points at: an abstract heap type by name or a type of the module by index. */
export type HeapType =
  | { readonly kind: "abstract"; readonly name: AbstractHeapType }
  | { readonly kind: "concrete"; readonly typeIndex: number };
export type AbstractHeapType = keyof typeof HEAP_TYPES;

const NULLABLE = 0x80;
const REFERENCE = 0x100;
const INDEX_SHIFT = 11;
/** A module may have 1,000,000 types (JavaScript interface, "Implementation-defined limits"), so 20 bits are enough. */
const TYPE_INDEX_LIMIT = 1 << 20;

const REF = 0x64;
const REF_NULL = 0x63;

const nameOfByte = new Map<number, AbstractHeapType>();
for (const name of Object.keys(HEAP_TYPES) as AbstractHeapType[]) nameOfByte.set(HEAP_TYPES[name], name);

/** `(ref null name)`, as in `funcref`. */
export const nullableRef = (name: AbstractHeapType): ValueType => of(REFERENCE | NULLABLE | HEAP_TYPES[name]);
/** `(ref name)`. */
export const nonNullRef = (name: AbstractHeapType): ValueType => of(REFERENCE | HEAP_TYPES[name]);
/** `(ref null index)`. `typeIndex` < 2²⁰. */
export const nullableTypeRef = (typeIndex: number): ValueType =>
  of(REFERENCE | NULLABLE | (typeIndex << INDEX_SHIFT));
/** `(ref index)`. `typeIndex` < 2²⁰. */
export const nonNullTypeRef = (typeIndex: number): ValueType => of(REFERENCE | (typeIndex << INDEX_SHIFT));

export const FUNCREF: ValueType = nullableRef("func");
export const EXTERNREF: ValueType = nullableRef("extern");
export const EXNREF: ValueType = nullableRef("exn");

export const isReference = (type: ValueType): boolean => (type & REFERENCE) !== 0;
/** Of a reference type: whether null is one of its values. Locals of other references have no default. */
export const isNullable = (type: ValueType): boolean => (type & NULLABLE) !== 0 && isReference(type);
/** What a reference type points at; `undefined` for types that are no references. */
export function heapTypeOf(type: ValueType): HeapType | undefined {
  if (!isReference(type)) return undefined;
  const name = nameOfByte.get(type & 0x7f);
  return name ? { kind: "abstract", name } : { kind: "concrete", typeIndex: type >> INDEX_SHIFT };
}

/** As the text format writes it: `i32`, `funcref`, `(ref null 3)`. */
export const formatValueType = (type: ValueType): string => formatNamedValueType(type, String);

/** As `formatValueType`, with types of the module as `typeText` writes them. */
export function formatNamedValueType(type: ValueType, typeText: (typeIndex: number) => string): string {
  const heap = heapTypeOf(type);
  if (!heap) return numericName.get(type) ?? "?";
  const target = heap.kind === "abstract" ? heap.name : typeText(heap.typeIndex);
  if (!isNullable(type)) return `(ref ${target})`;
  return heap.kind === "abstract" ? (shorthand[heap.name] ?? `${heap.name}ref`) : `(ref null ${target})`;
}

const numericName = new Map<number, string>([
  [I32, "i32"],
  [I64, "i64"],
  [F32, "f32"],
  [F64, "f64"],
  [V128, "v128"],
  [I8, "i8"],
  [I16, "i16"],
]);
const shorthand: Partial<Record<AbstractHeapType, string>> = {
  none: "nullref",
  nofunc: "nullfuncref",
  noextern: "nullexternref",
  noexn: "nullexnref",
};

/**
 * A number, vector or reference type.
 *
 * @throws {MalformedError} `bad-value-type` at its first byte.
 * Source: core specification, binary format, "Value Types".
 */
export function readValueType(cursor: ByteCursor): ValueType {
  const start = cursor.position;
  const byte = cursor.u8();
  if (byte >= V128 && byte <= I32) return of(byte);
  if (byte === REF_NULL) return of(readHeapTypeBits(cursor) | NULLABLE);
  if (byte === REF) return readHeapTypeBits(cursor);
  if (nameOfByte.has(byte)) return of(REFERENCE | NULLABLE | byte);
  throw cursor.malformed("bad-value-type", start, `0x${byte.toString(16)} is no value type`);
}

/** A value type or a packed type: the type of a field. @throws {MalformedError} `bad-value-type`. */
export function readStorageType(cursor: ByteCursor): ValueType {
  const byte = cursor.peek();
  if (byte !== I8 && byte !== I16) return readValueType(cursor);
  cursor.skip(1);
  return of(byte);
}

/** A value type that must be a reference. @throws {MalformedError} `bad-value-type`. */
export function readReferenceType(cursor: ByteCursor): ValueType {
  const start = cursor.position;
  const type = readValueType(cursor);
  if (!isReference(type)) {
    throw cursor.malformed("bad-value-type", start, `${formatValueType(type)} is no reference type`);
  }
  return type;
}

/**
 * A heap type, as the operand of `ref.null` and of casts, answered as the non-null reference to it.
 *
 * @throws {MalformedError} `bad-value-type` at its first byte; `bad-index` for an index no module can have.
 */
export function readHeapType(cursor: ByteCursor): ValueType {
  return readHeapTypeBits(cursor);
}

/** Writes a value, storage or reference type, in its shorthand where it has one. */
export function writeValueType(writer: ByteWriter, type: ValueType): void {
  if (!isReference(type)) {
    writer.u8(type);
    return;
  }
  const abstract = (type & 0x7f) !== 0;
  if (!abstract || !isNullable(type)) writer.u8(isNullable(type) ? REF_NULL : REF);
  writeHeapType(writer, type);
}

/** Writes only what a reference type points at. */
export function writeHeapType(writer: ByteWriter, type: ValueType): void {
  const byte = type & 0x7f;
  if (byte) writer.u8(byte);
  else writeS33(writer, type >> INDEX_SHIFT);
}

function readHeapTypeBits(cursor: ByteCursor): ValueType {
  const start = cursor.position;
  const value = readS33(cursor);
  if (value >= TYPE_INDEX_LIMIT) throw cursor.malformed("bad-index", start, `there is no type ${value}`);
  if (value >= 0) return of(REFERENCE | (value << INDEX_SHIFT));
  const byte = value + 0x80;
  // The byte 0x70 is the number −16; abstract heap types are one byte, never a longer spelling of it.
  if (cursor.position === start + 1 && nameOfByte.has(byte)) return of(REFERENCE | byte);
  throw cursor.malformed("bad-value-type", start, `${value} is no heap type`);
}
