import assert from "node:assert/strict";
import {
  readSourceMappingUrl,
  writeSourceMappingUrl,
} from "../../../src/wasm/sections/source-mapping-url.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { text } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const section = "sourceMappingURL";

describe(`${section} section`, () => {
  it("is a URL", () => {
    assert.equal(
      roundTrip(readSourceMappingUrl, writeSourceMappingUrl, text("größe.wasm.map")),
      "größe.wasm.map",
    );
  });

  it("refuses a URL that is cut off, at its text", () => {
    assertMalformed(() => readSourceMappingUrl(cursorOf(section, 5, 0x61)), {
      code: "unexpected-end",
      section,
      offset: 1,
    });
  });

  it("refuses a URL that is not UTF-8, at its text", () => {
    assertMalformed(() => readSourceMappingUrl(cursorOf(section, 1, 0xff)), {
      code: "bad-utf8",
      section,
      offset: 1,
    });
  });

  it("refuses bytes behind the URL", () => {
    assertMalformed(() => readSourceMappingUrl(cursorOf(section, text("a"), 0)), {
      code: "trailing-bytes",
      section,
      offset: 2,
    });
  });
});
