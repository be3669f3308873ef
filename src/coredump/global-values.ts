import { ByteCursor, type ByteWriter } from "../base/bytes.ts";
import { readS32, readS64, writeS32, writeS64, writeU32 } from "../base/leb128.ts";
import type { RawValue } from "../target/target.ts";
import { readGlobalSection } from "../wasm/sections/global.ts";
import { missingValue } from "./coredump.ts";

const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F32_CONST = 0x43;
const F64_CONST = 0x44;
const REF_NULL = 0xd0;
const VECTOR = 0xfd;
const V128_CONST = 0x0c;
const END = 0x0b;
const FUNC = 0x70;

/**
 * Values of a coredump's globals, by index: the constants they are initialised with. One without a constant, as
 * WasmEdge writes them, is unavailable.
 *
 * @throws {MalformedError} as the reader of the section.
 */
export function readGlobalValues(cursor: ByteCursor): readonly RawValue[] {
  return readGlobalSection(cursor).map(({ init }) =>
    readConstant(new ByteCursor(cursor.bytes, "global", init.start, init.end)),
  );
}

/** Writes a global section's payload: a constant, immutable global for each value. */
export function writeGlobalValues(writer: ByteWriter, values: readonly RawValue[]): void {
  writeU32(writer, values.length);
  for (const value of values) writeGlobal(writer, value);
}

function readConstant(cursor: ByteCursor): RawValue {
  switch (cursor.u8()) {
    case I32_CONST:
      return { type: "i32", value: readS32(cursor) };
    case I64_CONST:
      return { type: "i64", value: readS64(cursor) };
    case F32_CONST:
      return { type: "f32", value: cursor.f32() };
    case F64_CONST:
      return { type: "f64", value: cursor.f64() };
    case REF_NULL:
      return { type: "ref", value: "null" };
    case VECTOR:
      return cursor.u8() === V128_CONST ? { type: "v128", value: cursor.take(16).slice() } : missingValue;
    default:
      return missingValue;
  }
}

const typeBytes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, ref: FUNC } as const;

function writeGlobal(writer: ByteWriter, value: RawValue): void {
  writer.u8(value.type === "unavailable" ? FUNC : typeBytes[value.type]);
  writer.u8(0);
  writeConstant(writer, value);
  writer.u8(END);
}

function writeConstant(writer: ByteWriter, value: RawValue): void {
  switch (value.type) {
    case "i32":
      writer.u8(I32_CONST);
      writeS32(writer, value.value);
      return;
    case "i64":
      writer.u8(I64_CONST);
      writeS64(writer, value.value);
      return;
    case "f32":
      writer.u8(F32_CONST);
      writer.f32(value.value);
      return;
    case "f64":
      writer.u8(F64_CONST);
      writer.f64(value.value);
      return;
    case "v128":
      writer.u8(VECTOR);
      writer.u8(V128_CONST);
      writer.copy(value.value);
      return;
    default:
      writer.u8(REF_NULL);
      writer.u8(FUNC);
  }
}
