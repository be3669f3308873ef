import { toModuleOffset } from "../base/brand.ts";
import type { ByteCursor } from "../base/bytes.ts";
import { skipLeb128 } from "../base/leb128.ts";
import type { ModuleRange } from "../base/range.ts";
import { readHeapType } from "./value-type.ts";

/**
 * The bytes of a constant expression, its `end` included, with the cursor moved behind it.
 *
 * Knows the instructions that a constant expression may hold, extended const and GC among them, and only
 * finds where it ends: whether it is well-typed is the engine's to say.
 *
 * @throws {MalformedError} `unknown-opcode` at an instruction that is not constant; `bad-value-type`;
 * `unexpected-end`.
 * Source: core specification, validation, "Constant Expressions".
 */
export function readConstExpression(cursor: ByteCursor): ModuleRange {
  const start = toModuleOffset(cursor.position);
  while (cursor.peek() !== END) skipConstInstruction(cursor);
  cursor.skip(1);
  return { start, end: toModuleOffset(cursor.position) };
}

const END = 0x0b;

function skipConstInstruction(cursor: ByteCursor): void {
  const start = cursor.position;
  const opcode = cursor.u8();
  switch (opcode) {
    case 0x23: // global.get
    case 0xd2: // ref.func
    case 0x41: // i32.const
      skipLeb128(cursor, 32);
      return;
    case 0x42: // i64.const
      skipLeb128(cursor, 64);
      return;
    case 0x43: // f32.const
      cursor.skip(4);
      return;
    case 0x44: // f64.const
      cursor.skip(8);
      return;
    case 0xd0: // ref.null
      readHeapType(cursor);
      return;
    case 0x6a: // i32.add
    case 0x6b: // i32.sub
    case 0x6c: // i32.mul
    case 0x7c: // i64.add
    case 0x7d: // i64.sub
    case 0x7e: // i64.mul
      return;
    case 0xfb:
      skipGcInstruction(cursor, start);
      return;
    case 0xfd:
      skipVectorConst(cursor, start);
      return;
    default:
      throw notConstant(cursor, start);
  }
}

function skipGcInstruction(cursor: ByteCursor, start: number): void {
  switch (cursor.u8()) {
    case 0x00: // struct.new
    case 0x01: // struct.new_default
    case 0x06: // array.new
    case 0x07: // array.new_default
      skipLeb128(cursor, 32);
      return;
    case 0x08: // array.new_fixed
      skipLeb128(cursor, 32);
      skipLeb128(cursor, 32);
      return;
    case 0x1a: // any.convert_extern
    case 0x1b: // extern.convert_any
    case 0x1c: // ref.i31
      return;
    default:
      throw notConstant(cursor, start);
  }
}

function skipVectorConst(cursor: ByteCursor, start: number): void {
  if (cursor.u8() !== 0x0c) throw notConstant(cursor, start);
  cursor.skip(16);
}

function notConstant(cursor: ByteCursor, start: number): Error {
  const opcode = cursor.bytes[start] ?? 0;
  return cursor.malformed("unknown-opcode", start, `0x${opcode.toString(16)} begins no constant instruction`);
}
