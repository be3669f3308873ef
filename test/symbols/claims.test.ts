import assert from "node:assert/strict";
import { toModuleOffset } from "../../src/base/brand.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import * as dw from "../../src/dwarf/constants.ts";
import type { RawValue } from "../../src/target/target.ts";
import type { AttributeSpec } from "../support/dwarf-builder.ts";
import { baseType, functionUnit, named, symbolGuest } from "../support/symbol-guest.ts";

const int = baseType("int", dw.DW_ATE_signed, 4);
const i32 = (value: number): RawValue => ({ type: "i32", value });
const inLocal = (index: number) => [dw.DW_OP_WASM_location, 0, index, dw.DW_OP_stack_value];
const onStack = (index: number) => [dw.DW_OP_WASM_location, 2, index, dw.DW_OP_stack_value];

/** What is shown of a variable with this location while the frame stands at 0x10, its first local 7 and its one operand 9. */
async function shown(location: AttributeSpec, debugInfo: Partial<DebugInfo> = {}): Promise<string> {
  const variable = named(dw.DW_TAG_variable, "x", {
    [dw.DW_AT_type]: { ref: "int" },
    [dw.DW_AT_location]: location,
  });
  const guest = symbolGuest({
    units: [functionUnit([variable], [int])],
    locals: [i32(7)],
    operands: [i32(9)],
    debugInfo,
  });
  return (await guest.symbols.evaluate(guest.frame, "x")).value;
}

const from = (begin: number, bytes: readonly number[]) => ({
  list: [{ begin, end: 0x20, bytes }],
});

describe("a claim that a variable is on the operand stack", () => {
  const pushedAt = (offset: number | undefined): Partial<DebugInfo> => ({
    operandSince: () => (offset === undefined ? undefined : toModuleOffset(offset)),
  });

  it("is believed while the value is the one that was there when the claim began", async () => {
    assert.equal(await shown(from(0x0c, onStack(0)), pushedAt(0x0c)), "9");
    assert.equal(await shown(from(0x0c, onStack(0)), pushedAt(0x08)), "9");
  });

  it("is not once another value has been put there, or none is", async () => {
    const gone = "<optimised out here: it is on the operand stack no more>";
    assert.equal(await shown(from(0x0c, onStack(0)), pushedAt(0x0e)), gone);
    assert.equal(await shown(from(0x0c, onStack(0)), pushedAt(undefined)), gone);
  });

  it("begins where the first of several does that follow one another", async () => {
    const entries = [
      { begin: 0x08, end: 0x0c, bytes: onStack(0) },
      { begin: 0x0c, end: 0x20, bytes: [...onStack(0), dw.DW_OP_piece, 4] },
    ];
    assert.equal(await shown({ list: entries }, pushedAt(0x08)), "9");
    assert.match(await shown({ list: entries }, pushedAt(0x0a)), /no more/);
  });
});

describe("a claim that a variable is in a local", () => {
  it("ends where the local is given to another variable", async () => {
    const given: Partial<DebugInfo> = { isGivenAway: (local, since) => local === 0 && since === 0x0c };
    assert.equal(
      await shown(from(0x0c, inLocal(0)), given),
      "<optimised out here: its place has been given to another variable>",
    );
    assert.equal(await shown(from(0x0e, inLocal(0)), given), "7");
  });
});

describe("a value at the function's entry", () => {
  const entry = [dw.DW_OP_entry_value, 3, dw.DW_OP_WASM_location, 0, 0, dw.DW_OP_stack_value];

  it("is known of a parameter that has not been written since", async () => {
    assert.equal(await shown(entry, { isAsGiven: () => true }), "7");
  });

  it("is not of any other", async () => {
    assert.equal(
      await shown(entry, { isAsGiven: () => false }),
      "<its value at the function's entry was not kept>",
    );
  });
});
