import assert from "node:assert/strict";
import { readStartSection, writeStartSection } from "../../../src/wasm/sections/start.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { u32 } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

describe("start section", () => {
  it("names a function", () => {
    assert.equal(roundTrip(readStartSection, writeStartSection, u32(300)), 300);
  });

  it("refuses to be empty, and to hold more", () => {
    assertMalformed(() => readStartSection(cursorOf("start")), {
      code: "unexpected-end",
      section: "start",
      offset: 0,
    });
    assertMalformed(() => readStartSection(cursorOf("start", 1, 2)), {
      code: "trailing-bytes",
      section: "start",
      offset: 1,
    });
  });
});
