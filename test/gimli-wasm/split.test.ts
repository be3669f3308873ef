import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dwarf, DwarfError, NONE } from "gimli-wasm";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { generator } from "../support/generator.ts";
import { gimli } from "./modules.ts";

type Sections = ReadonlyMap<string, Uint8Array>;

const sectionsOf = (bytes: Uint8Array): Sections => {
  const module = readModule(bytes);
  const custom = module.sections.filter(({ kind }) => kind === "custom");
  return new Map(custom.map(({ name, start, end }) => [name, bytes.subarray(start, end)]));
};
const open = (sections: Sections): Dwarf => gimli.open((name) => sections.get(name));
const beside = (name: string): Sections =>
  sectionsOf(new Uint8Array(readFileSync(join(fixture("forms", "split5.O0").sourceFolder, name))));

/** The build, and the files of its split units. */
const forms = [
  ["split4.O0", ["forms.split4.O0.forms.dwo", "forms.split4.O0.text.dwo"]],
  ["split5.O0", ["forms.split5.O0.forms.dwo", "forms.split5.O0.text.dwo"]],
  ["package4.O0", ["forms.package4.O0.wasm.dwp"]],
  ["package5.O0", ["forms.package5.O0.wasm.dwp"]],
] as const;

/** Functions with their code, of all units from a number on, in order. */
function functionsOf(dwarf: Dwarf, first: number, count: number): readonly string[] {
  const found: string[] = [];
  for (let unit = first; unit < first + count; unit++) {
    const { name, ranges } = dwarf.functions(unit);
    for (const [row, section] of name.section.entries()) {
      found.push(`${dwarf.string(section, name.offset[row] ?? 0)} ${ranges.begin[row]}-${ranges.end[row]}`);
    }
  }
  return found.sort();
}

describe("split units", () => {
  const whole = open(sectionsOf(fixture("forms", "dwarf5.O0").bytes));
  const expected = functionsOf(whole, 0, whole.units().offset.length);

  for (const [build, files] of forms) {
    it(`are read with their skeletons' addresses, and know them: ${build}`, () => {
      const dwarf = open(sectionsOf(fixture("forms", build).bytes));
      const module = dwarf.units().offset.length;
      let count = 0;
      const skeletons = new Set<number>();
      for (const file of files) {
        const sections = beside(file);
        const { first, units } = dwarf.addSplit((name) => sections.get(name));
        assert.equal(first, module + count);
        count += units.offset.length;
        for (const skeleton of units.skeleton) skeletons.add(skeleton);
        for (const [row, offset] of units.offset.entries()) assert.equal(dwarf.unitAt(offset), first + row);
      }
      assert.deepEqual([...skeletons].sort(), [0, 1]);
      assert.deepEqual(functionsOf(dwarf, module, count), expected);
      dwarf.close();
    });
  }

  it("of another build belong to no unit", () => {
    const dwarf = open(sectionsOf(fixture("forms", "split5.O0").bytes));
    const other = beside("forms.package5.O0.wasm.dwp");
    const { units } = dwarf.addSplit((name) => other.get(name));
    assert.deepEqual([...units.skeleton], [NONE, NONE]);
    dwarf.close();
  });

  it("that cannot be read leave the numbers of others as they are", () => {
    const dwarf = open(sectionsOf(fixture("forms", "split5.O0").bytes));
    const [one, other] = [beside("forms.split5.O0.forms.dwo"), beside("forms.split5.O0.text.dwo")];
    const broken = new Map(one).set(".debug_abbrev.dwo", new Uint8Array(0));
    assert.throws(() => dwarf.addSplit((name) => broken.get(name)), DwarfError);
    const { first, units } = dwarf.addSplit((name) => other.get(name));
    assert.equal(first, 2);
    assert.deepEqual([...units.skeleton], [1]);
    assert.ok(functionsOf(dwarf, first, 1).some((text) => text.startsWith("print_number ")));
    dwarf.close();
  });

  it("answer or fail with section and place, whatever is done to them", () => {
    const random = generator(0xd0d0);
    let failed = 0;
    for (let round = 0; round < 600; round++) {
      const [build, files] = forms[round % forms.length] ?? assert.fail();
      const dwarf = open(sectionsOf(fixture("forms", build).bytes));
      const sections = new Map(beside(files[0]));
      const names = [...sections.keys()].filter((name) => name.startsWith(".debug_"));
      const hit = names[random(names.length)] ?? "";
      const bytes = Uint8Array.from(sections.get(hit) ?? []);
      for (let flips = 0; flips < 4; flips++) bytes[random(bytes.length)] = random(256);
      sections.set(hit, bytes);
      const ask = (question: () => unknown): void => {
        try {
          question();
        } catch (error) {
          assert.ok(error instanceof DwarfError, `${error}`);
          assert.doesNotMatch(error.reason, /memory/);
          failed++;
        }
      };
      ask(() => {
        const { first, units } = dwarf.addSplit((name) => sections.get(name));
        for (let unit = first; unit < first + units.offset.length; unit++) {
          ask(() => functionsOf(dwarf, unit, 1));
          ask(() => dwarf.slots(unit));
          ask(() => dwarf.dies(unit));
        }
      });
      dwarf.close();
    }
    assert.ok(failed > 50);
  });
});

describe("the table of all lines", () => {
  it("has the rows of the programs, those of other functions left out", () => {
    for (const build of ["dwarf2.O0", "dwarf4.O0", "dwarf5.O0", "mixed.O0", "split5.O0"]) {
      const { bytes } = fixture("forms", build);
      const { code } = readModule(bytes);
      const dwarf = open(sectionsOf(bytes));
      const bodies = Uint32Array.from(
        { length: code.count * 2 },
        (_, at) => ((at % 2 === 0 ? code.bodyStarts : code.bodyEnds)[at >> 1] ?? 0) - code.start,
      );
      const { address, line, foreign, failed } = dwarf.lineTable(bodies);
      const table = Array.from(address, (at, row) => `${at} ${line[row]}`);
      const rows = [...dwarf.linePrograms()].flatMap((program) => {
        const of = dwarf.lineRows(program);
        return Array.from(
          of.address,
          (at, row) => `${at} ${((of.flags[row] ?? 0) & 4) > 0 ? 0 : of.line[row]}`,
        );
      });
      assert.deepEqual([...table].sort(), rows.sort(), build);
      assert.equal(foreign, 0);
      assert.ok(failed.every((of) => of === 0));
      assert.ok(address.every((at, row) => row === 0 || at >= (address[row - 1] ?? 0)));
      assert.equal(dwarf.lineTable(new Uint32Array(0)).address.length, 0);
      dwarf.close();
    }
  });
});
