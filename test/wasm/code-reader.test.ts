import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { formatInstruction } from "../../src/wasm/disassemble.ts";
import { BLOCK, CALL, DELEGATE, END, IF, LOOP, TRY, TRY_TABLE } from "../../src/wasm/instructions.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { FUNCREF, I32 } from "../../src/wasm/value-type.ts";
import { fromRoot } from "../support/paths.ts";

const code = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

function listing(bytes: Uint8Array): string[] {
  const reader = new CodeReader(bytes, 0, bytes.length);
  const lines: string[] = [];
  while (reader.next()) lines.push(`${reader.offset} ${formatInstruction(reader)}`);
  return lines;
}

function errorOf(bytes: Uint8Array): MalformedError {
  const reader = new CodeReader(bytes, 0, bytes.length);
  try {
    while (reader.next());
  } catch (error) {
    assert.ok(error instanceof MalformedError);
    return error;
  }
  return assert.fail("nothing was thrown");
}

describe("CodeReader", () => {
  it("stands at one instruction after the other, with its offset and its end", () => {
    const reader = new CodeReader(code(0x20, 0x81, 0x01, 0x0b), 0, 4);
    assert.equal(reader.next(), true);
    assert.deepEqual([reader.mnemonic, reader.offset, reader.immediates, reader.end], ["local.get", 0, 1, 3]);
    assert.equal(reader.index(), 129);
    assert.equal(reader.next(), true);
    assert.deepEqual([reader.opcode, reader.offset, reader.end], [END, 3, 4]);
    assert.equal(reader.next(), false);
    assert.equal(reader.next(), false);
  });

  it("can be set to another stretch of the same bytes", () => {
    const reader = new CodeReader(code(0x01, 0x01, 0x10, 0x05), 0, 2);
    while (reader.next());
    reader.reset(2, 4);
    assert.equal(reader.next(), true);
    assert.deepEqual([reader.opcode, reader.index(), reader.next()], [CALL, 5, false]);
  });

  it("decodes numbers, whatever their sign and width", () => {
    assert.deepEqual(listing(code(0x41, 0x7f, 0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x42, 0x80, 0x7f)), [
      "0 i32.const -1",
      "2 i32.const 2147483647",
      "8 i64.const -128",
    ]);
    const i64Min = code(0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f);
    assert.deepEqual(listing(i64Min), ["0 i64.const -9223372036854775808"]);
    assert.deepEqual(listing(code(0x43, 0, 0, 0xc0, 0x3f, 0x44, 0, 0, 0, 0, 0, 0, 0, 0x80)), [
      "0 f32.const 1.5",
      "5 f64.const -0",
    ]);
  });

  it("decodes memory arguments with a memory index and with offsets of 64 bits", () => {
    assert.deepEqual(listing(code(0x28, 2, 8, 0x2d, 0x40, 3, 0xff, 0x01, 0x29, 0x42, 1, 0)), [
      "0 i32.load offset=8",
      "3 i32.load8_u 3 offset=255",
      "8 i64.load 1 align=4",
    ]);
    const far = code(0x37, 3, 0x80, 0x80, 0x80, 0x80, 0x20);
    assert.deepEqual(listing(far), ["0 i64.store offset=8589934592"]);
    assert.deepEqual(listing(code(0xfd, 0x54, 0x40, 1, 0, 7, 0xfe, 0x48, 2, 0)), [
      "0 v128.load8_lane 1 7",
      "6 i32.atomic.rmw.cmpxchg",
    ]);
  });

  it("decodes block types: nothing, a result, a reference, a function type", () => {
    const reader = new CodeReader(code(2, 0x40, 3, 0x7f, 2, 0x63, 0x70, 4, 0xe4, 0), 0, 10);
    const types: unknown[] = [];
    while (reader.next()) types.push(reader.blockType());
    assert.deepEqual(types, [undefined, I32, FUNCREF, { typeIndex: 100 }]);
    assert.deepEqual(listing(code(0x02, 0x64, 0x05, 0x1c, 1, 0x6f)), [
      "0 block (result (ref 5))",
      "3 select (result externref)",
    ]);
  });

  it("decodes branch tables and catch clauses", () => {
    const reader = new CodeReader(code(0x0e, 2, 3, 0x80, 0x01, 1, 0x1f, 0x40, 2, 0, 4, 1, 3, 2), 0, 14);
    const labels = [99];
    reader.next();
    reader.labels(labels);
    assert.deepEqual(labels, [3, 128, 1]);
    reader.next();
    reader.catchLabels(labels);
    assert.deepEqual(labels, [1, 2]);
    assert.equal(formatInstruction(reader), "try_table (catch 4 1) (catch_all_ref 2)");
    assert.equal(reader.next(), false);
  });

  it("decodes references, casts and the two immediates that the text format swaps", () => {
    assert.deepEqual(listing(code(0xd0, 0x70, 0xfb, 0x15, 3, 0xfb, 0x14, 0x6c, 0xfb, 0x18, 3, 1, 0x6e, 2)), [
      "0 ref.null func",
      "2 ref.test (ref null 3)",
      "5 ref.test (ref i31)",
      "8 br_on_cast 1 anyref (ref null 2)",
    ]);
    assert.deepEqual(listing(code(0x11, 4, 1, 0xfc, 8, 5, 0, 0xfc, 10, 0, 0, 0xfc, 12, 6, 1, 0x3f, 0)), [
      "0 call_indirect 1 (type 4)",
      "3 memory.init 5",
      "7 memory.copy",
      "11 table.init 1 6",
      "15 memory.size",
    ]);
  });

  it("skips what it does not decode: vectors of bytes and padded numbers", () => {
    const shuffle = [0xfd, 0x0d, ...Array(16).keys()];
    const constant = [0xfd, 0x0c, ...Array(16).fill(1)];
    assert.equal(listing(code(...shuffle, ...constant, 0xfd, 0x8e, 0x81, 0x00, 0x0b))[2], "36 i16x8.add");
    assert.deepEqual(listing(code(0x20, 0x85, 0x80, 0x80, 0x80, 0x00)), ["0 local.get 5"]);
  });

  it("names an unknown opcode and its offset, prefix included", () => {
    const plain = errorOf(code(0x01, 0x27));
    assert.deepEqual([plain.code, plain.offset], ["unknown-opcode", 1]);
    assert.match(plain.message, /unknown opcode 0x27 /);
    const prefixed = errorOf(code(0x01, 0x01, 0xfc, 0x7f));
    assert.deepEqual([prefixed.code, prefixed.offset], ["unknown-opcode", 2]);
    assert.match(prefixed.message, /unknown opcode 0xfc 0x7f /);
    assert.equal(errorOf(code(0xfd, 0xff, 0xff, 0xff, 0x7f)).code, "unknown-opcode");
    assert.equal(errorOf(code(0xff)).code, "unknown-opcode");
  });

  it("says where code ends within an instruction", () => {
    const cut = [
      [0x20],
      [0x20, 0x80],
      [0x44, 0, 0],
      [0xfd],
      [0x0e, 2, 0, 0],
      [0x1f, 0x40, 1, 0, 0],
      [0x28, 0x42, 0],
    ];
    for (const bytes of cut) {
      const error = errorOf(code(0x01, ...bytes));
      assert.equal(error.code, "unexpected-end", String(bytes));
      assert.ok(error.offset >= 1);
    }
    assert.equal(errorOf(code(0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f)).code, "unexpected-end");
  });

  it("refuses numbers longer than their type can need", () => {
    assert.equal(errorOf(code(0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).code, "leb128-too-long");
    assert.equal(errorOf(code(0x42, ...Array(10).fill(0x80), 0x00)).code, "leb128-too-long");
  });

  it("throws MalformedError or nothing, on any bytes, and always ends", () => {
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 16;
    };
    const prefixes = [0xfb, 0xfc, 0xfd, 0xfe, 0x1f, 0x0e, 0x11, 0x02, 0x28];
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: 24 }, () =>
        random() % 4 === 0 ? (prefixes[random() % prefixes.length] ?? 0) : random() & 0xff,
      );
      const reader = new CodeReader(bytes, 0, bytes.length);
      try {
        while (reader.next()) {
          assert.ok(reader.end > reader.offset && reader.end <= bytes.length);
          formatInstruction(reader);
        }
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }
  });

  it("leaves out unmarked instructions when asked for marked ones, up to an offset", () => {
    const bytes = readFileSync(fromRoot("test", "fixtures", "types", "types.dwarf5.O0.wasm"));
    const module = readModule(bytes);
    const marked = new Uint8Array(256);
    for (const opcode of [CALL, END, 0xfc]) marked[opcode] = 1;
    for (let index = 0; index < module.code.count; index++) {
      const body = readFunctionBody(bytes, module.code, toDefinedFuncIndex(index));
      const offset = body.start + Math.floor((body.end - body.start) / 2);
      const reader = new CodeReader(bytes, body.instructionsStart, body.end);
      const expected: number[] = [];
      while (reader.next()) {
        if (reader.offset >= offset || marked[bytes[reader.offset] ?? 0]) expected.push(reader.offset);
      }
      const found: number[] = [];
      reader.reset(body.instructionsStart, body.end);
      while (reader.nextOf(marked, offset)) found.push(reader.offset);
      assert.deepEqual(found, expected);
    }
  });

  it("says where code ends within an unmarked instruction", () => {
    const reader = new CodeReader(code(0x01, 0x28, 0x02, 0x00, 0x0b), 0, 3);
    assert.throws(() => reader.nextOf(new Uint8Array(256), 100), MalformedError);
  });

  it("ends each function of real modules with the end that closes the function", () => {
    for (const name of ["steps", "types", "traps"]) {
      const bytes = readFileSync(fromRoot("test", "fixtures", name, `${name}.dwarf5.O0.wasm`));
      const module = readModule(bytes);
      for (let index = 0; index < module.code.count; index++) {
        const body = readFunctionBody(bytes, module.code, toDefinedFuncIndex(index));
        const reader = new CodeReader(bytes, body.instructionsStart, body.end);
        let depth = 1;
        while (reader.next()) {
          assert.ok(depth > 0);
          depth += depthChange(reader.opcode);
        }
        assert.deepEqual([depth, reader.opcode, reader.end], [0, END, body.end]);
      }
    }
  });
});

function depthChange(opcode: number): number {
  if (opcode === END || opcode === DELEGATE) return -1;
  return [BLOCK, LOOP, IF, TRY, TRY_TABLE].includes(opcode) ? 1 : 0;
}
