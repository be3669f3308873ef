import assert from "node:assert/strict";
import { readBuildId, writeBuildId } from "../../../src/wasm/sections/build-id.ts";
import {
  readExternalDebugInfo,
  writeExternalDebugInfo,
} from "../../../src/wasm/sections/external-debug-info.ts";
import {
  readSourceMappingUrl,
  writeSourceMappingUrl,
} from "../../../src/wasm/sections/source-mapping-url.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { sized, text } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const urls = [
  ["sourceMappingURL", readSourceMappingUrl, writeSourceMappingUrl],
  ["external_debug_info", readExternalDebugInfo, writeExternalDebugInfo],
] as const;
for (const [name, read, write] of urls) {
  describe(`${name} section`, () => {
    it("is a URL", () => {
      assert.equal(roundTrip(read, write, text("größe.wasm.map")), "größe.wasm.map");
    });

    it("refuses a URL that is cut off, not UTF-8 or not alone", () => {
      assertMalformed(() => read(cursorOf(name, 5, 0x61)), {
        code: "unexpected-end",
        section: name,
        offset: 1,
      });
      assertMalformed(() => read(cursorOf(name, 1, 0xff)), { code: "bad-utf8", section: name, offset: 1 });
      assertMalformed(() => read(cursorOf(name, text("a"), 0)), {
        code: "trailing-bytes",
        section: name,
        offset: 2,
      });
    });
  });
}

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
