import assert from "node:assert/strict";
import * as dw from "../../src/dwarf/constants.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { pauseAt } from "../support/paused-fixture.ts";
import {
  baseType,
  derivedType,
  functionUnit,
  member,
  named,
  type SymbolGuest,
  symbolGuest,
  variableAt,
} from "../support/symbol-guest.ts";

function guest(): SymbolGuest {
  const types = [
    baseType("int", dw.DW_ATE_signed, 4),
    baseType("unsigned char", dw.DW_ATE_unsigned_char, 1),
    baseType("signed char", dw.DW_ATE_signed_char, 1),
    baseType("long long", dw.DW_ATE_signed, 8),
    baseType("float", dw.DW_ATE_float, 4),
    baseType("_Bool", dw.DW_ATE_boolean, 1),
    derivedType(dw.DW_TAG_const_type, "const int", "int"),
    derivedType(dw.DW_TAG_pointer_type, "int*", "int"),
    named(dw.DW_TAG_enumeration_type, "color", { [dw.DW_AT_byte_size]: 4 }, [
      named(dw.DW_TAG_enumerator, "RED", { [dw.DW_AT_const_value]: 0 }),
      named(dw.DW_TAG_enumerator, "BLUE", { [dw.DW_AT_const_value]: 6 }),
    ]),
    named(dw.DW_TAG_structure_type, "bits", { [dw.DW_AT_byte_size]: 4 }, [
      member("low", "int", 0, { [dw.DW_AT_bit_size]: 3, [dw.DW_AT_data_bit_offset]: 6 }),
    ]),
  ];
  const inLocal = (name: string, type: string, local: number) =>
    named(dw.DW_TAG_variable, name, {
      [dw.DW_AT_type]: { ref: type },
      [dw.DW_AT_location]: [dw.DW_OP_WASM_location, 0, local, dw.DW_OP_stack_value],
    });
  const locals = [
    variableAt(0, "i", "int"),
    variableAt(4, "uc", "unsigned char"),
    variableAt(5, "sc", "signed char"),
    variableAt(8, "ll", "long long"),
    variableAt(16, "f", "float"),
    variableAt(20, "b", "_Bool"),
    variableAt(24, "p", "int*"),
    variableAt(28, "color", "color"),
    variableAt(32, "bits", "bits"),
    inLocal("local", "int", 0),
    inLocal("small", "signed char", 1),
    inLocal("single", "float", 2),
    named(dw.DW_TAG_variable, "constant", { [dw.DW_AT_type]: { ref: "int" }, [dw.DW_AT_const_value]: 3 }),
  ];
  return symbolGuest({
    units: [functionUnit(locals, types)],
    memory: new Uint8Array(64).fill(0xff, 32, 36),
    locals: [
      { type: "i32", value: 1 },
      { type: "i64", value: 2n },
      { type: "f32", value: 0 },
    ],
  });
}

describe("assign", () => {
  const accepted: readonly (readonly [variable: string, text: string, shown: string])[] = [
    ["i", "42", "42"],
    ["i", "-2147483648", "-2147483648"],
    ["i", "0xffffffff", "-1"],
    ["i", "uc + 5 * 2", "10"],
    ["i", "3.0", "3"],
    ["i", "'a'", "97"],
    ["uc", "255", "255 '\\xff'"],
    ["uc", "'\\n'", "10 '\\n'"],
    ["sc", "0x80", "-128 '\\x80'"],
    ["ll", "-9223372036854775807 - 1", "-9223372036854775808"],
    ["f", "1.5", "1.5"],
    ["f", "7", "7"],
    ["b", "true", "true"],
    ["b", "i == 0", "true"],
    ["p", "&i + 1", "0x00000004"],
    ["p", "0x10", "0x00000010"],
    ["p", "NULL", "0x00000000"],
    ["color", "BLUE", "BLUE"],
    ["color", "6", "BLUE"],
    ["bits.low", "-4", "-4"],
    ["bits.low", "3", "3"],
    ["local", "-9", "-9"],
    ["small", "-9", "-9 '\\xf7'"],
    ["single", "0.25", "0.25"],
  ];
  for (const [name, text, shown] of accepted) {
    it(`writes ${text} into ${name}`, async () => {
      const { symbols, frame } = guest();
      const variable = await symbols.evaluate(frame, name);
      assert.ok(variable.writable);
      const written = await variable.assign(text);
      assert.equal(written.value, shown);
      assert.equal(written.name, name);
      assert.equal((await symbols.evaluate(frame, name)).value, shown);
    });
  }

  const refused: readonly (readonly [variable: string, text: string, message: RegExp])[] = [
    ["i", "2147483648", /does not fit: int takes -2147483648 to 2147483647/],
    ["uc", "256", /unsigned char takes 0 to 255/],
    ["uc", "-1", /takes 0 to 255/],
    ["uc", "0x100", /takes 0 to 255/],
    ["sc", "200", /takes -128 to 127/],
    ["bits.low", "4", /takes -4 to 3/],
    ["i", "1.5", /whole numbers/],
    ["b", "2", /takes 0 to 1/],
    ["p", "-1", /takes 0 to 4294967295/],
    ["color", "PURPLE", /no variable `PURPLE`/],
    ["i", "", /expected an expression/],
    ["i", "bits", /a struct bits cannot be assigned to a int/],
    ["bits", "1", /cannot be assigned to/],
    ["constant", "4", /cannot be assigned to/],
    ["i + 1", "4", /cannot be assigned to/],
  ];
  for (const [name, text, message] of refused) {
    it(`refuses to write ${text || "nothing"} into ${name}`, async () => {
      const { symbols, frame, memory } = guest();
      const before = memory.slice();
      const variable = await symbols.evaluate(frame, name);
      await assert.rejects(variable.assign(text), (error) => {
        assert.ok(error instanceof ExpressionError, `${error}`);
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(memory, before);
    });
  }

  it("changes a bit-field's own bits only", async () => {
    const { symbols, frame, memory } = guest();
    await (await symbols.evaluate(frame, "bits.low")).assign("0");
    assert.deepEqual([...memory.slice(32, 36)], [0x3f, 0xfe, 0xff, 0xff]);
  });

  it("extends a small value to the width of the local that holds it", async () => {
    const { symbols, frame, locals } = guest();
    await (await symbols.evaluate(frame, "small")).assign("-9");
    assert.deepEqual(locals[1], { type: "i64", value: -9n });
  });

  describe("in a real guest", () => {
    afterEach(endAll);

    it("changes what the guest computes", async () => {
      const { running, symbols, frame } = await pauseAt(fixture("types", "dwarf5.O0"), "outer-scope");
      const sum = await symbols.evaluate(frame, "sum");
      assert.equal((await sum.assign("sum + 1000")).value, "1116");
      while ((await running.target.resume({ kind: "continue" })).kind !== "exited");
      assert.match(running.printed(), /^shadowed 1117$/m);
    });
  });
});
