import assert from "node:assert/strict";
import { readExportSection, writeExport, writeExportSection } from "../../../src/wasm/sections/export.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, text, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip, written } from "./payload.ts";

const read = (...payload: Bytes[]) => readExportSection(cursorOf("export", ...payload));

describe("export section", () => {
  it("holds names of all kinds of things", () => {
    const exports = roundTrip(
      readExportSection,
      writeExportSection,
      vec(
        [text("_start"), 0, u32(300)],
        [text("table"), 1, 0],
        [text("memory"), 2, 0],
        [text("größe"), 3, 4],
        [text(""), 4, 1],
      ),
    );
    assert.deepEqual(exports, [
      { name: "_start", kind: "func", index: 300 },
      { name: "table", kind: "table", index: 0 },
      { name: "memory", kind: "memory", index: 0 },
      { name: "größe", kind: "global", index: 4 },
      { name: "", kind: "tag", index: 1 },
    ]);
  });

  it("writes one entry by itself, for appending", () => {
    assert.deepEqual(
      written((writer) => writeExport(writer, { name: "f", kind: "func", index: 2 })),
      [1, 0x66, 0, 2],
    );
  });

  it("refuses an unknown kind", () => {
    assertMalformed(() => read(vec([text("a"), 5, 0])), {
      code: "bad-structure",
      section: "export",
      offset: 3,
    });
  });

  it("refuses a name that is not UTF-8, at its text", () => {
    assertMalformed(() => read(vec([1, 0xff, 0, 0])), { code: "bad-utf8", section: "export", offset: 2 });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "export", offset: 1 });
  });
});
