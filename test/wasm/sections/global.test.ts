import assert from "node:assert/strict";
import { readGlobalSection, writeGlobalSection } from "../../../src/wasm/sections/global.ts";
import { FUNCREF, I32 } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, END, globalGet, i32Const, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const read = (...payload: Bytes[]) => readGlobalSection(cursorOf("global", ...payload));

describe("global section", () => {
  it("holds types and where the first values stand", () => {
    const globals = roundTrip(
      readGlobalSection,
      writeGlobalSection,
      vec([0x7f, 1, i32Const(66560), END], [0x70, 0, 0xd0, 0x70, END]),
    );
    assert.deepEqual(globals, [
      { type: I32, mutable: true, init: { start: 3, end: 8 } },
      { type: FUNCREF, mutable: false, init: { start: 10, end: 13 } },
    ]);
  });

  it("takes extended constant expressions", () => {
    const init: Bytes = [globalGet(0), i32Const(8), 0x6a, END];
    assert.deepEqual(roundTrip(readGlobalSection, writeGlobalSection, vec([0x7f, 0, init]))[0]?.init, {
      start: 3,
      end: 9,
    });
  });

  it("refuses a mutability that is neither 0 nor 1", () => {
    assertMalformed(() => read(vec([0x7f, 2, i32Const(0), END])), {
      code: "bad-structure",
      section: "global",
      offset: 2,
    });
  });

  it("refuses an instruction that is not constant", () => {
    assertMalformed(() => read(vec([0x7f, 0, 0x20, 0, END])), {
      code: "unknown-opcode",
      section: "global",
      offset: 3,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "global", offset: 1 });
  });
});
