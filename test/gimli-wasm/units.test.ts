import assert from "node:assert/strict";
import { NONE, type StringColumn } from "gimli-wasm";
import { type DumpedUnit, parseUnits } from "./dwarfdump.ts";
import { gimli, moduleNamed, moduleNames, readDump, readSections } from "./modules.ts";
import { tags, unitTypes, values } from "./names.ts";

/** The text of an attribute of the root, if it has one. */
const rootText = ({ dies }: DumpedUnit, name: string): string | undefined =>
  dies[0]?.attributes.find((attribute) => attribute.name === name)?.text;

/** Without the quotes, and empty if there is no such attribute. */
const rootString = (unit: DumpedUnit, ...names: string[]): string =>
  names.map((name) => rootText(unit, name)?.slice(1, -1)).find((text) => text !== undefined) ?? "";

/** Half-open ranges of a unit as printed: its list, else its low and high pc. */
function rootRanges(unit: DumpedUnit): readonly (readonly number[])[] {
  const list = unit.dies[0]?.attributes.find(({ name }) => name === "DW_AT_ranges");
  if (list) {
    const pairs = list.more.map((entry) => (entry.match(/0x[0-9a-f]+/g) ?? []).map(Number));
    return pairs.filter(([begin = 0, end = 0]) => begin < end && begin < 0xffff_fffe);
  }
  const low = rootText(unit, "DW_AT_low_pc");
  const high = unit.dies[0]?.attributes.find(({ name }) => name === "DW_AT_high_pc");
  if (low === undefined || low === "dead code" || !high) return [];
  const end = high.form === "DW_FORM_addr" ? Number(high.text) : Number(low) + Number(high.text);
  return [[Number(low), end]];
}

describe("units", () => {
  for (const name of moduleNames) {
    it(`of ${name} have the headers and roots that llvm-dwarfdump shows`, () => {
      const { dwarf, dump, sections } = moduleNamed(name);
      const units = dwarf.units();
      const typesBase = sections.get(".debug_info")?.length ?? 0;
      const text = ({ section, offset }: StringColumn, unit: number): string =>
        dwarf.string(section[unit] ?? 0, offset[unit] ?? 0);
      const dumped = parseUnits(dump);
      assert.equal(units.offset.length, dumped.length);
      dumped.forEach((expected, unit) => {
        const { facts, dies } = expected;
        const base = expected.section === ".debug_types" ? typesBase : 0;
        const line = rootText(expected, "DW_AT_stmt_list");
        const low = rootText(expected, "DW_AT_low_pc");
        const type = facts.get("type_offset");
        assert.equal(units.offset[unit], expected.offset + base);
        assert.equal(units.length[unit], expected.end - expected.offset);
        assert.equal(units.version[unit], Number(facts.get("version")));
        assert.equal(units.addressSize[unit], Number(facts.get("addr_size")));
        assert.equal(units.root[unit], (dies[0]?.offset ?? 0) + base);
        assert.equal(tags.get(units.rootTag[unit] ?? 0), dies[0]?.tag);
        assert.equal(
          values.get("DW_AT_language")?.get(units.language[unit] ?? 0),
          rootText(expected, "DW_AT_language"),
        );
        assert.equal(units.lineProgram[unit], line === undefined ? NONE : Number(line));
        assert.equal(units.lowPc[unit], low === undefined || low === "dead code" ? -1 : Number(low));
        assert.equal(units.hasRanges[unit], rootText(expected, "DW_AT_ranges") === undefined ? 0 : 1);
        assert.equal(text(units.name, unit), rootString(expected, "DW_AT_name"));
        assert.equal(text(units.compDir, unit), rootString(expected, "DW_AT_comp_dir"));
        assert.equal(text(units.producer, unit), rootString(expected, "DW_AT_producer"));
        assert.equal(text(units.dwoName, unit), rootString(expected, "DW_AT_dwo_name", "DW_AT_GNU_dwo_name"));
        const dwoId = facts.get("DWO_id") ?? rootText(expected, "DW_AT_GNU_dwo_id") ?? 0;
        assert.equal(units.dwoId[unit], BigInt(dwoId));
        assert.equal(units.typeSignature[unit], BigInt(facts.get("type_signature") ?? 0));
        assert.equal(units.typeDie[unit], type ? Number(type) + expected.offset + base : NONE);
        const unitType = facts.get("unit_type");
        if (unitType) assert.equal(unitTypes.get(units.unitType[unit] ?? 0), unitType);
      });
    });

    it(`of ${name} have the code ranges that llvm-dwarfdump shows`, () => {
      const { dwarf, dump } = moduleNamed(name);
      parseUnits(dump).forEach((expected, unit) => {
        const { begin, end } = dwarf.unitRanges(unit);
        assert.deepEqual(
          Array.from(begin, (address, row) => [address, end[row]]),
          rootRanges(expected),
        );
        const { highPc, hasRanges } = dwarf.units();
        if (!hasRanges[unit]) assert.equal(highPc[unit], end[0] ?? -1);
      });
    });
  }

  it("before version 5 are given the kind they amount to", () => {
    const kinds = (name: string): (string | undefined)[] =>
      Array.from(moduleNamed(name).dwarf.units().unitType, (kind) => unitTypes.get(kind));
    assert.deepEqual(kinds("v4.O2"), ["DW_UT_compile", "DW_UT_compile"]);
    assert.deepEqual(kinds("split.v4.O2"), ["DW_UT_skeleton", "DW_UT_skeleton"]);
    assert.deepEqual(new Set(kinds("types.v4.O2")), new Set(["DW_UT_compile", "DW_UT_type"]));
  });

  it("of a split file have its strings and no line program", () => {
    const sections = readSections("split.v5.O2.dwo");
    const dwarf = gimli.open((name) => sections.get(`${name}.dwo`));
    const [expected] = parseUnits(readDump("split.v5.O2.dwo"));
    const { unitType, name, dwoId, lineProgram } = dwarf.units();
    assert.equal(unitTypes.get(unitType[0] ?? 0), "DW_UT_split_compile");
    assert.equal(dwarf.string(name.section[0] ?? 0, name.offset[0] ?? 0), "shapes.c");
    assert.equal(dwoId[0], BigInt(expected?.facts.get("DWO_id") ?? 0));
    assert.equal(lineProgram[0], NONE);
    dwarf.close();
  });

  it("are found by any offset in them", () => {
    for (const name of moduleNames) {
      const { dwarf } = moduleNamed(name);
      const { offset, length, root } = dwarf.units();
      for (const [unit, start] of offset.entries()) {
        const end = start + (length[unit] ?? 0);
        assert.deepEqual(
          [start, root[unit] ?? 0, end - 1].map((at) => dwarf.unitAt(at)),
          [unit, unit, unit],
        );
      }
      assert.equal(dwarf.unitAt((offset.at(-1) ?? 0) + (length.at(-1) ?? 0)), -1);
    }
  });

  it("need neither strings nor lists to be known", () => {
    const { sections } = moduleNamed("v5.O2");
    const asked: string[] = [];
    const dwarf = gimli.open((name) => {
      asked.push(name);
      return sections.get(name);
    });
    dwarf.units();
    dwarf.unitAt(0);
    const needed = [".debug_info", ".debug_types", ".debug_abbrev", ".debug_str_offsets", ".debug_addr"];
    assert.deepEqual(asked, needed);
    dwarf.close();
  });
});
