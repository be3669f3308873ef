import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findStore } from "../../src/instrument/stores.ts";
import { accessSizeBytes } from "../../src/wasm/disassemble.ts";
import { allInstructions, type InstructionInfo } from "../../src/wasm/instructions.ts";
import { assemble } from "../support/assemble.ts";
import { instructionOffsets } from "../support/instrumented-guest.ts";
import { listing } from "../support/listing.ts";
import { node24 } from "../support/nodes.ts";
import { I32, i32Const, sized, WasmBuilder } from "../support/wasm-builder.ts";
import { watchedGuest } from "../support/watched-guest.ts";

const at = 1000;
const constants = { i32: "i32.const 7", i64: "i64.const 7", f32: "f32.const 7", f64: "f64.const 7" } as const;
const vector = ["i32.const 7", "i32x4.splat"].join("\n");

/** A module of one page whose `f(address)` does one store with an operand of 7s. */
function storing({ mnemonic, immediates, signature }: InstructionInfo, offset = 0): Uint8Array {
  const params = signature?.params ?? [];
  const operands = params.slice(1).map((type) => {
    if (type === "v128") return vector;
    return type in constants ? constants[type as keyof typeof constants] : "i32.const 7";
  });
  const lane = immediates.includes("lane") ? " 0" : "";
  const text = [
    "local.get 0",
    ...operands,
    `${mnemonic}${offset > 0 ? ` offset=${offset}` : ""}${lane}`,
    ...(signature?.results ?? []).map(() => "drop"),
  ];
  return new WasmBuilder()
    .type([I32])
    .memory([0, 1])
    .func(0, [], assemble(text.join("\n")))
    .export("f", "func", 0)
    .export("memory", "memory", 0)
    .build();
}

const stores = [...allInstructions()].filter(({ opcode }) => (findStore(opcode)?.widthBytes ?? 0) > 0);

describe("a checked store", () => {
  it("is every instruction that writes to memory", () => {
    const names = stores.map(({ mnemonic }) => mnemonic);
    assert.equal(names.filter((name) => /^[if]\d+\.store\d*$/.test(name)).length, 9);
    assert.equal(names.filter((name) => name.startsWith("v128.store")).length, 5);
    assert.equal(names.filter((name) => name.includes(".atomic.store")).length, 7);
    assert.equal(names.filter((name) => name.includes(".rmw")).length, 49);
    assert.equal(names.length, 70);
  });

  for (const info of stores) {
    it(`is told when it touches the range, and only then: ${info.mnemonic}`, () => {
      const width = accessSizeBytes(info.mnemonic);
      // Exchanges find 7s, so that they store.
      for (const offset of [0, 48]) {
        const guest = watchedGuest(storing(info, offset));
        const memory = new Uint8Array((guest.exports.memory as WebAssembly.Memory).buffer);
        const step = info.mnemonic.includes("atomic") ? width : 1;
        const range = { start: at + 16, end: at + 24 };
        guest.watch(0, range);
        const expected: number[] = [];
        for (let address = at; address < at + 48; address += step) {
          memory.fill(0);
          memory[address + offset] = 7;
          guest.call("f", address);
          const first = address + offset;
          if (first < range.end && first + width > range.start) expected.push(first);
        }
        assert.deepEqual(
          guest.told,
          expected.map((first) => [0, first, width]),
        );
        assert.equal(guest.suspended.length, expected.length);
      }
    });
  }

  it("has been done when the guest is suspended, which stands at it", () => {
    const bytes = storing(stores[0] as InstructionInfo);
    let seen: number | undefined;
    const guest = watchedGuest(bytes, () => {
      seen = new DataView((guest.exports.memory as WebAssembly.Memory).buffer).getInt32(at, true);
    });
    guest.watch(0, { start: at, end: at + 1 });
    guest.call("f", at);
    assert.equal(seen, 7);
    assert.deepEqual(guest.suspended, [instructionOffsets(bytes)[2]]);
  });

  it("is not told of a range that has been taken back", () => {
    const guest = watchedGuest(storing(stores[0] as InstructionInfo));
    guest.watch(0, { start: 0, end: 65536 });
    guest.call("f", at);
    guest.watch(0, undefined);
    guest.call("f", at);
    assert.equal(guest.told.length, 1);
  });

  it("traps where it did, without being told, whatever the range", () => {
    for (const [address, offset] of [
      [65533, 0],
      [-1, 0],
      [-1, 65535],
      [65000, 600],
    ] as const) {
      const guest = watchedGuest(storing(stores[0] as InstructionInfo, offset));
      guest.watch(0, { start: 0, end: 0xffff_ffff });
      assert.throws(() => guest.call("f", address), /out of bounds/);
      assert.deepEqual(guest.told, []);
    }
  });

  it("is told at both ends of memory by a range that is all of it", () => {
    const guest = watchedGuest(storing(stores[0] as InstructionInfo));
    guest.watch(0, { start: 0, end: 2 ** 32 });
    guest.call("f", 0);
    guest.call("f", 65532);
    assert.deepEqual(guest.told, [
      [0, 0, 4],
      [0, 65532, 4],
    ]);
  });

  it("is not told when an exchange finds another value and stores nothing", () => {
    const exchanges = stores.filter(({ mnemonic }) => mnemonic.includes("cmpxchg"));
    assert.equal(exchanges.length, 7);
    for (const info of exchanges) {
      const guest = watchedGuest(storing(info));
      guest.watch(0, { start: at, end: at + 1 });
      guest.call("f", at);
      assert.deepEqual(guest.suspended, [], info.mnemonic);
      assert.deepEqual(guest.told, [[0, at, 0]]);
    }
  });
});

describe("a checked stack pointer", () => {
  it("is told when it comes to lie above the limit, with what it is then", () => {
    const bytes = new WasmBuilder()
      .type([I32])
      .memory([0, 1])
      .global(I32, "mutable", i32Const(4096))
      .func(0, [], assemble("local.get 0\nglobal.set 0"))
      .export("f", "func", 0)
      .build();
    const guest = watchedGuest(bytes, undefined, 0);
    const limit = guest.exports[guest.instrumented.names.stackLimit ?? ""] as WebAssembly.Global;
    guest.call("f", -1);
    assert.deepEqual(guest.told, []);
    limit.value = 4000;
    for (const value of [3000, 4000, 4001, -1]) guest.call("f", value);
    assert.deepEqual(guest.told, [
      [-1, 4001, 0],
      [-1, 0xffff_ffff, 0],
    ]);
  });
});

describe("a check", () => {
  it("keeps the operands of the store, and spills what is live once it has met the range", () => {
    const bytes = new WasmBuilder()
      .type([I32])
      .memory([0, 1])
      .func(0, [], assemble("local.get 0\ni32.const 7\ni32.store8 offset=3\nlocal.get 0\ndrop"))
      .build();
    const { instrumented } = watchedGuest(bytes);
    assert.equal(
      listing(instrumented.bytes, 0, 1),
      `
func 0 (param i32) (local i32 i32)
  local.get 0
  i32.const 7
  local.set 2
  local.tee 1
  local.get 2
  i32.store8 offset=3
  local.get 1
  i32.const 3
  i32.add
  global.get 1
  i32.sub
  global.get 2
  i32.lt_u
  if
    i32.const 0
    local.get 1
    i32.const 3
    i32.add
    f64.convert_i32_u
    f64.const 1
    call 4
    if
      local.get 0
      global.set 0
      i32.const 0
      call 1
      global.get 0
      local.set 0
    end
  end
  local.get 0
  drop
end`.trim(),
    );
  });
});

describe("a checked bulk operation", () => {
  const text = {
    fill: "local.get 0\ni32.const 9\nlocal.get 1\nmemory.fill 0",
    copy: "local.get 0\ni32.const 64\nlocal.get 1\nmemory.copy 0 0",
    init: "local.get 0\ni32.const 0\nlocal.get 1\nmemory.init 0 0",
  };
  for (const [name, body] of Object.entries(text)) {
    it(`is told of the bytes it writes, if any of them lies in the range: ${name}`, () => {
      const bytes = new WasmBuilder()
        .type([I32, I32])
        .memory([0, 1])
        .func(0, [], assemble(body))
        .export("f", "func", 0)
        .rawData(1, sized(new Uint8Array(64)))
        .dataCount()
        .build();
      const guest = watchedGuest(bytes);
      guest.watch(0, { start: at, end: at + 4 });
      const told = (address: number, length: number): boolean => {
        guest.suspended.length = 0;
        guest.call("f", address, length);
        return guest.suspended.length > 0;
      };
      assert.deepEqual(
        [
          told(at - 8, 8),
          told(at - 8, 9),
          told(at + 3, 20),
          told(at + 4, 20),
          told(at - 8, 30),
          told(at + 1, 1),
          told(at, 0),
          told(65536, 0),
        ],
        [false, true, true, false, true, true, false, false],
      );
    });
  }
});

describe("a checked store in another memory", () => {
  it("is told by the range of that memory alone, and with 64-bit addresses", async () => {
    const program = fileURLToPath(new URL("./two-memories-program.js", import.meta.url));
    const printed = execFileSync(await node24(), [program], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(printed), [
      [
        [1, 93, 8],
        [1, 103, 8],
        [1, 98, 3],
      ],
      [[0, 100, 4]],
    ]);
  });
});
