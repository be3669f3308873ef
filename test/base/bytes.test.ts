import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../src/base/bytes.ts";
import { assertMalformed } from "../support/malformed.ts";

const cursorOf = (...bytes: number[]): ByteCursor => new ByteCursor(Uint8Array.from(bytes), "test");

describe("ByteCursor", () => {
  it("reads fixed-size fields as little-endian", () => {
    const cursor = cursorOf(0x12, 0x34, 0x12, 0x78, 0x56, 0x34, 0x92, 8, 7, 6, 5, 4, 3, 2, 0x81);
    assert.equal(cursor.u8(), 0x12);
    assert.equal(cursor.u16(), 0x1234);
    assert.equal(cursor.u32(), 0x92345678);
    assert.equal(cursor.u64(), 0x8102030405060708n);
    assert.ok(cursor.atEnd);
  });

  it("reads floats", () => {
    const cursor = cursorOf(0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0x04, 0xc0);
    assert.equal(cursor.f32(), 1.5);
    assert.equal(cursor.f64(), -2.5);
  });

  it("reads from a view into a larger buffer", () => {
    const cursor = new ByteCursor(Uint8Array.of(9, 9, 1, 0, 0, 0, 9).subarray(2, 6), "test");
    assert.equal(cursor.u32(), 1);
    assert.ok(cursor.atEnd);
  });

  it("names the first byte of a field that does not fit, and stays there", () => {
    const cursor = cursorOf(1, 2, 3);
    cursor.skip(1);
    assertMalformed(() => cursor.u32(), { code: "unexpected-end", section: "test", offset: 1 });
    assertMalformed(() => cursor.take(3), { code: "unexpected-end", section: "test", offset: 1 });
    assert.equal(cursor.position, 1);
    cursor.skip(2);
    assertMalformed(() => cursor.u8(), { code: "unexpected-end", section: "test", offset: 3 });
  });

  it("does not read past its own end, even where bytes follow", () => {
    const cursor = new ByteCursor(Uint8Array.of(1, 2, 3, 4, 5), "test", 1, 3);
    assert.equal(cursor.remaining, 2);
    assertMalformed(() => cursor.u32(), { code: "unexpected-end", section: "test", offset: 1 });
  });

  it("never reaches beyond the bytes when given a larger end", () => {
    const cursor = new ByteCursor(Uint8Array.of(1), "test", 0, 100);
    assertMalformed(() => cursor.skip(2), { code: "unexpected-end", section: "test", offset: 0 });
  });

  it("peeks without moving, and answers -1 at the end", () => {
    const cursor = cursorOf(7);
    assert.equal(cursor.peek(), 7);
    cursor.skip(1);
    assert.equal(cursor.peek(), -1);
  });

  it("gives a nested cursor the next bytes, at their offsets in the whole", () => {
    const cursor = cursorOf(1, 2, 3, 4);
    cursor.skip(1);
    const nested = cursor.nested(2, "inner");
    assert.deepEqual([nested.u8(), nested.u8(), nested.atEnd], [2, 3, true]);
    assertMalformed(() => nested.u8(), { code: "unexpected-end", section: "inner", offset: 3 });
    assert.equal(cursor.position, 3);
  });

  it("reports the first byte too many", () => {
    const cursor = cursorOf(1, 2, 3);
    cursor.skip(1);
    assertMalformed(() => cursor.expectEnd(), { code: "trailing-bytes", section: "test", offset: 1 });
    cursor.skip(2);
    cursor.expectEnd();
  });
});

describe("ByteWriter", () => {
  it("writes fields as little-endian", () => {
    const writer = new ByteWriter();
    writer.u8(0x12);
    writer.u32(0x92345678);
    writer.f32(1.5);
    writer.f64(-2.5);
    assert.deepEqual(
      [...writer.toBytes()],
      [0x12, 0x78, 0x56, 0x34, 0x92, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0x04, 0xc0],
    );
  });

  it("copies ranges, short and long, growing as needed", () => {
    const source = Uint8Array.from({ length: 1000 }, (_, index) => index & 0xff);
    const writer = new ByteWriter(0);
    writer.copy(source, 3, 6);
    writer.copy(source);
    writer.copy(source, 1000, 1000);
    assert.equal(writer.length, 1003);
    assert.deepEqual([...writer.toBytes()], [3, 4, 5, ...source]);
  });

  it("appends what another writer holds", () => {
    const inner = new ByteWriter();
    inner.u8(2);
    inner.u8(3);
    const writer = new ByteWriter();
    writer.u8(1);
    writer.append(inner);
    assert.deepEqual([...writer.view()], [1, 2, 3]);
  });

  it("writes over a byte already written", () => {
    const writer = new ByteWriter();
    writer.u8(1);
    writer.u8(2);
    writer.setU8(0, 9);
    assert.deepEqual([...writer.view()], [9, 2]);
  });

  it("starts over after clear, without touching bytes given away before", () => {
    const writer = new ByteWriter();
    writer.u8(1);
    const before = writer.toBytes();
    writer.clear();
    writer.u8(2);
    assert.deepEqual([...before, ...writer.view()], [1, 2]);
  });
});
