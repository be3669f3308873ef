import assert from "node:assert/strict";
import { type Dwarf, NONE, type StringColumn } from "gimli-wasm";
import { type DumpedDie, type DumpedUnit, parseUnits } from "./dwarfdump.ts";
import { gimli, moduleNamed, moduleNames } from "./modules.ts";

/** A row of the index, strings read. */
interface Row {
  readonly die: number;
  readonly tag: number;
  readonly parent: number;
  readonly ranges: readonly (readonly number[])[];
  readonly origin: number;
  readonly name: string;
  readonly linkageName: string;
  readonly callLine: number;
  readonly callColumn: number;
}

function showFunctions(dwarf: Dwarf, unit: number): readonly Row[] {
  const index = dwarf.functions(unit);
  const text = ({ section, offset }: StringColumn, row: number): string =>
    dwarf.string(section[row] ?? 0, offset[row] ?? 0);
  return Array.from(index.die, (die, row) => {
    const [start, end] = [index.rangeStart[row] ?? 0, index.rangeStart[row + 1] ?? 0];
    const begins = [...index.ranges.begin.subarray(start, end)];
    return {
      die,
      tag: index.tag[row] ?? 0,
      parent: index.parent[row] ?? NONE,
      ranges: begins.map((begin, at) => [begin, index.ranges.end[start + at] ?? 0]),
      origin: index.origin[row] ?? NONE,
      name: text(index.name, row),
      linkageName: text(index.linkageName, row),
      callLine: index.callLine[row] ?? 0,
      callColumn: index.callColumn[row] ?? 0,
    };
  });
}

const textOf = (die: DumpedDie | undefined, ...names: string[]): string | undefined =>
  die?.attributes.find(({ name }) => names.includes(name))?.text;

/** The offset an attribute of a DIE refers to, by the first of some names that it has. */
function referenceOf(die: DumpedDie | undefined, ...names: string[]): number | undefined {
  for (const name of names) {
    const text = textOf(die, name);
    if (text !== undefined) return Number(text.split(" ")[0]);
  }
  return undefined;
}

function rangesOf(die: DumpedDie): readonly (readonly number[])[] {
  const list = die.attributes.find(({ name }) => name === "DW_AT_ranges");
  if (list) {
    const pairs = list.more.map((entry) => (entry.match(/0x[0-9a-f]+/g) ?? []).map(Number));
    return pairs.filter(([begin = 0, end = 0]) => begin < end && begin < 0xffff_fffe);
  }
  const low = textOf(die, "DW_AT_low_pc");
  const high = die.attributes.find(({ name }) => name === "DW_AT_high_pc");
  if (low === undefined || low === "dead code" || !high) return [];
  return [[Number(low), high.form === "DW_FORM_addr" ? Number(high.text) : Number(low) + Number(high.text)]];
}

/** What the index should hold, from what llvm-dwarfdump printed. */
function expectedFunctions(unit: DumpedUnit, all: ReadonlyMap<number, DumpedDie>): readonly Row[] {
  const rows: Row[] = [];
  /** Row of the innermost function so far at each depth. */
  const around: { depth: number; row: number }[] = [];
  for (const die of unit.dies) {
    while ((around.at(-1)?.depth ?? -1) >= die.depth) around.pop();
    const isCall = die.tag === "DW_TAG_inlined_subroutine";
    if (!isCall && die.tag !== "DW_TAG_subprogram") continue;
    const ranges = rangesOf(die);
    if (ranges.length === 0) continue;
    const named = (name: string): string => {
      for (let at: DumpedDie | undefined = die; at; ) {
        const text = textOf(at, name);
        if (text !== undefined) return text.slice(1, -1);
        at = all.get(referenceOf(at, "DW_AT_abstract_origin", "DW_AT_specification") ?? -1);
      }
      return "";
    };
    rows.push({
      die: die.offset,
      tag: isCall ? 0x1d : 0x2e,
      parent: around.at(-1)?.row ?? NONE,
      ranges,
      origin: referenceOf(die, "DW_AT_abstract_origin", "DW_AT_specification") ?? NONE,
      name: named("DW_AT_name"),
      linkageName: named("DW_AT_linkage_name"),
      callLine: Number(textOf(die, "DW_AT_call_line") ?? 0),
      callColumn: Number(textOf(die, "DW_AT_call_column") ?? 0),
    });
    around.push({ depth: die.depth, row: rows.length - 1 });
  }
  return rows;
}

describe("functions", () => {
  for (const name of moduleNames) {
    it(`of ${name} are those that llvm-dwarfdump shows with code, inlined calls in them`, () => {
      const { dwarf, dump } = moduleNamed(name);
      const units = parseUnits(dump).filter(({ section }) => section === ".debug_info");
      const all = new Map(units.flatMap(({ dies }) => dies.map((die) => [die.offset, die])));
      units.forEach((unit, row) => {
        assert.deepEqual(showFunctions(dwarf, row), expectedFunctions(unit, all));
      });
    });
  }

  it("know the file of their calls as the line program numbers it", () => {
    const { dwarf } = moduleNamed("v5.O2");
    const { callFile, tag } = dwarf.functions(0);
    const { lineProgram } = dwarf.units();
    const header = dwarf.lineHeader(lineProgram[0] ?? 0);
    const file = (number: number): string => {
      const row = number - header.firstFile;
      return dwarf.string(header.fileName.section[row] ?? 0, header.fileName.offset[row] ?? 0);
    };
    const names = Array.from(callFile, (number) => (number === NONE ? "none" : file(number)));
    assert.deepEqual(
      names.map((name) => name === "none"),
      Array.from(tag, (value) => value === 0x2e),
    );
    assert.deepEqual(new Set(names), new Set(["none", "main.c", "shapes.h"]));
  });

  it("are named through DIEs of other units", () => {
    const { dwarf } = moduleNamed("lto");
    const { offset, length } = dwarf.units();
    const foreign = showFunctions(dwarf, 0).filter(({ origin }) => {
      const isHere = origin >= (offset[0] ?? 0) && origin < (offset[0] ?? 0) + (length[0] ?? 0);
      return origin !== NONE && !isHere;
    });
    assert.deepEqual(
      foreign.map(({ name }) => name),
      ["shared_by_units"],
    );
  });

  it("that start at address 0 are dead", () => {
    const { sections } = moduleNamed("v4.O0");
    const index = showFunctions(moduleNamed("v4.O0").dwarf, 0);
    const first = index[0];
    assert.ok(first);
    const info = Uint8Array.from(sections.get(".debug_info") ?? []);
    const start = Buffer.from(Uint32Array.of(first.ranges[0]?.[0] ?? 0).buffer);
    // The root of a unit with ranges has a low pc of 0, so this is the function's.
    const at = Buffer.from(info).indexOf(start, first.die);
    info.fill(0, at, at + 4);
    const dwarf = gimli.open((name) => (name === ".debug_info" ? info : sections.get(name)));
    assert.deepEqual(
      showFunctions(dwarf, 0).map(({ die }) => die),
      index.slice(1).map(({ die }) => die),
    );
    dwarf.close();
  });

  it("cover all code that the line program has rows for", () => {
    for (const name of moduleNames.filter((name) => !name.startsWith("split"))) {
      const { dwarf } = moduleNamed(name);
      const { lineProgram, offset } = dwarf.units();
      for (let unit = 0; unit < offset.length; unit++) {
        const { ranges } = dwarf.functions(unit);
        if (ranges.begin.length === 0) continue;
        const { address, flags } = dwarf.lineRows(lineProgram[unit] ?? 0);
        const isCovered = (at: number): boolean =>
          ranges.begin.some((begin, row) => begin <= at && at < (ranges.end[row] ?? 0));
        for (const [row, at] of address.entries()) {
          if (!((flags[row] ?? 0) & 4)) assert.ok(isCovered(at), `${name}: ${at}`);
        }
      }
    }
  });
});
