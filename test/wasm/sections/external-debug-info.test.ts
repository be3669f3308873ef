import assert from "node:assert/strict";
import {
  readExternalDebugInfo,
  writeExternalDebugInfo,
} from "../../../src/wasm/sections/external-debug-info.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { text } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const section = "external_debug_info";

describe(`${section} section`, () => {
  it("is a URL", () => {
    assert.equal(
      roundTrip(readExternalDebugInfo, writeExternalDebugInfo, text("größe.wasm.map")),
      "größe.wasm.map",
    );
  });

  it("refuses a URL that is cut off, at its text", () => {
    assertMalformed(() => readExternalDebugInfo(cursorOf(section, 5, 0x61)), {
      code: "unexpected-end",
      section,
      offset: 1,
    });
  });

  it("refuses a URL that is not UTF-8, at its text", () => {
    assertMalformed(() => readExternalDebugInfo(cursorOf(section, 1, 0xff)), {
      code: "bad-utf8",
      section,
      offset: 1,
    });
  });

  it("refuses bytes behind the URL", () => {
    assertMalformed(() => readExternalDebugInfo(cursorOf(section, text("a"), 0)), {
      code: "trailing-bytes",
      section,
      offset: 2,
    });
  });
});
