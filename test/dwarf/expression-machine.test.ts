import assert from "node:assert/strict";
import * as op from "../../src/dwarf/constants.ts";
import {
  type ExpressionUnit,
  type MachineAnswer,
  type MachineRequest,
  runExpression,
} from "../../src/dwarf/expression-machine.ts";
import type { LocationDescription } from "../../src/dwarf/location-description.ts";
import { floatValue, genericValue, type MachineType } from "../../src/dwarf/machine-value.ts";

const types: readonly (MachineType | undefined)[] = [
  undefined,
  { size: 1, encoding: "unsigned" },
  { size: 1, encoding: "signed" },
  { size: 4, encoding: "unsigned" },
  { size: 8, encoding: "signed" },
  { size: 8, encoding: "float" },
];
const u8 = 1;
const s8 = 2;
const u32 = 3;
const s64 = 4;
const f64 = 5;

const unit: ExpressionUnit = {
  addressSize: 4,
  address: (index) => (index < 2 ? BigInt(0x1000 + index) : undefined),
  baseType: (offset) => types[offset],
  procedure: (offset) => (offset === 7 ? Uint8Array.of(op.DW_OP_lit0 + 5, op.DW_OP_plus) : undefined),
};

/** Answers from a frame with a few known slots. */
function answer(request: MachineRequest): MachineAnswer {
  switch (request.kind) {
    case "local":
      if (request.index === 1) return { kind: "value", value: genericValue(-1n, 4) };
      if (request.index === 2) return { kind: "value", value: genericValue(0x1_0000_0002n, 8) };
      if (request.index === 3) return { kind: "value", value: floatValue(2.5, 8) };
      return { kind: "unavailable", reason: "not kept" };
    case "global":
      return { kind: "value", value: genericValue(0x500n, 4) };
    case "frame-base":
      return { kind: "value", value: genericValue(0x2000n, 4) };
    case "tls":
      return { kind: "value", value: genericValue(0x9000n + request.offset, 4) };
    case "memory": {
      const all = Uint8Array.of(0x78, 0x56, 0x34, 0x12, 0xff, 0xff, 0xff, 0xff);
      return { kind: "bytes", bytes: all.subarray(0, request.size) };
    }
    default:
      return { kind: "unavailable", reason: `no ${request.kind}` };
  }
}

function run(...bytes: readonly number[]): LocationDescription {
  const machine = runExpression(Uint8Array.from(bytes), unit);
  let step = machine.next();
  while (!step.done) step = machine.next(answer(step.value));
  return step.value;
}

/** The number an expression leaves as its value, in 64 bits. */
function value(...bytes: readonly number[]): bigint {
  const location = run(...bytes, op.DW_OP_stack_value);
  assert.equal(
    location.kind,
    "value",
    JSON.stringify(location, (_, of) => (typeof of === "bigint" ? `${of}` : of)),
  );
  const { bytes: result } = location as Extract<LocationDescription, { kind: "value" }>;
  return new DataView(result.buffer, result.byteOffset).getBigUint64(0, true);
}

function reason(...bytes: readonly number[]): string {
  const location = run(...bytes);
  return location.kind === "unavailable" ? location.reason : assert.fail(location.kind);
}

const lit = (number: number): number => op.DW_OP_lit0 + number;

describe("the DWARF expression machine", () => {
  it("takes what is left on the stack as an address in memory", () => {
    assert.deepEqual(run(op.DW_OP_addr, 0x34, 0x12, 0, 0), { kind: "memory", address: 0x1234n });
  });

  it("adds the offset of a frame variable to the frame base", () => {
    assert.deepEqual(run(op.DW_OP_fbreg, 0x70), { kind: "memory", address: 0x1ff0n });
  });

  it("wraps addresses to the unit's size", () => {
    assert.deepEqual(run(op.DW_OP_WASM_location, 0, 1, op.DW_OP_plus_uconst, 5), {
      kind: "memory",
      address: 4n,
    });
  });

  it("remembers the Wasm local that a value came from, so that it can be written", () => {
    assert.deepEqual(run(op.DW_OP_WASM_location, 0, 1, op.DW_OP_stack_value), {
      kind: "value",
      bytes: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
      home: { kind: "local", index: 1 },
    });
  });

  it("has no place to write to for a value that was computed from a local", () => {
    const location = run(op.DW_OP_WASM_location, 0, 1, lit(1), op.DW_OP_plus, op.DW_OP_stack_value);
    assert.ok(location.kind === "value" && location.home === undefined);
  });

  it("takes a local alone as the address of what it describes", () => {
    assert.deepEqual(run(op.DW_OP_WASM_location, 0, 1), { kind: "memory", address: 0xffffffffn });
  });

  it("reads globals by LEB128 and by fixed index", () => {
    assert.deepEqual(run(op.DW_OP_WASM_location, 1, 0x80, 0), { kind: "memory", address: 0x500n });
    assert.deepEqual(run(op.DW_OP_WASM_location, 3, 0, 0, 0, 0), { kind: "memory", address: 0x500n });
  });

  it("counts the global that the linker left out as 0", () => {
    const address = [op.DW_OP_WASM_location, 3, 0xff, 0xff, 0xff, 0xff, op.DW_OP_addr, 0x34, 0x0a, 1, 0];
    assert.deepEqual(run(...address, op.DW_OP_plus), { kind: "memory", address: 0x10a34n });
  });

  it("says what is wrong with a Wasm slot it does not know", () => {
    assert.match(reason(op.DW_OP_WASM_location, 4, 0), /unknown kind 4/);
    assert.equal(reason(op.DW_OP_WASM_location, 2, 0), "no operand");
    assert.equal(reason(op.DW_OP_WASM_location, 0, 9), "not kept");
  });

  it("keeps all bits of a 64-bit local on a 32-bit target", () => {
    assert.equal(value(op.DW_OP_WASM_location, 0, 2, lit(1), op.DW_OP_plus), 0x1_0000_0003n);
  });

  it("keeps floating-point locals as they are", () => {
    assert.equal(value(op.DW_OP_WASM_location, 0, 3), 0x4004_0000_0000_0000n);
  });

  const results: readonly (readonly [name: string, bytes: readonly number[], expected: bigint])[] = [
    ["const1s", [op.DW_OP_const1s, 0xfe], 0xffff_ffff_ffff_fffen],
    ["const2u", [op.DW_OP_const2u, 0x34, 0x12], 0x1234n],
    ["const8u", [op.DW_OP_const8u, 1, 0, 0, 0, 0, 0, 0, 0x80], 0x8000_0000_0000_0001n],
    ["constu with padding", [op.DW_OP_constu, 0x85, 0x80, 0x80, 0x00], 5n],
    ["consts", [op.DW_OP_consts, 0x7f], 0xffff_ffff_ffff_ffffn],
    ["constx", [op.DW_OP_constx, 1], 0x1001n],
    ["dup", [lit(3), op.DW_OP_dup, op.DW_OP_mul], 9n],
    ["drop", [lit(3), lit(4), op.DW_OP_drop], 3n],
    ["over", [lit(3), lit(4), op.DW_OP_over], 3n],
    ["pick", [lit(3), lit(4), lit(5), op.DW_OP_pick, 2], 3n],
    ["swap", [lit(3), lit(4), op.DW_OP_swap, op.DW_OP_minus], 1n],
    ["rot", [lit(1), lit(2), lit(3), op.DW_OP_rot, op.DW_OP_minus], 0xffff_ffff_ffff_ffffn],
    ["abs", [op.DW_OP_const1s, 0xfb, op.DW_OP_abs], 5n],
    ["neg of 32 bits", [op.DW_OP_WASM_location, 0, 1, op.DW_OP_neg], 1n],
    ["div is signed", [op.DW_OP_const1s, 0xf8, lit(2), op.DW_OP_div], 0xffff_ffff_ffff_fffcn],
    ["mod is unsigned", [op.DW_OP_WASM_location, 0, 1, lit(16), op.DW_OP_mod], 15n],
    ["shr is unsigned", [op.DW_OP_WASM_location, 0, 1, lit(28), op.DW_OP_shr], 15n],
    ["shra is signed", [op.DW_OP_WASM_location, 0, 1, lit(28), op.DW_OP_shra], 0xffff_ffffn],
    ["shl past the width", [op.DW_OP_WASM_location, 0, 1, op.DW_OP_const1u, 200, op.DW_OP_shl], 0n],
    ["and", [lit(12), lit(10), op.DW_OP_and], 8n],
    ["or", [lit(12), lit(10), op.DW_OP_or], 14n],
    ["xor", [lit(12), lit(10), op.DW_OP_xor], 6n],
    ["not", [op.DW_OP_WASM_location, 0, 1, op.DW_OP_not], 0n],
    ["lt is signed", [op.DW_OP_WASM_location, 0, 1, lit(1), op.DW_OP_lt], 1n],
    ["eq", [lit(1), lit(1), op.DW_OP_eq], 1n],
    ["skip", [op.DW_OP_skip, 1, 0, lit(9), lit(4)], 4n],
    ["bra not taken", [lit(6), lit(0), op.DW_OP_bra, 1, 0, op.DW_OP_nop], 6n],
    ["deref", [lit(0), op.DW_OP_deref], 0x12345678n],
    ["deref_size", [lit(0), op.DW_OP_deref_size, 2], 0x5678n],
    ["deref_type", [lit(0), op.DW_OP_deref_type, 1, u8], 0x78n],
    ["const_type", [op.DW_OP_const_type, s64, 8, 1, 2, 0, 0, 0, 0, 0, 0], 0x201n],
    [
      "convert down and up, unsigned",
      [op.DW_OP_WASM_location, 0, 1, op.DW_OP_convert, u8, op.DW_OP_convert, s64],
      0xffn,
    ],
    [
      "convert down and up, signed",
      [op.DW_OP_WASM_location, 0, 1, op.DW_OP_convert, s8, op.DW_OP_convert, s64],
      0xffff_ffff_ffff_ffffn,
    ],
    ["convert a float", [op.DW_OP_WASM_location, 0, 3, op.DW_OP_convert, s64], 2n],
    ["convert to a float", [lit(2), op.DW_OP_convert, f64], 0x4000_0000_0000_0000n],
    ["reinterpret", [op.DW_OP_WASM_location, 0, 3, op.DW_OP_reinterpret, s64], 0x4004_0000_0000_0000n],
    [
      "typed arithmetic wraps",
      [op.DW_OP_WASM_location, 0, 1, op.DW_OP_convert, u8, lit(2), op.DW_OP_plus, op.DW_OP_convert, s64],
      1n,
    ],
    ["float arithmetic", [op.DW_OP_WASM_location, 0, 3, op.DW_OP_dup, op.DW_OP_plus], 0x4014_0000_0000_0000n],
    ["call4 shares the stack", [lit(1), op.DW_OP_call4, 7, 0, 0, 0], 6n],
    ["call2 of what has no location", [lit(1), op.DW_OP_call2, 8, 0], 1n],
  ];
  for (const [name, bytes, expected] of results) {
    it(`computes ${name}`, () => assert.equal(value(...bytes), expected));
  }

  it("reads a type in the unit by its offset", () => {
    const bytes = [op.DW_OP_const_type, u32, 4, 1, 2, 3, 4, op.DW_OP_stack_value];
    assert.deepEqual(run(...bytes), { kind: "value", bytes: Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0) });
    assert.match(reason(op.DW_OP_const_type, 77, 0), /type that is missing/);
  });

  it("finds thread-local variables through the caller", () => {
    assert.deepEqual(run(lit(8), op.DW_OP_GNU_push_tls_address), { kind: "memory", address: 0x9008n });
  });

  it("gives the bytes of an implicit value", () => {
    assert.deepEqual(run(op.DW_OP_implicit_value, 2, 7, 8), { kind: "value", bytes: Uint8Array.of(7, 8) });
  });

  it("gives an implicit pointer as what it points into", () => {
    const bytes = [op.DW_OP_implicit_pointer, 0x10, 0, 0, 0, 4];
    assert.deepEqual(run(...bytes), { kind: "implicit-pointer", die: 0x10, offset: 4n });
  });

  it("puts pieces together, those without a location among them", () => {
    const bytes = [op.DW_OP_WASM_location, 0, 1, op.DW_OP_stack_value, op.DW_OP_piece, 4];
    bytes.push(op.DW_OP_piece, 2, op.DW_OP_addr, 8, 0, 0, 0, op.DW_OP_bit_piece, 3, 5);
    const location = run(...bytes);
    assert.ok(location.kind === "composite");
    const shown = location.pieces.map(({ bitSize, bitOffset, location: { kind } }) => [
      bitSize,
      bitOffset,
      kind,
    ]);
    assert.deepEqual(shown, [
      [32, 0, "value"],
      [16, 0, "unavailable"],
      [3, 5, "memory"],
    ]);
  });

  const failures: readonly (readonly [name: string, bytes: readonly number[], expected: RegExp])[] = [
    ["an empty expression", [], /optimised out/],
    ["a variable the linker dropped", [op.DW_OP_addr, 0xff, 0xff, 0xff, 0xff], /removed by the linker/],
    ["a loop", [op.DW_OP_skip, 0xfd, 0xff], /does not end/],
    ["a loop that grows", [lit(1), op.DW_OP_skip, 0xfc, 0xff], /too deep a stack|does not end/],
    ["a jump out of the expression", [op.DW_OP_skip, 0x00, 0x70], /malformed/],
    ["an operand that is cut off", [op.DW_OP_addr, 1, 2], /malformed/],
    ["an empty stack", [op.DW_OP_plus], /malformed/],
    ["a division by zero", [lit(1), lit(0), op.DW_OP_div], /divides by zero/],
    ["a machine register", [op.DW_OP_reg0 + 3], /register/],
    ["a typed machine register", [op.DW_OP_regval_type, 1, 1], /register/],
    ["another address space", [lit(0), lit(0), op.DW_OP_xderef], /address space/],
    ["an unknown operation", [0xe5], /unsupported operation 0xe5/],
    ["a .debug_addr entry that is missing", [op.DW_OP_addrx, 9], /\.debug_addr/],
    ["an entry value that nobody kept", [op.DW_OP_entry_value, 1, lit(0)], /entry-value/],
    ["a float as an address", [op.DW_OP_WASM_location, 0, 3], /floating-point/],
    [
      "a NaN as an integer",
      [op.DW_OP_const_type, f64, 8, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, op.DW_OP_convert, s64],
      /no number/,
    ],
  ];
  for (const [name, bytes, expected] of failures) {
    it(`answers why ${name} gives nothing`, () => assert.match(reason(...bytes), expected));
  }

  it("ends a procedure that calls itself", () => {
    const endless: ExpressionUnit = { ...unit, procedure: () => Uint8Array.of(op.DW_OP_call2, 0, 0) };
    const { value: location } = runExpression(Uint8Array.of(op.DW_OP_call2, 0, 0), endless).next();
    assert.ok(typeof location === "object" && location.kind === "unavailable");
  });

  it("neither throws nor runs on, whatever the bytes", () => {
    let seed = 0x2545f491;
    const random = (limit: number): number => {
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      return (seed >>> 0) % limit;
    };
    for (let round = 0; round < 20_000; round++) {
      const bytes = Array.from({ length: random(24) }, () => random(256));
      assert.ok(run(...bytes).kind.length > 0);
    }
  });
});
