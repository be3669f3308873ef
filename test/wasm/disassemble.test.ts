import assert from "node:assert/strict";
import { allInstructions } from "../../src/wasm/instructions.ts";
import { assemble } from "../support/assemble.ts";
import { listInstructions } from "../support/listing.ts";

describe("formatInstruction", () => {
  it("writes text that assembles to the same bytes", () => {
    const text = [
      "block (result i32)",
      "loop (type 3)",
      "br_table 0 1 2",
      "call_indirect (type 7)",
      "call_indirect 1 (type 7)",
      "select (result externref)",
      "i64.load16_u offset=70000 align=1",
      "v128.load8_lane offset=1 3",
      "i64.atomic.rmw32.add_u",
      "i64.const -9223372036854775808",
      "f64.const -inf",
      "f32.const 0.5",
      "ref.null extern",
      "try_table (catch 1 0) (catch_all_ref 2)",
      "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31",
      "v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
      "memory.fill",
      "table.grow 2",
    ];
    const bytes = assemble(text.join("\n"));
    const lines = listInstructions(bytes, 0, bytes.length).map((line) => line.trim());
    assert.deepEqual(lines, text);
  });

  it("writes an instruction without immediates as its name", () => {
    const plain = [...allInstructions()].filter(
      ({ immediates, mnemonic }) => immediates.length === 0 && !["else", "end"].includes(mnemonic),
    );
    const bytes = assemble(plain.map(({ mnemonic }) => mnemonic).join("\n"));
    const lines = listInstructions(bytes, 0, bytes.length).map((line) => line.trim());
    assert.deepEqual(
      lines,
      plain.map(({ mnemonic }) => mnemonic),
    );
  });
});
