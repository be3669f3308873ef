import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Dwarf, DwarfError, Gimli, StringSection } from "gimli-wasm";
import { fromRoot } from "../support/paths.ts";
import { gimli, moduleNamed } from "./modules.ts";

/** A module opened anew, for a test that closes or counts. */
function open(name: string, asked: string[] = []): Dwarf {
  const { sections } = moduleNamed(name);
  return gimli.open((section) => {
    asked.push(section);
    return sections.get(section);
  });
}

describe("a Dwarf", () => {
  it("asks for each section at most once", () => {
    const asked: string[] = [];
    const dwarf = open("v5.O2", asked);
    for (let round = 0; round < 2; round++) {
      for (const offset of dwarf.linePrograms()) dwarf.lineRows(offset);
      for (let unit = 0; unit < dwarf.units().offset.length; unit++) {
        dwarf.dies(unit);
        dwarf.functions(unit);
        dwarf.unitRanges(unit);
      }
      const { name } = dwarf.units();
      dwarf.string(name.section[0] ?? 0, name.offset[0] ?? 0);
    }
    assert.equal(asked.length, new Set(asked).size);
    dwarf.close();
  });

  it("hands out copies, which later questions and closing leave alone", () => {
    const dwarf = open("v4.O2");
    const rows = dwarf.lineRows(0);
    const before = [...rows.address];
    dwarf.dies(0);
    dwarf.dies(1);
    dwarf.close();
    assert.deepEqual([...rows.address], before);
  });

  it("refuses questions once it is closed", () => {
    const dwarf = open("v4.O2");
    dwarf.units();
    dwarf.close();
    dwarf.close();
    assert.throws(() => dwarf.units(), /closed/);
    assert.throws(() => dwarf.lineRows(0), /closed/);
    assert.throws(() => dwarf.string(StringSection.debugStr, 0), /closed/);
  });

  it("does not mix modules that are open at the same time", () => {
    const [one, other] = [open("v4.O2"), open("wasm64.v5.O2")];
    const expected = [one.units().addressSize[0], other.units().addressSize[0]];
    assert.deepEqual(expected, [4, 8]);
    assert.equal(one.units().version[0], 4);
    assert.equal(other.units().version[0], 5);
    one.close();
    assert.ok(other.dies(0).offset.length > 0);
    other.close();
  });

  it("refuses a unit that is not there", () => {
    const dwarf = open("v4.O2");
    for (const unit of [2, -1, 0.5, Number.NaN]) {
      assert.throws(() => dwarf.dies(unit), RangeError);
      assert.throws(() => dwarf.functions(unit), RangeError);
    }
    dwarf.close();
  });

  it("reads entries of .debug_addr by a unit's numbering", () => {
    const { dwarf, sections } = moduleNamed("v5.O2");
    const addr = sections.get(".debug_addr") ?? new Uint8Array();
    const view = new DataView(addr.buffer, addr.byteOffset, addr.length);
    // Each unit's table follows a header of 8 bytes; the first one's entries fill up its length.
    const count = (view.getUint32(0, true) - 4) / 4;
    assert.ok(count > 1);
    for (let index = 0; index < count; index++) {
      assert.equal(dwarf.address(0, index), view.getUint32(8 + 4 * index, true));
    }
    const second = 4 + view.getUint32(0, true);
    assert.equal(dwarf.address(1, 0), view.getUint32(second + 8, true));
    assert.throws(() => dwarf.address(1, 1e6), { name: "DwarfError", section: ".debug_addr" });
  });

  it("reads strings up to their NUL, and refuses those outside their section", () => {
    const text = "plain\0grün\0\xff\0a name that is rather longer than most names are\0open";
    const bytes = Buffer.concat([
      Buffer.from(text.slice(0, 11)),
      Buffer.from([0xff]),
      Buffer.from(text.slice(12)),
    ]);
    const dwarf = gimli.open((name) => (name === ".debug_str" ? bytes : undefined));
    const read = (offset: number): string => dwarf.string(StringSection.debugStr, offset);
    assert.equal(read(0), "plain");
    assert.equal(read(2), "ain");
    assert.equal(read(6), "grün");
    assert.equal(read(bytes.indexOf("a name")), "a name that is rather longer than most names are");
    assert.equal(dwarf.string(StringSection.none, 3), "");
    const last = bytes.indexOf("open");
    assert.throws(() => read(last), { name: "DwarfError", section: ".debug_str", offset: last });
    assert.throws(() => read(bytes.length), DwarfError);
    assert.throws(() => dwarf.string(StringSection.debugLineStr, 0), { section: ".debug_line_str" });
    dwarf.close();
  });

  it("shows the bytes that attributes name, also those of type units of version 4", () => {
    const { dwarf, sections } = moduleNamed("types.v4.O2");
    const info = sections.get(".debug_info") ?? new Uint8Array();
    const types = sections.get(".debug_types") ?? new Uint8Array();
    assert.deepEqual(dwarf.bytes(4, 3), info.subarray(4, 7));
    assert.deepEqual(dwarf.bytes(info.length + 4, 3), types.subarray(4, 7));
    assert.equal(dwarf.bytes(info.length + types.length, 1).length, 0);
  });
});

describe("Gimli", () => {
  it("takes a module that was compiled elsewhere", async () => {
    const module = await WebAssembly.compile(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
    const { sections } = moduleNamed("v4.O2");
    const dwarf = Gimli.fromModule(module).open((name) => sections.get(name));
    assert.equal(dwarf.units().offset.length, 2);
    dwarf.close();
  });

  it("refuses bytes that are no WebAssembly", () => {
    assert.throws(() => Gimli.fromBytes(new Uint8Array([1, 2, 3])), WebAssembly.CompileError);
  });
});
