import assert from "node:assert/strict";
import { readFunctionSection, writeFunctionSection } from "../../../src/wasm/sections/function.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

describe("function section", () => {
  it("gives the type index of each defined function", () => {
    const indexes = roundTrip(readFunctionSection, writeFunctionSection, vec(u32(0), u32(300), u32(0)));
    assert.deepEqual([...indexes], [0, 300, 0]);
  });

  it("refuses a count that the bytes cannot hold, before asking for memory", () => {
    assertMalformed(() => readFunctionSection(cursorOf("function", u32(2 ** 32 - 1), 0)), {
      code: "unexpected-end",
      section: "function",
      offset: 0,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => readFunctionSection(cursorOf("function", vec(u32(0)), 0)), {
      code: "trailing-bytes",
      section: "function",
      offset: 2,
    });
  });
});
