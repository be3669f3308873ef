import assert from "node:assert/strict";
import { type Import, readImportSection, writeImportSection } from "../../../src/wasm/sections/import.ts";
import { EXTERNREF, I64 } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, limits, text, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const read = (...payload: Bytes[]) => readImportSection(cursorOf("import", ...payload));
const named = (...type: Bytes[]): Bytes => [text("env"), text("größe"), ...type];

describe("import section", () => {
  it("holds functions, tables, memories, globals and tags", () => {
    const imports = roundTrip(
      readImportSection,
      writeImportSection,
      vec(
        named(0, u32(200)),
        named(1, 0x6f, limits(1, 2)),
        named(2, limits(17)),
        named(3, 0x7e, 1),
        named(4, 0, u32(3)),
      ),
    );
    const types: Import["type"][] = [
      { kind: "func", typeIndex: 200 },
      {
        kind: "table",
        table: { type: EXTERNREF, limits: { addressType: "i32", minimum: 1n, maximum: 2n, shared: false } },
      },
      { kind: "memory", memory: { addressType: "i32", minimum: 17n, shared: false } },
      { kind: "global", global: { type: I64, mutable: true } },
      { kind: "tag", tag: { typeIndex: 3 } },
    ];
    assert.deepEqual(
      imports,
      types.map((type) => ({ module: "env", name: "größe", type })),
    );
  });

  it("holds names that are empty or equal", () => {
    const imports = roundTrip(
      readImportSection,
      writeImportSection,
      vec([text(""), text(""), 0, 0], [text(""), text(""), 0, 0]),
    );
    assert.equal(imports.length, 2);
  });

  it("refuses an unknown kind", () => {
    assertMalformed(() => read(vec([text("a"), text("b"), 5, 0])), {
      code: "bad-structure",
      section: "import",
      offset: 5,
    });
  });

  it("refuses a name that is not UTF-8, at its text", () => {
    assertMalformed(() => read(vec([text("a"), 2, 0xc3, 0x28, 0, 0])), {
      code: "bad-utf8",
      section: "import",
      offset: 4,
    });
  });

  it("refuses a name longer than the section, at its text", () => {
    assertMalformed(() => read(vec([text("a"), 100, 0x61, 0, 0])), {
      code: "unexpected-end",
      section: "import",
      offset: 4,
    });
  });

  it("refuses a tag that is no exception", () => {
    assertMalformed(() => read(vec([text("a"), text("b"), 4, 1, 0])), {
      code: "bad-structure",
      section: "import",
      offset: 6,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "import", offset: 1 });
  });
});
