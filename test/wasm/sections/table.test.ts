import assert from "node:assert/strict";
import { readTableSection, writeTableSection } from "../../../src/wasm/sections/table.ts";
import { EXTERNREF, FUNCREF, nonNullTypeRef } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, END, limits, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const read = (...payload: Bytes[]) => readTableSection(cursorOf("table", ...payload));

describe("table section", () => {
  it("holds tables of any reference type, 32-bit and 64-bit", () => {
    const tables = roundTrip(
      readTableSection,
      writeTableSection,
      vec([0x70, limits(1)], [0x6f, limits(1, 300)], [0x70, 5, u32(1), u32(2n ** 33n)]),
    );
    assert.deepEqual(
      tables.map(({ type, limits: { addressType, maximum } }) => [type, addressType, maximum]),
      [
        [FUNCREF, "i32", undefined],
        [EXTERNREF, "i32", 300n],
        [FUNCREF, "i64", 2n ** 33n],
      ],
    );
  });

  it("holds tables with a first value for their entries", () => {
    const init: Bytes = [0xd2, 7, END];
    const tables = roundTrip(
      readTableSection,
      writeTableSection,
      vec([0x40, 0x00, 0x64, 2, limits(9), init], [0x70, limits(0)]),
    );
    assert.equal(tables[0]?.type, nonNullTypeRef(2));
    assert.deepEqual(tables[0]?.init, { start: 7, end: 10 });
    assert.equal(tables[1]?.init, undefined);
  });

  it("refuses an element type that is no reference", () => {
    assertMalformed(() => read(vec([0x7f, limits(0)])), {
      code: "bad-value-type",
      section: "table",
      offset: 1,
    });
  });

  it("refuses a reserved byte that is not 0", () => {
    assertMalformed(() => read(vec([0x40, 0x01, 0x70, limits(0), END])), {
      code: "bad-structure",
      section: "table",
      offset: 1,
    });
  });

  it("refuses a shared table", () => {
    assertMalformed(() => read(vec([0x70, 3, 1, 1])), { code: "bad-limit", section: "table", offset: 2 });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "table", offset: 1 });
  });
});
