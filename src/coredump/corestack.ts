import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readS32, readS64, readU32, writeS32, writeS64, writeU32 } from "../base/leb128.ts";
import type { RawValue } from "../target/target.ts";
import { readName, writeName } from "../wasm/name-string.ts";
import { readCount } from "../wasm/vector.ts";
import { type CoredumpFrame, type CoredumpThread, missingValue } from "./coredump.ts";
import type { Dialect } from "./dialects.ts";

/** Name of the custom section: one for each thread. */
export const CORESTACK_SECTION = "corestack";

/** The leading byte of each record of the format, which leaves room for others. */
export const RECORD = 0x00;

const MISSING = 0x01;
const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;

/**
 * Reads one thread's stack as `dialect` writes it. `progress` is told each frame that was read whole.
 *
 * @throws {MalformedError} `bad-structure` for an unknown record or type of value; `bad-utf8`, `unexpected-end`,
 * `trailing-bytes` and LEB128 codes.
 */
export function readCorestack(
  cursor: ByteCursor,
  dialect: Dialect,
  progress: () => void = () => {},
): CoredumpThread {
  readRecord(cursor, "thread");
  const name = readName(cursor);
  const countStart = cursor.position;
  const count = dialect.shortStacks ? readU32(cursor) : readCount(cursor, dialect.instances ? 6 : 5);
  const frames: CoredumpFrame[] = [];
  for (let index = 0; index < count; index++) {
    if (dialect.shortStacks && cursor.atEnd) break;
    frames.push(readFrame(cursor, dialect));
    progress();
  }
  if (count - frames.length > mostLeftOut) {
    const detail = `${frames.length} frames where ${count} are announced`;
    throw cursor.malformed("unexpected-end", countStart, detail);
  }
  cursor.expectEnd();
  return { name, frames };
}

/** A short stack lacks the frames that stand for the host: a few. */
const mostLeftOut = 16;

/** Writes one thread's stack in the standard dialect. Values that are unknown or have no encoding are marked as missing. */
export function writeCorestack(writer: ByteWriter, { name, frames }: CoredumpThread): void {
  writer.u8(RECORD);
  writeName(writer, name);
  writeU32(writer, frames.length);
  for (const frame of frames) {
    writer.u8(RECORD);
    for (const number of [frame.instance, frame.function, frame.codeOffset]) writeU32(writer, number);
    for (const values of [frame.locals, frame.operands]) {
      writeU32(writer, values.length);
      for (const value of values) writeValue(writer, value);
    }
  }
}

/** Moves past the byte that a record begins with. @throws {MalformedError} `bad-structure` for another byte. */
export function readRecord(cursor: ByteCursor, what: string): void {
  const start = cursor.position;
  const byte = cursor.u8();
  if (byte !== RECORD) {
    throw cursor.malformed("bad-structure", start, `0x${byte.toString(16)} begins no record of a ${what}`);
  }
}

function readFrame(cursor: ByteCursor, dialect: Dialect): CoredumpFrame {
  readRecord(cursor, "frame");
  const instance = dialect.instances ? readU32(cursor) : 0;
  const func = readU32(cursor);
  const codeOffset = readU32(cursor);
  const { locals, operands } =
    dialect.counts === "each" ? readEach(cursor, dialect) : readFirst(cursor, dialect);
  return { instance, function: func, codeOffset, locals, operands };
}

/** No function keeps more, even where only their count is written. */
const mostOperands = 50_000;

type FrameValues = Pick<CoredumpFrame, "locals" | "operands">;

function readEach(cursor: ByteCursor, dialect: Dialect): FrameValues {
  const locals = readValues(cursor, readCount(cursor, 1), dialect);
  return { locals, operands: readValues(cursor, readCount(cursor, 1), dialect) };
}

function readFirst(cursor: ByteCursor, dialect: Dialect): FrameValues {
  const localCount = readCount(cursor, 1);
  const start = cursor.position;
  const operandCount = readU32(cursor);
  const written = localCount + (dialect.operands ? operandCount : 0);
  if (written > cursor.remaining || operandCount > mostOperands) {
    const detail = `${localCount} locals and ${operandCount} operands do not fit in ${cursor.remaining} bytes`;
    throw cursor.malformed("unexpected-end", start, detail);
  }
  const locals = readValues(cursor, localCount, dialect);
  return { locals, operands: dialect.operands ? readValues(cursor, operandCount, dialect) : [] };
}

function readValues(cursor: ByteCursor, count: number, dialect: Dialect): readonly RawValue[] {
  const values: RawValue[] = [];
  for (let index = 0; index < count; index++) values.push(readValue(cursor, dialect));
  return values;
}

function readValue(cursor: ByteCursor, { integers }: Dialect): RawValue {
  const start = cursor.position;
  const tag = cursor.u8();
  switch (tag) {
    case MISSING:
      return missingValue;
    case I32:
      return { type: "i32", value: integers === "fixed" ? cursor.u32() | 0 : readS32(cursor) };
    case I64:
      return {
        type: "i64",
        value: integers === "fixed" ? BigInt.asIntN(64, cursor.u64()) : readS64(cursor),
      };
    case F32:
      return { type: "f32", value: cursor.f32() };
    case F64:
      return { type: "f64", value: cursor.f64() };
    default:
      throw cursor.malformed("bad-structure", start, `0x${tag.toString(16)} is no type of a value`);
  }
}

function writeValue(writer: ByteWriter, value: RawValue): void {
  switch (value.type) {
    case "i32":
      writer.u8(I32);
      writeS32(writer, value.value);
      return;
    case "i64":
      writer.u8(I64);
      writeS64(writer, value.value);
      return;
    case "f32":
      writer.u8(F32);
      writer.f32(value.value);
      return;
    case "f64":
      writer.u8(F64);
      writer.f64(value.value);
      return;
    default:
      writer.u8(MISSING);
  }
}
