import assert from "node:assert/strict";
import { ByteCursor } from "../../src/base/bytes.ts";
import {
  cursorOver,
  readSectionDirectory,
  SECTION_IDS,
  SECTION_ORDER,
} from "../../src/wasm/section-directory.ts";
import { assertMalformed } from "../support/malformed.ts";
import { custom, flat, HEADER, moduleOf, section, text, u32 } from "../support/wasm-builder.ts";

describe("section directory", () => {
  it("reads a module without sections", () => {
    assert.deepEqual(readSectionDirectory(moduleOf()), []);
  });

  it("gives each section's place in the file, in file order", () => {
    const bytes = moduleOf(section(1, u32(0)), custom("abc", 7, 8), section(10, u32(0)));
    assert.deepEqual(readSectionDirectory(bytes), [
      { kind: "type", name: "type", headerStart: 8, start: 10, end: 11 },
      { kind: "custom", name: "abc", headerStart: 11, start: 17, end: 19 },
      { kind: "code", name: "code", headerStart: 19, start: 21, end: 22 },
    ]);
  });

  it("starts the code section behind a size that is padded, as linkers write it", () => {
    const bytes = moduleOf([10, 0x81, 0x80, 0x80, 0x80, 0x00, 0]);
    assert.deepEqual(readSectionDirectory(bytes), [
      { kind: "code", name: "code", headerStart: 8, start: 14, end: 15 },
    ]);
  });

  it("takes all standard sections in the standard's order, tag before global and data count before code", () => {
    const bytes = moduleOf(...SECTION_ORDER.map((kind) => section(SECTION_IDS[kind], u32(0))));
    assert.deepEqual(
      readSectionDirectory(bytes).map((each) => each.kind),
      SECTION_ORDER,
    );
  });

  it("takes custom sections anywhere, several of one name", () => {
    const bytes = moduleOf(
      custom("a"),
      section(1, u32(0)),
      custom("b"),
      custom("a"),
      section(3, u32(0)),
      custom(""),
    );
    assert.deepEqual(
      readSectionDirectory(bytes).map((each) => each.name),
      ["a", "type", "b", "a", "function", ""],
    );
  });

  it("does not look into sections", () => {
    assert.equal(readSectionDirectory(moduleOf(section(1, 0xff, 0xff, 0xff))).length, 1);
  });

  it("puts a cursor on a custom section's contents, behind the name", () => {
    const bytes = moduleOf(custom("abc", 7, 8));
    const [only] = readSectionDirectory(bytes);
    assert.ok(only);
    const cursor = cursorOver(bytes, only);
    assert.ok(cursor instanceof ByteCursor);
    assert.deepEqual([cursor.section, cursor.u8(), cursor.u8(), cursor.atEnd], ["abc", 7, 8, true]);
  });

  describe("refuses", () => {
    const refuses = (
      what: string,
      bytes: Uint8Array,
      code: Parameters<typeof assertMalformed>[1]["code"],
      offset: number,
      where = "module",
    ): void => {
      it(what, () => assertMalformed(() => readSectionDirectory(bytes), { code, section: where, offset }));
    };
    const header = flat(HEADER);

    refuses("an empty file", new Uint8Array(0), "not-wasm", 0);
    refuses("a file shorter than the magic number", Uint8Array.of(0x00, 0x61), "not-wasm", 0);
    refuses("a file that is something else", new TextEncoder().encode("(module)"), "not-wasm", 0);
    refuses("a file cut off in the version", header.subarray(0, 7), "unexpected-end", 4);
    refuses("another version", flat(0x00, 0x61, 0x73, 0x6d, 2, 0, 0, 0), "unsupported-version", 4);
    refuses("another layer", flat(0x00, 0x61, 0x73, 0x6d, 1, 0, 2, 0), "unsupported-version", 4);
    refuses("a component", flat(0x00, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), "is-component", 4);
    refuses("an unknown section", moduleOf(section(1, u32(0)), section(14)), "bad-section-id", 11);
    refuses("a section that reaches beyond the file", moduleOf([1, 5, 0, 0, 0, 0]), "bad-section-size", 8);
    refuses("a file cut off behind a section's id", moduleOf([1]), "unexpected-end", 9);
    refuses("a file cut off in a section's size", moduleOf([1, 0x80]), "unexpected-end", 9);
    refuses(
      "a size of more than five bytes",
      moduleOf([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
      "leb128-too-long",
      9,
    );
    refuses("a size beyond 32 bits", moduleOf([1, 0x80, 0x80, 0x80, 0x80, 0x10]), "leb128-overflow", 9);
    refuses(
      "sections out of order",
      moduleOf(section(3, u32(0)), section(1, u32(0))),
      "bad-section-order",
      11,
    );
    refuses(
      "a tag section behind globals",
      moduleOf(section(6, u32(0)), section(13, u32(0))),
      "bad-section-order",
      11,
    );
    refuses(
      "a data count behind code",
      moduleOf(section(10, u32(0)), section(12, u32(0))),
      "bad-section-order",
      11,
    );
    refuses(
      "a second section of a kind",
      moduleOf(section(1, u32(0)), section(1, u32(0))),
      "bad-section-order",
      11,
    );
    refuses("a custom section without a name", moduleOf([0, 0]), "unexpected-end", 10, "custom");
    refuses(
      "a custom section whose name reaches beyond it",
      moduleOf([0, 2, 5, 0x61], custom("x")),
      "unexpected-end",
      11,
      "custom",
    );
    refuses(
      "a custom section's name that is not UTF-8",
      moduleOf([0, 3, 2, 0xff, 0x61]),
      "bad-utf8",
      11,
      "custom",
    );
  });

  it("ends a name at its size", () => {
    const bytes = moduleOf(section(0, text("ab"), text("cd")));
    assert.equal(readSectionDirectory(bytes)[0]?.name, "ab");
  });
});
