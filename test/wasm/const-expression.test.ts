import assert from "node:assert/strict";
import { ByteCursor } from "../../src/base/bytes.ts";
import { readConstExpression } from "../../src/wasm/const-expression.ts";
import { assertMalformed } from "../support/malformed.ts";
import { type Bytes, END, flat, globalGet, i32Const, i64Const, u32 } from "../support/wasm-builder.ts";

const cursorOf = (...bytes: Bytes[]): ByteCursor => new ByteCursor(flat(0xee, ...bytes), "global", 1);

describe("constant expressions", () => {
  const cases: readonly (readonly [string, Bytes])[] = [
    ["i32.const", i32Const(-123456)],
    // The operand holds the byte of `end`, which must not be taken for it.
    ["i32.const 11", i32Const(END)],
    ["i64.const", i64Const(-(2n ** 63n))],
    ["f32.const", [0x43, END, END, END, END]],
    ["f64.const", [0x44, END, END, END, END, END, END, END, END]],
    ["v128.const", [0xfd, 0x0c, ...new Array<number>(16).fill(END)]],
    ["global.get", globalGet(END)],
    ["ref.func", [0xd2, u32(END)]],
    ["ref.null func", [0xd0, 0x70]],
    ["ref.null of a type", [0xd0, u32(300)]],
    ["extended const, 32-bit", [globalGet(0), i32Const(8), 0x6a, i32Const(2), 0x6c, i32Const(1), 0x6b]],
    ["extended const, 64-bit", [globalGet(0), i64Const(8n), 0x7c, i64Const(2n), 0x7e, i64Const(1n), 0x7d]],
    ["struct.new", [i32Const(1), 0xfb, 0x00, u32(END)]],
    ["struct.new_default", [0xfb, 0x01, u32(4)]],
    ["array.new", [i32Const(1), i32Const(2), 0xfb, 0x06, u32(END)]],
    ["array.new_default", [i32Const(1), 0xfb, 0x07, u32(END)]],
    ["array.new_fixed", [i32Const(1), 0xfb, 0x08, u32(4), u32(END)]],
    ["ref.i31", [i32Const(1), 0xfb, 0x1c]],
    ["any.convert_extern and back", [globalGet(0), 0xfb, 0x1a, 0xfb, 0x1b]],
    ["nothing", []],
  ];
  for (const [name, instructions] of cases) {
    it(`end where their end is: ${name}`, () => {
      const cursor = cursorOf(instructions, END, 0x99);
      const length = flat(instructions, END).length;
      assert.deepEqual(readConstExpression(cursor), { start: 1, end: 1 + length });
      assert.equal(cursor.u8(), 0x99);
    });
  }

  it("refuse an instruction that is not constant, at its place", () => {
    for (const bytes of [
      [0x20, 0],
      [0x10, 0],
      [0x00],
      [0xfb, 0x02, 0, 0],
      [0xfd, 0x0d],
      [0xfc, 0x00],
      [0xff],
    ]) {
      assertMalformed(() => readConstExpression(cursorOf(i32Const(1), bytes, END)), {
        code: "unknown-opcode",
        section: "global",
        offset: 3,
      });
    }
  });

  it("refuse ref.null of no heap type", () => {
    assertMalformed(() => readConstExpression(cursorOf(0xd0, 0x7f, END)), {
      code: "bad-value-type",
      section: "global",
      offset: 2,
    });
  });

  it("refuse to run out of bytes without an end", () => {
    assertMalformed(() => readConstExpression(cursorOf(i32Const(1))), {
      code: "unexpected-end",
      section: "global",
      offset: 3,
    });
    assertMalformed(() => readConstExpression(cursorOf(0x44, 0, 0)), {
      code: "unexpected-end",
      section: "global",
      offset: 2,
    });
  });
});
