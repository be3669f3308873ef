import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../src/base/bytes.ts";
import { type Limits, readMemoryLimits, readTableLimits, writeLimits } from "../../src/wasm/limits.ts";
import { assertMalformed } from "../support/malformed.ts";
import { flat, u32 } from "../support/wasm-builder.ts";

const cursorOf = (bytes: Uint8Array): ByteCursor => new ByteCursor(bytes, "memory");

describe("limits", () => {
  const cases: readonly (readonly [string, Uint8Array, Limits])[] = [
    ["a minimum", flat(0, 2), { addressType: "i32", minimum: 2n, shared: false }],
    ["a maximum", flat(1, 2, u32(300)), { addressType: "i32", minimum: 2n, maximum: 300n, shared: false }],
    ["a shared memory", flat(3, 1, 1), { addressType: "i32", minimum: 1n, maximum: 1n, shared: true }],
    ["memory64", flat(4, u32(2n ** 40n)), { addressType: "i64", minimum: 2n ** 40n, shared: false }],
    [
      "memory64 with maximum",
      flat(5, 0, u32(2n ** 48n)),
      { addressType: "i64", minimum: 0n, maximum: 2n ** 48n, shared: false },
    ],
    ["a shared memory64", flat(7, 1, 2), { addressType: "i64", minimum: 1n, maximum: 2n, shared: true }],
    ["a page size", flat(8, 9, 0), { addressType: "i32", minimum: 9n, shared: false, pageSizeLog2: 0 }],
    [
      "a page size behind a maximum",
      flat(9, 1, 2, 16),
      { addressType: "i32", minimum: 1n, maximum: 2n, shared: false, pageSizeLog2: 16 },
    ],
    [
      "the largest 32-bit minimum",
      flat(0, u32(2 ** 32 - 1)),
      { addressType: "i32", minimum: 2n ** 32n - 1n, shared: false },
    ],
  ];
  for (const [name, bytes, limits] of cases) {
    it(`reads and writes ${name}`, () => {
      const cursor = cursorOf(bytes);
      assert.deepEqual(readMemoryLimits(cursor), limits);
      assert.ok(cursor.atEnd);
      const writer = new ByteWriter();
      writeLimits(writer, limits);
      assert.deepEqual([...writer.view()], [...bytes]);
    });
  }

  it("of a table may be 64-bit, but neither shared nor paged", () => {
    assert.deepEqual(readTableLimits(cursorOf(flat(4, 1))), {
      addressType: "i64",
      minimum: 1n,
      shared: false,
    });
    for (const flags of [2, 3, 8]) {
      assertMalformed(() => readTableLimits(cursorOf(flat(flags, 1, 1))), {
        code: "bad-limit",
        section: "memory",
        offset: 0,
      });
    }
  });

  it("refuse flags without a meaning", () => {
    for (const flags of [0x10, 0x80, 0xff]) {
      assertMalformed(() => readMemoryLimits(cursorOf(flat(flags, 1, 1))), {
        code: "bad-limit",
        section: "memory",
        offset: 0,
      });
    }
  });

  it("refuse a 32-bit bound beyond 32 bits", () => {
    assertMalformed(() => readMemoryLimits(cursorOf(flat(0, u32(2 ** 32)))), {
      code: "leb128-overflow",
      section: "memory",
      offset: 1,
    });
  });
});
