import assert from "node:assert/strict";
import { readDataSection, writeDataSection } from "../../../src/wasm/sections/data.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, END, i32Const, i64Const, sized, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const read = (...payload: Bytes[]) => readDataSection(cursorOf("data", ...payload));

describe("data section", () => {
  it("holds segments of all three forms, where their bytes stand", () => {
    const segments = roundTrip(
      readDataSection,
      writeDataSection,
      vec([0, i32Const(8), END, sized(1, 2, 3)], [1, sized(4)], [2, u32(300), i64Const(8n), END, sized()]),
    );
    assert.deepEqual(segments, [
      {
        form: 0,
        mode: { kind: "active", memory: 0, offset: { start: 2, end: 5 } },
        contents: { start: 6, end: 9 },
      },
      { form: 1, mode: { kind: "passive" }, contents: { start: 11, end: 12 } },
      {
        form: 2,
        mode: { kind: "active", memory: 300, offset: { start: 15, end: 18 } },
        contents: { start: 19, end: 19 },
      },
    ]);
  });

  it("refuses an unknown form", () => {
    assertMalformed(() => read(vec([1, sized(0)], [3, sized(0)])), {
      code: "bad-structure",
      section: "data",
      offset: 4,
    });
  });

  it("refuses more contents than there are bytes, at the contents", () => {
    assertMalformed(() => read(vec([1, 5, 0, 0])), { code: "unexpected-end", section: "data", offset: 3 });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "data", offset: 1 });
  });
});
