import assert from "node:assert/strict";
import { AttrClass, type Dwarf, SlotKind } from "gimli-wasm";
import { gimli, moduleNamed } from "./modules.ts";

const DW_AT_location = 0x02;
const DW_OP_WASM_location = 0xed;
const DW_OP_stack_value = 0x9f;

const open = (name: string): Dwarf => {
  const { sections } = moduleNamed(name);
  return gimli.open((section) => sections.get(section));
};

/** What location lists say of slots alone: entries that are one slot's content and nothing else. */
function slotsInLists(dwarf: Dwarf, unit: number): string[] {
  const { attrName, attrClass, attrLow } = dwarf.dies(unit);
  const found: string[] = [];
  for (const [row, name] of attrName.entries()) {
    if (name !== DW_AT_location || attrClass[row] !== AttrClass.locationList) continue;
    const { begin, end, start, bytes } = dwarf.locationList(unit, attrLow[row] ?? 0);
    for (const [entry, first] of begin.entries()) {
      const [operation, kind = 0, index = 0, next] = bytes.subarray(start[entry], start[entry + 1]);
      if (operation !== DW_OP_WASM_location || next !== DW_OP_stack_value || (kind !== 0 && kind !== 2))
        continue;
      found.push(`${first}-${end[entry]} ${kind === 0 ? SlotKind.local : SlotKind.operand} ${index}`);
    }
  }
  return found;
}

describe("slots of Wasm frames that hold variables", () => {
  for (const name of ["v4.O2", "v5.O2", "lto"]) {
    it(`are those that location lists name: ${name}`, () => {
      const dwarf = open(name);
      let operands = 0;
      for (const unit of dwarf.units().offset.keys()) {
        const { begin, end, kind, index } = dwarf.slots(unit);
        const rows = new Set(Array.from(kind, (of, row) => `${begin[row]}-${end[row]} ${of} ${index[row]}`));
        for (const expected of slotsInLists(dwarf, unit)) assert.ok(rows.has(expected), expected);
        operands += kind.filter((of) => of === SlotKind.operand).length;
      }
      assert.ok(operands > 0);
      dwarf.close();
    });
  }

  it("lie within functions, and so do frame bases", () => {
    const dwarf = open("v5.O0");
    let frameBases = 0;
    for (const unit of dwarf.units().offset.keys()) {
      const { ranges } = dwarf.functions(unit);
      const { begin, end, kind } = dwarf.slots(unit);
      for (const [row, first] of begin.entries()) {
        const isInside = ranges.begin.some(
          (from, at) => from <= first && (end[row] ?? 0) <= (ranges.end[at] ?? 0),
        );
        assert.ok(isInside, `${first} to ${end[row]}`);
        if (kind[row] === SlotKind.frameBase) frameBases++;
      }
    }
    assert.ok(frameBases > 0);
    dwarf.close();
  });
});
