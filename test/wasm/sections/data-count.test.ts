import assert from "node:assert/strict";
import { readDataCountSection, writeDataCountSection } from "../../../src/wasm/sections/data-count.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { u32 } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

describe("data-count section", () => {
  it("is a count", () => {
    assert.equal(roundTrip(readDataCountSection, writeDataCountSection, u32(300)), 300);
  });

  it("refuses to hold more", () => {
    assertMalformed(() => readDataCountSection(cursorOf("data-count", 1, 2)), {
      code: "trailing-bytes",
      section: "data-count",
      offset: 1,
    });
  });
});
