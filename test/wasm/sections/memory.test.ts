import assert from "node:assert/strict";
import { readMemorySection, writeMemorySection } from "../../../src/wasm/sections/memory.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, limits, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const read = (...payload: Bytes[]) => readMemorySection(cursorOf("memory", ...payload));

describe("memory section", () => {
  it("holds several memories of all kinds", () => {
    const memories = roundTrip(
      readMemorySection,
      writeMemorySection,
      vec(limits(2), [3, 1, 4], [5, 1, u32(2n ** 40n)], [9, 1, 2, 0]),
    );
    assert.deepEqual(memories, [
      { addressType: "i32", minimum: 2n, shared: false },
      { addressType: "i32", minimum: 1n, maximum: 4n, shared: true },
      { addressType: "i64", minimum: 1n, maximum: 2n ** 40n, shared: false },
      { addressType: "i32", minimum: 1n, maximum: 2n, shared: false, pageSizeLog2: 0 },
    ]);
  });

  it("refuses flags without a meaning", () => {
    assertMalformed(() => read(vec(limits(1), [0x10, 1])), {
      code: "bad-limit",
      section: "memory",
      offset: 3,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(limits(1)), 0), { code: "trailing-bytes", section: "memory", offset: 3 });
  });
});
