import assert from "node:assert/strict";
import { readBuildId, writeBuildId } from "../../../src/wasm/sections/build-id.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { sized } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

describe("build_id section", () => {
  it("is a row of bytes", () => {
    assert.deepEqual([...roundTrip(readBuildId, writeBuildId, sized(0xde, 0xad, 0x00))], [0xde, 0xad, 0x00]);
  });

  it("refuses bytes that are cut off or too many", () => {
    assertMalformed(() => readBuildId(cursorOf("build_id", 5, 0)), {
      code: "unexpected-end",
      section: "build_id",
      offset: 1,
    });
    assertMalformed(() => readBuildId(cursorOf("build_id", sized(1), 0)), {
      code: "trailing-bytes",
      section: "build_id",
      offset: 2,
    });
  });
});
