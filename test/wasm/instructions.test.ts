import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { ByteWriter } from "../../src/base/bytes.ts";
import { writeU32 } from "../../src/base/leb128.ts";
import * as instructions from "../../src/wasm/instructions.ts";
import {
  allInstructions,
  findOpcode,
  type ImmediateKind,
  type InstructionInfo,
  instructionInfo,
  type OperandType,
} from "../../src/wasm/instructions.ts";

describe("the instruction table", () => {
  it("gives each number and each name once, but for select and the casts, which have two forms", () => {
    const all = [...allInstructions()];
    assert.equal(new Set(all.map(({ opcode }) => opcode)).size, all.length);
    const twice = all
      .map(({ mnemonic }) => mnemonic)
      .filter((name, index, names) => names.indexOf(name) !== index);
    assert.deepEqual(twice, ["select", "ref.test", "ref.cast"]);
  });

  it("names the exported constants as they are called", () => {
    const constants = Object.entries(instructions).filter(
      ([name, value]) => typeof value === "number" && name !== "EMPTY_BLOCK_TYPE",
    );
    assert.ok(constants.length > 30);
    for (const [name, opcode] of constants) {
      const mnemonic = instructionInfo(opcode as number)?.mnemonic ?? "";
      assert.equal(mnemonic.toUpperCase().replaceAll(".", "_"), name);
      assert.equal(findOpcode(mnemonic), opcode);
    }
  });

  it("has every instruction of the standard that V8 accepts, with the signature V8 checks", () => {
    acceptRelaxedSimd();
    const fixed = [...allInstructions()].filter(({ signature }) => signature);
    assert.equal(fixed.length, 497);
    const refused = fixed.filter((info) => !WebAssembly.validate(moduleUsing(info)));
    assert.deepEqual(
      refused.map(({ mnemonic }) => mnemonic),
      [],
    );
  });

  it("has no instruction with a fixed signature that V8 would also take with one operand less", () => {
    const generous = [...allInstructions()].filter(
      (info) => info.signature?.params.length && WebAssembly.validate(moduleUsing(info, 1)),
    );
    assert.deepEqual(
      generous.map(({ mnemonic }) => mnemonic),
      [],
    );
  });
});

function acceptRelaxedSimd(): void {
  const swizzle = instructionInfo(0xfd0100);
  assert.ok(swizzle);
  // On Node 20 it is behind a flag; later ones have it and do not know the flag.
  if (!WebAssembly.validate(moduleUsing(swizzle))) setFlagsFromString("--experimental-wasm-relaxed-simd");
}

const TYPE_BYTES: Readonly<Record<OperandType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  address: 0x7f,
  address2: 0x7f,
  size: 0x7f,
};

/** A module whose one function does nothing but run the instruction on its parameters. */
function moduleUsing(info: InstructionInfo, missing = 0): Uint8Array<ArrayBuffer> {
  const { params = [], results = [] } = info.signature ?? {};
  const module = new ByteWriter();
  module.copy(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const types = (list: readonly OperandType[]) => [list.length, ...list.map((type) => TYPE_BYTES[type])];
  section(module, 1, [1, 0x60, ...types(params), ...types(results)]);
  section(module, 3, [1, 0]);
  section(module, 4, [1, 0x70, 0, 1]); // one table of functions
  section(module, 5, [1, 3, 1, 1]); // one shared memory
  section(module, 9, [1, 1, 0, 0]); // one passive element segment without elements
  section(module, 12, [1]);
  const body = new ByteWriter();
  body.u8(0);
  for (let index = missing; index < params.length; index++) body.copy(Uint8Array.of(0x20, index));
  writeInstruction(body, info);
  body.u8(0x0b);
  section(module, 10, [1, body.length, ...body.view()]);
  section(module, 11, [1, 1, 0]); // one passive data segment without bytes
  return module.toBytes();
}

function writeInstruction(body: ByteWriter, info: InstructionInfo): void {
  if (info.opcode > 0xff) {
    body.u8(info.opcode >>> 16);
    writeU32(body, info.opcode & 0xffff);
  } else {
    body.u8(info.opcode);
  }
  for (const kind of info.immediates) body.copy(new Uint8Array(sizeBytes(kind)).fill(fillFor(kind, info)));
}

function sizeBytes(kind: ImmediateKind): number {
  if (kind === "shuffle" || kind === "v128") return 16;
  if (kind === "f32") return 4;
  return kind === "f64" ? 8 : kind === "memarg" ? 2 : 1;
}

/** Atomic accesses must state their natural alignment, and all others may: the offset is then the same small number. */
function fillFor(kind: ImmediateKind, { mnemonic }: InstructionInfo): number {
  if (kind !== "memarg" || !mnemonic.includes("atomic")) return 0;
  const bits =
    /(?:load|store|rmw|wait)(\d+)/.exec(mnemonic)?.[1] ?? (mnemonic.startsWith("i64") ? "64" : "32");
  return Math.log2(Number(bits) / 8);
}

function section(module: ByteWriter, id: number, payload: readonly number[]): void {
  module.u8(id);
  writeU32(module, payload.length);
  module.copy(Uint8Array.from(payload));
}
