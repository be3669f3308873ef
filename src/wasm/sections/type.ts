import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readStorageType, readValueType, type ValueType, writeValueType } from "../value-type.ts";
import { readIndexes, readVector, writeIndexes, writeVector } from "../vector.ts";

/** A function's parameters and results. */
export interface FuncType {
  readonly kind: "func";
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A field of a struct, or the elements of an array. */
export interface FieldType {
  /** May be packed. */
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** A struct of the garbage collection proposal. */
export interface StructType {
  readonly kind: "struct";
  readonly fields: readonly FieldType[];
}

/** An array of the garbage collection proposal. */
export interface ArrayType {
  readonly kind: "array";
  readonly element: FieldType;
}

/** What a type of the type section is. */
export type CompositeType = FuncType | StructType | ArrayType;

/** One entry of a module's type index space. */
export interface SubType {
  /** Nothing may name it as its supertype. */
  readonly final: boolean;
  /** Type indexes; none or one in the standard as it is. */
  readonly supertypes: Uint32Array;
  readonly composite: CompositeType;
}

/** Types that may refer to one another; most groups have one type. */
export type RecGroup = readonly SubType[];

/** The type section: what it holds, as it is grouped. Indexes count the types through all groups. */
export interface TypeSection {
  readonly groups: readonly RecGroup[];
  /** The groups in one row: the type index space. */
  readonly types: readonly SubType[];
}

const FUNC = 0x60;
const STRUCT = 0x5f;
const ARRAY = 0x5e;
const SUB = 0x50;
const SUB_FINAL = 0x4f;
const REC = 0x4e;
const NO_SUPERTYPES = new Uint32Array(0);

/** Reads a type section's payload. @throws {MalformedError} `bad-structure` for an unknown form of type, `bad-value-type`. */
export function readTypeSection(cursor: ByteCursor): TypeSection {
  const groups = readVector(cursor, 1, readRecGroup);
  cursor.expectEnd();
  return { groups, types: groups.flat() };
}

/** Writes a type section's payload. */
export function writeTypeSection(writer: ByteWriter, section: TypeSection): void {
  writeVector(writer, section.groups, writeRecGroup);
}

/** Writes one entry of the section: a group. A group of one type is written without its brackets, which means the same. */
export function writeRecGroup(writer: ByteWriter, group: RecGroup): void {
  const [first] = group;
  if (group.length === 1 && first) {
    writeSubType(writer, first);
  } else {
    writer.u8(REC);
    writeVector(writer, group, writeSubType);
  }
}

/** A final type without supertypes: what a plain function type is. */
export function plainType(composite: CompositeType): SubType {
  return { final: true, supertypes: NO_SUPERTYPES, composite };
}

function readRecGroup(cursor: ByteCursor): RecGroup {
  if (cursor.peek() !== REC) return [readSubType(cursor)];
  cursor.skip(1);
  return readVector(cursor, 2, readSubType);
}

function readSubType(cursor: ByteCursor): SubType {
  const form = cursor.peek();
  if (form !== SUB && form !== SUB_FINAL) return plainType(readCompositeType(cursor));
  cursor.skip(1);
  return { final: form === SUB_FINAL, supertypes: readIndexes(cursor), composite: readCompositeType(cursor) };
}

function writeSubType(writer: ByteWriter, type: SubType): void {
  if (!type.final || type.supertypes.length > 0) {
    writer.u8(type.final ? SUB_FINAL : SUB);
    writeIndexes(writer, type.supertypes);
  }
  writeCompositeType(writer, type.composite);
}

function readCompositeType(cursor: ByteCursor): CompositeType {
  const start = cursor.position;
  const form = cursor.u8();
  switch (form) {
    case FUNC:
      return {
        kind: "func",
        params: readVector(cursor, 1, readValueType),
        results: readVector(cursor, 1, readValueType),
      };
    case STRUCT:
      return { kind: "struct", fields: readVector(cursor, 2, readFieldType) };
    case ARRAY:
      return { kind: "array", element: readFieldType(cursor) };
    default:
      throw cursor.malformed("bad-structure", start, `0x${form.toString(16)} begins no type`);
  }
}

function writeCompositeType(writer: ByteWriter, type: CompositeType): void {
  switch (type.kind) {
    case "func":
      writer.u8(FUNC);
      writeVector(writer, type.params, writeValueType);
      writeVector(writer, type.results, writeValueType);
      return;
    case "struct":
      writer.u8(STRUCT);
      writeVector(writer, type.fields, writeFieldType);
      return;
    case "array":
      writer.u8(ARRAY);
      writeFieldType(writer, type.element);
      return;
  }
}

function readFieldType(cursor: ByteCursor): FieldType {
  const type = readStorageType(cursor);
  return { type, mutable: readMutability(cursor) };
}

function writeFieldType(writer: ByteWriter, field: FieldType): void {
  writeValueType(writer, field.type);
  writer.u8(field.mutable ? 1 : 0);
}

/** Whether a field or global may be written. @throws {MalformedError} `bad-structure` for other bytes than 0 and 1. */
export function readMutability(cursor: ByteCursor): boolean {
  const start = cursor.position;
  const byte = cursor.u8();
  if (byte > 1) throw cursor.malformed("bad-structure", start, `0x${byte.toString(16)} is no mutability`);
  return byte === 1;
}
