import assert from "node:assert/strict";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { readStackShape } from "../../src/debuginfo/stack-shape.ts";
import { outlineFunction } from "../../src/disassembly/function-outline.ts";
import { integer, type KnownValue } from "../../src/traps/known-value.ts";
import { replayOperands } from "../../src/traps/operand-replay.ts";
import { readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { UNREACHABLE } from "../../src/wasm/instructions.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { seeded } from "../support/random-function.ts";
import { I32, i32Const, limits, WasmBuilder } from "../support/wasm-builder.ts";

const stackPointer = 0;
/** Holds what lay on top of the operand stack, for comparison. */
const witness = 2;

/**
 * A module whose function 1 runs `body` and then traps in an `unreachable`. Global 0 is the stack pointer, 1 a number.
 * Function 0 writes to memory where its argument says and to global 1. Locals: 0 is the param, 1 to 4 are declared.
 */
function trapping(body: string): Uint8Array {
  return new WasmBuilder()
    .type([I32], [I32])
    .func(
      0,
      [],
      assemble(
        "local.get 0\ni32.const 255\ni32.and\ni32.const 77\ni32.store\nlocal.get 0\nglobal.set 1\nlocal.get 0",
      ),
    )
    .func(0, [[4, I32]], assemble(`${body}\nunreachable`))
    .memory(limits(1))
    .global(I32, "mutable", i32Const(1024))
    .global(I32, "mutable", i32Const(5))
    .global(I32, "mutable", i32Const(0))
    .data(
      0,
      Uint8Array.from({ length: 2048 }, (_, at) => (at * 7) & 0xff),
    )
    .export("run", "func", 1)
    .export("memory", "memory", 0)
    .export("sp", "global", 0)
    .export("number", "global", 1)
    .export("witness", "global", witness)
    .build();
}

/** Runs it until it traps; what is then proven to have been on the operand stack, and the witness. */
async function replay(body: string, argument = 3) {
  const bytes = trapping(body);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
  assert.throws(() => (exports.run as (argument: number) => number)(argument), WebAssembly.RuntimeError);
  const module = readModule(bytes);
  const defined = toDefinedFuncIndex(1);
  const outline = outlineFunction(module, defined);
  const at = outline.starts.findLastIndex((start) => bytes[start] === UNREACHABLE);
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  const global = (name: string): KnownValue => integer("i32", (exports[name] as WebAssembly.Global).value);
  const stack = await replayOperands(
    { bytes, spaces: readIndexSpaces(module), outline, at },
    {
      shape: readStackShape(module, defined, stackPointer),
      stackPointerGlobal: stackPointer,
      globals: [global("sp"), global("number"), global("witness")],
      readMemory: async (_, address, size) => memory.slice(Number(address), Number(address) + size),
    },
  );
  return { stack: stack.map((value) => value && Number(value.value)), witness: global("witness") };
}

const top = async (body: string) => (await replay(body)).stack.at(-1);

describe("operands worked out after a trap", () => {
  it("are constants and what is computed from them", async () => {
    assert.deepEqual((await replay("i32.const 6\ni32.const 7\ni32.mul\ni32.const 5")).stack, [42, 5]);
  });

  it("are what memory holds, where the stack pointer or a constant leads there", async () => {
    const prologue = "global.get 0\ni32.const 16\ni32.sub\nlocal.tee 1\nglobal.set 0";
    assert.equal(
      await top(
        `${prologue}\nlocal.get 1\ni32.const 9\ni32.store offset=12\nlocal.get 1\ni32.load offset=12`,
      ),
      9,
    );
    assert.equal(await top("i32.const 4\ni32.load8_u offset=1"), 35);
  });

  it("are found in a block behind others, where the frame's local still leads to memory", async () => {
    const body = `
      global.get 0\ni32.const 16\ni32.sub\nlocal.set 1
      local.get 1\ni32.const 8\ni32.store offset=4
      block\nlocal.get 0\nbr_if 0\nend
      local.get 1\ni32.load offset=4`;
    assert.equal(await top(body), 8);
  });

  it("are not known when they come from a parameter, a call or elsewhere", async () => {
    assert.equal(await top("local.get 0"), undefined);
    assert.equal(await top("i32.const 1\ncall 0"), undefined);
    assert.equal(
      await top("i32.const 1\nlocal.set 2\nblock\nlocal.get 0\nbr_if 0\nend\nlocal.get 2"),
      undefined,
    );
  });

  it("are kept below the operands of a call, and in locals across it", async () => {
    assert.deepEqual((await replay("i32.const 4\ni32.const 1\ncall 0")).stack, [4, undefined]);
    assert.equal(await top("i32.const 4\nlocal.set 2\ni32.const 1\ncall 0\ndrop\nlocal.get 2"), 4);
  });

  it("are not known when memory may have been written to since it was read", async () => {
    const read = "i32.const 8\ni32.load";
    assert.notEqual(await top(read), undefined);
    const store = (address: string) => `${address}\ni32.const 1\ni32.store`;
    assert.equal(await top(`${read}\n${store("i32.const 10")}`), undefined);
    assert.notEqual(await top(`${read}\n${store("i32.const 12")}`), undefined);
    assert.equal(await top(`${read}\n${store("local.get 0")}`), undefined);
    assert.equal(await top(`${read}\ni32.const 1\ncall 0\ndrop`), undefined);
    assert.equal(await top(`${read}\ni32.const 0\ni32.const 0\ni32.const 9\nmemory.fill`), undefined);
  });

  it("are not known when a global was written to since it was read", async () => {
    assert.equal(await top("global.get 1"), 5);
    assert.equal(await top("global.get 1\ni32.const 9\nglobal.set 1"), undefined);
    assert.equal(await top("global.get 1\ni32.const 9\nglobal.set 2"), 5);
  });

  it("are never wrong", async () => {
    let known = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const body = `${randomCode(seed)}\nlocal.tee 4\nglobal.set ${witness}\nlocal.get 4`;
      const { stack, witness: actual } = await replay(body, seed);
      const found = stack.at(-1);
      if (found === undefined) continue;
      known++;
      assert.equal(found, Number(actual.value), `seed ${seed}:\n${body}`);
    }
    assert.ok(known > 80, `only ${known} were known`);
  });
});

/** Code without loops that leaves one i32, by way of locals, memory and globals. Local 1 may be a frame. */
function randomCode(seed: number): string {
  const random = seeded(seed);
  const lines: string[] = [];
  if (random(2) === 0) lines.push("global.get 0\ni32.const 32\ni32.sub\nlocal.tee 1\nglobal.set 0");
  const address = (): string => {
    switch (random(5)) {
      case 0:
        return "local.get 0\ni32.const 255\ni32.and";
      case 1:
        return `local.get ${1 + random(3)}\ni32.const 1023\ni32.and`;
      case 2:
        return "local.get 1\ni32.const 2047\ni32.and";
      default:
        return `i32.const ${random(64)}`;
    }
  };
  const value = (depth: number): string => {
    switch (random(depth > 2 ? 3 : 9)) {
      case 0:
        return `i32.const ${random(100)}`;
      case 1:
        return `local.get ${random(4)}`;
      case 2:
        return "global.get 1";
      case 3:
      case 4:
        return `${address()}\ni32.load${["", "8_u", "16_s"][random(3)]} offset=${random(8)}`;
      case 5:
        return `${value(depth + 1)}\ncall 0`;
      case 6:
        return `${value(depth + 1)}\n${value(depth + 1)}\n${value(depth + 1)}\nselect`;
      default:
        return `${value(depth + 1)}\n${value(depth + 1)}\ni32.${["add", "sub", "mul", "xor", "lt_s"][random(5)]}`;
    }
  };
  for (let count = random(8); count > 0; count--) {
    switch (random(6)) {
      case 0:
      case 1:
        lines.push(value(0), `local.set ${2 + random(2)}`);
        break;
      case 2:
      case 3:
        lines.push(address(), value(1), `i32.store${["", "8", "16"][random(3)]} offset=${random(8)}`);
        break;
      case 4:
        lines.push(value(1), "global.set 1");
        break;
      default:
        lines.push(
          "block",
          value(1),
          "br_if 0",
          value(1),
          `local.set ${2 + random(2)}`,
          random(2) === 0 ? "end" : "end\nnop",
        );
    }
  }
  // A value may be kept on the stack over stores.
  lines.push(value(0));
  if (random(2) === 0) lines.push(address(), value(1), "i32.store");
  return lines.join("\n");
}
