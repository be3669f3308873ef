import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../src/base/bytes.ts";
import {
  readS32,
  readS33,
  readS64,
  readU32,
  readU64,
  skipLeb128,
  writeS32,
  writeS33,
  writeS64,
  writeU32,
  writeU64,
} from "../../src/base/leb128.ts";
import { assertMalformed } from "../support/malformed.ts";

/** One byte stands before each number, so that offsets are not all 0. */
const cursorOf = (...bytes: number[]): ByteCursor => new ByteCursor(Uint8Array.of(0xff, ...bytes), "test", 1);
const written = (write: (writer: ByteWriter) => void): number[] => {
  const writer = new ByteWriter();
  write(writer);
  return [...writer.view()];
};

const powersAround = (bits: number): bigint[] => {
  const values: bigint[] = [0n];
  for (let bit = 0n; bit <= BigInt(bits); bit++) values.push((1n << bit) - 1n, 1n << bit, (1n << bit) + 1n);
  return values;
};
const signedWithin = (bits: bigint): bigint[] =>
  powersAround(Number(bits))
    .flatMap((value) => [value, -value])
    .filter((value) => value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n));
const unsignedWithin = (bits: bigint): bigint[] =>
  powersAround(Number(bits)).filter((value) => value < 1n << bits);

/** The same number with needless bytes, as linkers leave it: `length` bytes in all. */
function padded(bytes: readonly number[], length: number): number[] {
  const negative = ((bytes.at(-1) ?? 0) & 0x40) !== 0;
  const out = bytes.map((byte) => byte | 0x80);
  while (out.length < length) out.push(negative ? 0xff : 0x80);
  return [...out.slice(0, -1), (out.at(-1) ?? 0) & 0x7f];
}

describe("LEB128", () => {
  const kinds = [
    ["unsigned 32-bit", unsignedWithin(32n), readU32, writeU32, 5],
    ["signed 32-bit", signedWithin(32n), readS32, writeS32, 5],
    ["signed 33-bit", signedWithin(33n), readS33, writeS33, 5],
  ] as const;
  for (const [name, values, read, write, longest] of kinds) {
    it(`writes and reads ${name} numbers of every length`, () => {
      for (const value of values.map(Number)) {
        const bytes = written((writer) => write(writer, value));
        assert.ok(bytes.length <= longest, `${value} in ${bytes.length} bytes`);
        const cursor = cursorOf(...bytes);
        assert.equal(read(cursor), value);
        assert.ok(cursor.atEnd);
      }
    });
  }

  it("writes and reads unsigned 64-bit numbers of every length", () => {
    for (const value of unsignedWithin(64n)) {
      const cursor = cursorOf(...written((writer) => writeU64(writer, value)));
      assert.equal(readU64(cursor), value);
      assert.ok(cursor.atEnd);
    }
  });

  it("writes and reads signed 64-bit numbers of every length", () => {
    for (const value of signedWithin(64n)) {
      const cursor = cursorOf(...written((writer) => writeS64(writer, value)));
      assert.equal(readS64(cursor), value);
      assert.ok(cursor.atEnd);
    }
  });

  it("writes known numbers as the standard's bytes", () => {
    assert.deepEqual(
      written((writer) => writeU32(writer, 624485)),
      [0xe5, 0x8e, 0x26],
    );
    assert.deepEqual(
      written((writer) => writeS32(writer, -123456)),
      [0xc0, 0xbb, 0x78],
    );
    assert.deepEqual(
      written((writer) => writeS32(writer, -(2 ** 31))),
      [0x80, 0x80, 0x80, 0x80, 0x78],
    );
  });

  it("reads numbers padded to their full length", () => {
    for (const value of signedWithin(32n)) {
      const bytes = padded(
        written((writer) => writeS32(writer, Number(value))),
        5,
      );
      assert.equal(readS32(cursorOf(...bytes)), Number(value));
      assert.equal(readS33(cursorOf(...bytes)), Number(value));
    }
    for (const value of signedWithin(64n)) {
      const bytes = padded(
        written((writer) => writeS64(writer, value)),
        10,
      );
      assert.equal(readS64(cursorOf(...bytes)), value);
    }
    assert.equal(readU32(cursorOf(0x83, 0x80, 0x80, 0x80, 0x00)), 3);
    assert.equal(readU64(cursorOf(0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)), 3n);
  });

  it("refuses numbers cut off, at their first byte", () => {
    for (const read of [readU32, readS32, readS33, readU64, readS64]) {
      for (const bytes of [[], [0x80], [0x80, 0x80, 0x80, 0x80]]) {
        assertMalformed(() => read(cursorOf(...bytes)), {
          code: "unexpected-end",
          section: "test",
          offset: 1,
        });
      }
    }
    for (const read of [readU64, readS64]) {
      for (const length of [5, 7, 8, 9]) {
        const cut = cursorOf(...new Array<number>(length).fill(0x80));
        assertMalformed(() => read(cut), { code: "unexpected-end", section: "test", offset: 1 });
      }
    }
  });

  it("refuses more bytes than the number can need, at its first byte", () => {
    const long = new Array<number>(11).fill(0x80);
    for (const read of [readU32, readS32, readS33, readU64, readS64]) {
      assertMalformed(() => read(cursorOf(...long, 0)), {
        code: "leb128-too-long",
        section: "test",
        offset: 1,
      });
    }
  });

  it("refuses values outside the number's bits, at its first byte", () => {
    const refused = (read: (cursor: ByteCursor) => unknown, length: number, ...last: number[]): void => {
      for (const byte of last) {
        assertMalformed(() => read(cursorOf(...new Array<number>(length - 1).fill(0x80), byte)), {
          code: "leb128-overflow",
          section: "test",
          offset: 1,
        });
      }
    };
    refused(readU32, 5, 0x10, 0x1f, 0x70, 0x7f);
    refused(readS32, 5, 0x08, 0x0f, 0x70, 0x77, 0x3f);
    refused(readS33, 5, 0x10, 0x1f, 0x60, 0x6f, 0x3f);
    refused(readU64, 10, 0x02, 0x7e, 0x7f);
    refused(readS64, 10, 0x01, 0x02, 0x3f, 0x7e);
  });

  it("skips numbers without computing them", () => {
    const cursor = cursorOf(0x05, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x2a);
    skipLeb128(cursor, 32);
    skipLeb128(cursor, 33);
    skipLeb128(cursor, 64);
    assert.equal(cursor.u8(), 0x2a);
  });

  it("skips no number that is too long or cut off", () => {
    const five = [0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
    assertMalformed(() => skipLeb128(cursorOf(...five), 32), {
      code: "leb128-too-long",
      section: "test",
      offset: 1,
    });
    skipLeb128(cursorOf(...five), 64);
    assertMalformed(() => skipLeb128(cursorOf(0x80), 32), {
      code: "unexpected-end",
      section: "test",
      offset: 1,
    });
  });
});
