import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ByteWriter } from "../../src/base/bytes.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { cursorOver } from "../../src/wasm/section-directory.ts";
import { writeDataSection } from "../../src/wasm/sections/data.ts";
import { writeDataCountSection } from "../../src/wasm/sections/data-count.ts";
import { writeElementSection } from "../../src/wasm/sections/element.ts";
import { writeExportSection } from "../../src/wasm/sections/export.ts";
import { writeFunctionSection } from "../../src/wasm/sections/function.ts";
import { writeGlobalSection } from "../../src/wasm/sections/global.ts";
import { writeImportSection } from "../../src/wasm/sections/import.ts";
import { writeMemorySection } from "../../src/wasm/sections/memory.ts";
import { writeStartSection } from "../../src/wasm/sections/start.ts";
import { writeTableSection } from "../../src/wasm/sections/table.ts";
import { writeTagSection } from "../../src/wasm/sections/tag.ts";
import { writeTypeSection } from "../../src/wasm/sections/type.ts";
import { assertMalformed } from "../support/malformed.ts";
import { fromRoot } from "../support/paths.ts";
import {
  custom,
  END,
  moduleOf,
  section,
  sized,
  text,
  u32,
  vec,
  WasmBuilder,
} from "../support/wasm-builder.ts";
import { decodeAll } from "./decode-all.ts";
import { everySection } from "./every-section.ts";

/** Writes a section of the module anew from what was read of it. */
const rewrite: Record<string, (writer: ByteWriter, module: WasmModule) => void> = {
  type: (writer, { types }) => writeTypeSection(writer, types),
  import: (writer, { imports }) => writeImportSection(writer, imports),
  function: (writer, { functions }) => writeFunctionSection(writer, functions),
  table: (writer, { tables, bytes }) => writeTableSection(writer, tables, bytes),
  memory: (writer, { memories }) => writeMemorySection(writer, memories),
  tag: (writer, { tags }) => writeTagSection(writer, tags),
  global: (writer, { globals, bytes }) => writeGlobalSection(writer, globals, bytes),
  export: (writer, module) => writeExportSection(writer, module.exports),
  start: (writer, { start }) => start !== undefined && writeStartSection(writer, start),
  element: (writer, { elements, bytes }) => writeElementSection(writer, elements, bytes),
  "data-count": (writer, { dataCount = 0 }) => writeDataCountSection(writer, dataCount),
  data: (writer, { data, bytes }) => writeDataSection(writer, data, bytes),
};

function assertSectionsRewriteToThemselves(bytes: Uint8Array): void {
  const module = readModule(bytes);
  for (const each of module.sections) {
    const write = rewrite[each.kind];
    if (!write) continue;
    const writer = new ByteWriter();
    write(writer, module);
    assert.deepEqual(writer.toBytes(), bytes.slice(each.start, each.end), each.name);
  }
}

describe("module", () => {
  it("reads as empty where a section is absent", () => {
    const module = readModule(moduleOf());
    assert.deepEqual(module.types, { groups: [], types: [] });
    assert.equal(module.functions.length + module.code.count, 0);
    const lists = [module.imports, module.tables, module.memories, module.tags, module.globals];
    assert.deepEqual([...lists, module.exports, module.elements, module.data].flat(), []);
    assert.equal(module.start, undefined);
    assert.equal(module.dataCount, undefined);
    assert.equal(module.section("code"), undefined);
  });

  it("decodes every section there is", () => {
    const bytes = everySection();
    assert.deepEqual(decodeAll(bytes), []);
    const module = readModule(bytes);
    assert.equal(module.types.types.length, 4);
    assert.equal(module.imports.length, 5);
    assert.equal(module.functions.length, 2);
    assert.equal(module.code.count, 2);
    assert.equal(module.start, 2);
    assert.equal(module.dataCount, 3);
    assert.equal(module.elements.length, 8);
  });

  it("writes every section as it was read", () => {
    assertSectionsRewriteToThemselves(everySection());
  });

  it("decodes a section once", () => {
    const module = readModule(everySection());
    assert.equal(module.types, module.types);
    assert.equal(module.code, module.code);
  });

  it("opens without decoding, and a broken section does not harm the others", () => {
    const module = readModule(
      moduleOf(section(1, 0xff), section(5, vec([0, 1])), custom(".debug_info", 1, 2)),
    );
    assert.equal(module.memories.length, 1);
    const expected = { code: "unexpected-end", section: "type", offset: 10 } as const;
    assertMalformed(() => module.types, expected);
    assertMalformed(() => module.types, expected);
  });

  it("gives custom sections by name: all, or the first one's contents", () => {
    const module = readModule(moduleOf(custom("a", 1), custom("b", 2), custom("a", 3, 4), custom("empty")));
    assert.deepEqual(
      module.customSections("a").map(({ start, end }) => [...module.bytes.slice(start, end)]),
      [[1], [3, 4]],
    );
    assert.deepEqual([...(module.sectionBytes("a") ?? [])], [1]);
    assert.deepEqual([...(module.sectionBytes("empty") ?? [9])], []);
    assert.equal(module.sectionBytes("c"), undefined);
    assert.equal(module.customCursor("b")?.u8(), 2);
    assert.equal(module.customCursor("c"), undefined);
  });

  it("does not take a custom section called like a standard one for it", () => {
    const module = readModule(moduleOf(custom("code", 0xff), custom("type", 0xff)));
    assert.equal(module.section("code"), undefined);
    assert.equal(module.code.count, 0);
    assert.equal(module.sectionBytes("code")?.length, 1);
  });

  it("refuses as many bodies as it has no functions for", () => {
    const body = sized(vec(), END);
    const more = readModule(
      moduleOf(section(1, vec([0x60, 0, 0])), section(3, vec(0)), section(10, vec(body, body))),
    );
    assertMalformed(() => more.code, { code: "bad-structure", section: "code", offset: 20 });
    const none = readModule(moduleOf(section(3, vec(0))));
    assertMalformed(() => none.code, { code: "bad-structure", section: "code", offset: 12 });
  });

  it("counts data segments only where the section says so", () => {
    const module = readModule(new WasmBuilder().memory([0, 1]).data(0, 1).data(8, 2).dataCount().build());
    assert.equal(module.dataCount, 2);
    assert.equal(readModule(moduleOf(section(12, u32(7)))).dataCount, 7);
  });

  it("reads names and links through cursors over custom sections", () => {
    const module = readModule(moduleOf(custom("x", text("y"))));
    const [only] = module.customSections("x");
    assert.ok(only);
    assert.equal(cursorOver(module.bytes, only).remaining, 2);
  });

  describe("of real compilers", () => {
    const folder = fromRoot("test", "fixtures");
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".wasm"),
    );

    it("are among the fixtures", () => assert.ok(paths.length > 0));
    for (const path of paths) {
      it(`decodes ${path} and writes its sections as they were`, () => {
        const bytes = new Uint8Array(readFileSync(join(folder, path)));
        assert.deepEqual(decodeAll(bytes), []);
        assertSectionsRewriteToThemselves(bytes);
      });
    }
  });
});
