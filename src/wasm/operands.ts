import type { ByteCursor } from "../base/bytes.ts";
import { readS32, readS64, readU32, readU64 } from "../base/leb128.ts";
import { EMPTY_BLOCK_TYPE, type ImmediateKind } from "./instructions.ts";
import { readHeapType, readValueType, type ValueType } from "./value-type.ts";

/** Type of a block: nothing, the one result, or the index of a function type. */
export type BlockType = ValueType | { readonly typeIndex: number } | undefined;

/** Where a load, a store or an atomic access goes, besides its address operand. */
export interface MemoryArgument {
  /** Power of two. */
  readonly align: number;
  readonly memory: number;
  /** Bytes. */
  readonly offset: bigint;
}

/** One clause of `try_table`. */
export interface CatchClause {
  readonly kind: "catch" | "catch_ref" | "catch_all" | "catch_all_ref";
  /** `undefined` for the two that catch all. */
  readonly tag: number | undefined;
  /** Counts from outside the block of `try_table`. */
  readonly label: number;
}

/** A decoded immediate. */
export type Operand =
  | { readonly kind: IndexKind; readonly value: number }
  | { readonly kind: "i64"; readonly value: bigint }
  | { readonly kind: "labels"; readonly value: readonly number[] }
  | { readonly kind: "blocktype"; readonly value: BlockType }
  | { readonly kind: "heaptype" | "nullheaptype"; readonly value: ValueType }
  | { readonly kind: "valtypes"; readonly value: readonly ValueType[] }
  | { readonly kind: "catches"; readonly value: readonly CatchClause[] }
  | { readonly kind: "memarg"; readonly value: MemoryArgument }
  | { readonly kind: "shuffle" | "v128"; readonly value: Uint8Array };

type IndexKind = Exclude<
  ImmediateKind,
  | "i64"
  | "labels"
  | "blocktype"
  | "heaptype"
  | "nullheaptype"
  | "valtypes"
  | "catches"
  | "memarg"
  | "shuffle"
  | "v128"
>;

/** Decodes an immediate of a kind. @throws {MalformedError} as the readers of LEB128 and of types. */
export function readOperand(cursor: ByteCursor, kind: ImmediateKind): Operand {
  switch (kind) {
    case "blocktype":
      return { kind, value: readBlockType(cursor) };
    case "heaptype":
    case "nullheaptype":
      return { kind, value: readHeapType(cursor) };
    case "labels":
      return { kind, value: readVector(cursor, 1, readU32) };
    case "valtypes":
      return { kind, value: readVector(cursor, 0, readValueType) };
    case "catches":
      return { kind, value: readCatches(cursor) };
    case "memarg":
      return { kind, value: readMemoryArgument(cursor) };
    case "shuffle":
    case "v128":
      return { kind, value: cursor.take(16) };
    case "lane":
    case "castflags":
    case "zero":
      return { kind, value: cursor.u8() };
    case "i32":
      return { kind, value: readS32(cursor) };
    case "i64":
      return { kind, value: readS64(cursor) };
    case "f32":
      return { kind, value: cursor.f32() };
    case "f64":
      return { kind, value: cursor.f64() };
    default:
      return { kind, value: readU32(cursor) };
  }
}

/** Decodes the type of a block. @throws {MalformedError} `bad-value-type`. */
export function readBlockType(cursor: ByteCursor): BlockType {
  const byte = cursor.peek();
  if (byte === EMPTY_BLOCK_TYPE) {
    cursor.skip(1);
    return undefined;
  }
  // A type index is a positive number of 33 bits: bit 6 of its last byte is clear, as in no value type.
  if (byte >= 0x80 || byte < EMPTY_BLOCK_TYPE) return { typeIndex: readU32(cursor) };
  return readValueType(cursor);
}

/** Decodes where a load, a store or an atomic access goes. */
export function readMemoryArgument(cursor: ByteCursor): MemoryArgument {
  const flags = readU32(cursor);
  const memory = flags & 0x40 ? readU32(cursor) : 0;
  return { align: flags & 0x3f, memory, offset: readU64(cursor) };
}

/** Decodes the clauses of `try_table`. @throws {MalformedError} `bad-structure` for a kind that is none. */
export function readCatches(cursor: ByteCursor): readonly CatchClause[] {
  return readVector(cursor, 0, () => {
    const kind = CATCH_KINDS[cursor.u8()];
    if (!kind) throw cursor.malformed("bad-structure", cursor.position - 1, "no kind of catch clause");
    const tag = kind === "catch" || kind === "catch_ref" ? readU32(cursor) : undefined;
    return { kind, tag, label: readU32(cursor) };
  });
}

function readVector<T>(cursor: ByteCursor, extra: number, read: (cursor: ByteCursor) => T): readonly T[] {
  const count = readU32(cursor) + extra;
  const elements: T[] = [];
  for (let index = 0; index < count; index++) elements.push(read(cursor));
  return elements;
}

const CATCH_KINDS = ["catch", "catch_ref", "catch_all", "catch_all_ref"] as const;
