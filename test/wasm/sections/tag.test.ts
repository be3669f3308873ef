import assert from "node:assert/strict";
import { readTagSection, writeTagSection } from "../../../src/wasm/sections/tag.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

describe("tag section", () => {
  it("gives the function type of each tag", () => {
    assert.deepEqual(roundTrip(readTagSection, writeTagSection, vec([0, u32(0)], [0, u32(300)])), [
      { typeIndex: 0 },
      { typeIndex: 300 },
    ]);
  });

  it("refuses a tag that is no exception", () => {
    assertMalformed(() => readTagSection(cursorOf("tag", vec([0, 0], [1, 0]))), {
      code: "bad-structure",
      section: "tag",
      offset: 3,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => readTagSection(cursorOf("tag", vec(), 0)), {
      code: "trailing-bytes",
      section: "tag",
      offset: 1,
    });
  });
});
