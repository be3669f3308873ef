import type { ByteCursor, ByteWriter } from "./bytes.ts";

/*
 * LEB128 as the core specification restricts it: at most ⌈N/7⌉ bytes for an N-bit integer, and the unused
 * bits of the last byte equal to the sign (or 0 when unsigned).
 *
 * Every reader throws MalformedError at the first byte of the number: `leb128-too-long` for more bytes than
 * N bits can need, `leb128-overflow` for a value outside N bits, `unexpected-end` when the bytes run out.
 * Source: WebAssembly core specification, binary format, "Integers".
 */

/** An unsigned 32-bit number: indexes, counts, sizes. */
export function readU32(cursor: ByteCursor): number {
  const { position, bytes } = cursor;
  if (position < cursor.end) {
    const byte = bytes[position] as number;
    if (byte < 0x80) {
      cursor.position = position + 1;
      return byte;
    }
  }
  return readLongU32(cursor);
}

function readLongU32(cursor: ByteCursor): number {
  const start = cursor.position;
  const low = readLow28(cursor, start);
  if (lastWasFinal(cursor)) return low;
  const top = finalByte(cursor, start, 5);
  if (top > 0x0f) throw overflow(cursor, start, "unsigned 32-bit");
  return low + top * 0x1000_0000;
}

/** A signed 32-bit number: the operand of `i32.const`. */
export function readS32(cursor: ByteCursor): number {
  const start = cursor.position;
  const low = readLow28(cursor, start);
  if (lastWasFinal(cursor)) return signExtended28(low, cursor.position - start);
  const top = signExtended7(finalByte(cursor, start, 5));
  if (top < -8 || top > 7) throw overflow(cursor, start, "signed 32-bit");
  return low + top * 0x1000_0000;
}

/** A signed 33-bit number: heap types and block types, where the index of a type is ≥ 0. */
export function readS33(cursor: ByteCursor): number {
  const start = cursor.position;
  const low = readLow28(cursor, start);
  if (lastWasFinal(cursor)) return signExtended28(low, cursor.position - start);
  const top = signExtended7(finalByte(cursor, start, 5));
  if (top < -16 || top > 15) throw overflow(cursor, start, "signed 33-bit");
  return low + top * 0x1000_0000;
}

/** An unsigned 64-bit number: limits and offsets of memory64, and DWARF's ULEB128. */
export function readU64(cursor: ByteCursor): bigint {
  const start = cursor.position;
  const low = readLow28(cursor, start);
  if (lastWasFinal(cursor)) return BigInt(low);
  const middle = readLow28(cursor, start);
  const below56 = (BigInt(middle) << 28n) | BigInt(low);
  if (lastWasFinal(cursor)) return below56;
  const high = nextByte(cursor, start) & 0x7f;
  if (lastWasFinal(cursor)) return (BigInt(high) << 56n) | below56;
  const top = finalByte(cursor, start, 10);
  if (top > 1) throw overflow(cursor, start, "unsigned 64-bit");
  return (BigInt(high + top * 0x80) << 56n) | below56;
}

/** A signed 64-bit number: the operand of `i64.const`, and DWARF's SLEB128. */
export function readS64(cursor: ByteCursor): bigint {
  const start = cursor.position;
  const low = readLow28(cursor, start);
  if (lastWasFinal(cursor)) return BigInt(signExtended28(low, cursor.position - start));
  const middle = readLow28(cursor, start);
  const read = cursor.position - start;
  if (lastWasFinal(cursor)) return (BigInt(signExtended28(middle, read - 4)) << 28n) | BigInt(low);
  const below56 = (BigInt(middle) << 28n) | BigInt(low);
  const high = nextByte(cursor, start) & 0x7f;
  if (lastWasFinal(cursor)) return (BigInt(signExtended7(high)) << 56n) | below56;
  const top = signExtended7(finalByte(cursor, start, 10));
  if (top < -1 || top > 0) throw overflow(cursor, start, "signed 64-bit");
  return (BigInt(high + top * 0x80) << 56n) | below56;
}

/**
 * Moves past one number without computing it; `bits` says how long it may be.
 *
 * Checks the length only: a value outside `bits` goes unnoticed, which suits those who copy the bytes on.
 */
export function skipLeb128(cursor: ByteCursor, bits: 32 | 33 | 64): void {
  const start = cursor.position;
  const longest = bits === 64 ? 10 : 5;
  for (let count = 1; nextByte(cursor, start) >= 0x80; count++) {
    if (count === longest) throw tooLong(cursor, start, longest);
  }
}

/** Writes a number from 0 to 2³²−1 in as few bytes as it takes. */
export function writeU32(writer: ByteWriter, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    writer.u8((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writer.u8(rest);
}

/** Writes a number from −2³¹ to 2³¹−1. */
export function writeS32(writer: ByteWriter, value: number): void {
  writeS33(writer, value);
}

/** Writes a number from −2³² to 2³²−1. */
export function writeS33(writer: ByteWriter, value: number): void {
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    writer.u8((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writer.u8(rest & 0x7f);
}

/** Writes a number from 0 to 2⁶⁴−1. */
export function writeU64(writer: ByteWriter, value: bigint): void {
  let rest = value;
  while (rest >= 0x80n) {
    writer.u8(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  writer.u8(Number(rest));
}

/** Writes a number from −2⁶³ to 2⁶³−1. */
export function writeS64(writer: ByteWriter, value: bigint): void {
  let rest = value;
  while (rest < -0x40n || rest > 0x3fn) {
    writer.u8(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  writer.u8(Number(rest & 0x7fn));
}

/** Up to four bytes as an unsigned number; stops early after a final byte. */
function readLow28(cursor: ByteCursor, start: number): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = nextByte(cursor, start);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return value;
}

function nextByte(cursor: ByteCursor, start: number): number {
  const { position } = cursor;
  if (position >= cursor.end) throw cursor.malformed("unexpected-end", start, "a LEB128 number is cut off");
  cursor.position = position + 1;
  return cursor.bytes[position] as number;
}

function lastWasFinal(cursor: ByteCursor): boolean {
  return (cursor.bytes[cursor.position - 1] as number) < 0x80;
}

function finalByte(cursor: ByteCursor, start: number, longest: number): number {
  const byte = nextByte(cursor, start);
  if (byte >= 0x80) throw tooLong(cursor, start, longest);
  return byte;
}

function tooLong(cursor: ByteCursor, start: number, longest: number): Error {
  return cursor.malformed("leb128-too-long", start, `a LEB128 number has more than ${longest} bytes`);
}

function overflow(cursor: ByteCursor, start: number, type: string): Error {
  return cursor.malformed("leb128-overflow", start, `a LEB128 number is no ${type} number`);
}

function signExtended7(bits: number): number {
  return (bits << 25) >> 25;
}

/** `value` was read from `count` bytes, 1 to 4. */
function signExtended28(value: number, count: number): number {
  const unused = 32 - 7 * count;
  return (value << unused) >> unused;
}
