import assert from "node:assert/strict";
import * as dw from "../../src/dwarf/constants.ts";
import type { Die } from "../../src/dwarf/die.ts";
import { asOfVersion4 } from "../../src/dwarf/early-locations.ts";

const { DW_OP_WASM_location: slot, DW_OP_stack_value: value, DW_OP_piece: piece } = dw;

/** A variable of a type with this tag. */
function variable(tag: number): Die {
  const type = { tag, reference: () => undefined };
  const holder = { reference: () => type };
  return { holder: () => holder } as unknown as Die;
}

const of = (tag: number, ...bytes: number[]): number[] | undefined => {
  const read = asOfVersion4(variable(tag), Uint8Array.from(bytes));
  return read && [...read];
};

describe("a location of DWARF 2 or 3, which have no word for a value", () => {
  it("is the value where it is a slot or a constant", () => {
    assert.deepEqual(of(dw.DW_TAG_base_type, slot, 0, 5), [slot, 0, 5, value]);
    assert.deepEqual(of(dw.DW_TAG_pointer_type, slot, 2, 0), [slot, 2, 0, value]);
    assert.deepEqual(of(dw.DW_TAG_base_type, dw.DW_OP_lit0), [dw.DW_OP_lit0, value]);
    assert.deepEqual(of(dw.DW_TAG_base_type, dw.DW_OP_consts, 0x80, 1), [dw.DW_OP_consts, 0x80, 1, value]);
    assert.deepEqual(of(dw.DW_TAG_base_type, dw.DW_OP_const1u + 4, 1, 0, 0, 0), [
      ...[dw.DW_OP_const1u + 4, 1, 0, 0, 0, value],
    ]);
  });

  it("is an address where what lies there does not fit a slot", () => {
    assert.deepEqual(of(dw.DW_TAG_structure_type, slot, 0, 5), [slot, 0, 5]);
    assert.deepEqual(of(dw.DW_TAG_array_type, slot, 0, 5), [slot, 0, 5]);
  });

  it("is a value in each of its pieces, also of a structure", () => {
    assert.deepEqual(of(dw.DW_TAG_structure_type, slot, 0, 1, piece, 4, dw.DW_OP_lit0, piece, 4), [
      ...[slot, 0, 1, value, piece, 4],
      ...[dw.DW_OP_lit0, value, piece, 4],
    ]);
  });

  it("is what it says where it begins with an address", () => {
    assert.deepEqual(of(dw.DW_TAG_base_type, dw.DW_OP_fbreg, 8), [dw.DW_OP_fbreg, 8]);
    assert.deepEqual(of(dw.DW_TAG_base_type, dw.DW_OP_addr, 0, 4, 0, 0), [dw.DW_OP_addr, 0, 4, 0, 0]);
  });

  it("is unknown where it is computed, or cannot be read", () => {
    assert.equal(of(dw.DW_TAG_base_type, slot, 0, 5, dw.DW_OP_plus_uconst, 4), undefined);
    assert.equal(of(dw.DW_TAG_base_type, slot), undefined);
  });
});
