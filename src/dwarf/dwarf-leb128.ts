import type { ByteCursor } from "../base/bytes.ts";

/*
 * LEB128 as DWARF uses it: padded with as many bytes as the producer liked, which Wasm's own rules forbid.
 * Bits past the 64th are dropped.
 */

/** An unsigned number. @throws {MalformedError} `unexpected-end` */
export function readUleb(cursor: ByteCursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.u8();
    if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
}

/** A signed number. @throws {MalformedError} `unexpected-end` */
export function readSleb(cursor: ByteCursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.u8();
    if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      const width = shift + 7n;
      return BigInt.asIntN(64, width < 64n ? BigInt.asIntN(Number(width), value) : value);
    }
  }
}
