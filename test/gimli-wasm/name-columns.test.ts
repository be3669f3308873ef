import assert from "node:assert/strict";
import { AttrClass, type Dwarf, NameFlag, NONE } from "gimli-wasm";
import * as dw from "../../src/dwarf/constants.ts";
import { moduleNamed, moduleNames } from "./modules.ts";

const records = [dw.DW_TAG_structure_type, dw.DW_TAG_class_type];
const outer = [dw.DW_TAG_compile_unit, dw.DW_TAG_namespace];
const named = [
  ...records,
  ...[dw.DW_TAG_base_type, dw.DW_TAG_union_type, dw.DW_TAG_enumeration_type, dw.DW_TAG_typedef],
  dw.DW_TAG_enumerator,
];
const isVariable = (tag: number): boolean => tag === dw.DW_TAG_variable || tag === dw.DW_TAG_member;

/** The same by all DIEs of a unit: offset, tag, flags and name of each. */
function namesByDies(dwarf: Dwarf, unit: number): readonly string[] {
  const { tag, parent, offset, attrStart, attrName, attrClass, attrLow, attrHigh } = dwarf.dies(unit);
  const find = (row: number, name: number): number => {
    const at = attrName.subarray(attrStart[row], attrStart[row + 1]).indexOf(name);
    return at < 0 ? -1 : (attrStart[row] as number) + at;
  };
  const nameOf = (row: number): string | undefined => {
    for (let at = row, steps = 0; at >= 0 && steps < 8; steps++) {
      const name = find(at, dw.DW_AT_name);
      if (name >= 0) return dwarf.string(attrHigh[name] as number, attrLow[name] as number);
      const origin = Math.max(find(at, dw.DW_AT_abstract_origin), find(at, dw.DW_AT_specification));
      at =
        origin >= 0 && attrClass[origin] === AttrClass.reference
          ? offset.indexOf(attrLow[origin] as number)
          : -1;
    }
    return undefined;
  };
  const found: string[] = [];
  for (const [row, of] of tag.entries()) {
    const holder = parent[row] === NONE ? 0 : (tag[parent[row] as number] as number);
    const isMember = isVariable(of) && records.includes(holder);
    const isConstant = isMember && find(row, dw.DW_AT_const_value) >= 0;
    const isOuter = (of === dw.DW_TAG_variable || of === dw.DW_TAG_subprogram) && outer.includes(holder);
    if (!isConstant && !isOuter && !named.includes(of)) continue;
    const name = nameOf(row);
    if (name === undefined) continue;
    const flags =
      (find(row, dw.DW_AT_declaration) >= 0 ? NameFlag.declaration : 0) |
      (isMember ? NameFlag.staticConstant : 0);
    found.push(`${offset[row]} ${of} ${flags} ${name}`);
  }
  return found;
}

describe("names that can be used from elsewhere", () => {
  let count = 0;
  for (const module of moduleNames) {
    it(`are those that the DIEs have: ${module}`, () => {
      const { dwarf } = moduleNamed(module);
      for (const unit of dwarf.units().offset.keys()) {
        const { die, tag, flags, name } = dwarf.names(unit);
        const read = Array.from(die, (offset, row) => {
          const text = dwarf.string(name.section[row] as number, name.offset[row] as number);
          return `${offset} ${tag[row]} ${flags[row]} ${text}`;
        });
        assert.deepEqual(read, namesByDies(dwarf, unit));
        count += read.length;
      }
    });
  }

  it("are many", () => assert.ok(count > 100));
});
