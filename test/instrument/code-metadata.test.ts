import assert from "node:assert/strict";
import { instrument } from "../../src/instrument/instrument.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { readModule } from "../../src/wasm/module.ts";
import { BRANCH_HINT_SECTION, readBranchHints } from "../../src/wasm/sections/branch-hints.ts";
import { assemble } from "../support/assemble.ts";
import { instructionOffsets } from "../support/instrumented-guest.ts";
import { type Bytes, flat, I32, i32Const, u32, WasmBuilder } from "../support/wasm-builder.ts";

const IMPORTED = 1;

/** Two functions: in each, instruction 1 is a br_if and instruction 4 an if. */
const code = "i32.const 0\nbr_if 0\nnop\ni32.const 1\nif\nend";

function moduleWith(name?: string, contents: Bytes = []): Uint8Array {
  const builder = new WasmBuilder()
    .type([])
    .import("host", "f", "func", 0)
    .func(0, [], assemble(code))
    .func(0, [], assemble(code));
  return (name === undefined ? builder : builder.custom(name, contents, 10)).build();
}

/** In bytes from the start of its body: of the nth instruction of a function. */
function bodyOffset(bytes: Uint8Array, func: number, instruction: number): number {
  const start = readModule(bytes).code.bodyStarts[func - IMPORTED] ?? 0;
  return (instructionOffsets(bytes)[(func - IMPORTED) * 7 + instruction] ?? 0) - start;
}

/** A section's contents: (function, (offset, byte)…)…. */
const metadata = (...functions: [number, [number, number][]][]): Bytes => [
  u32(functions.length),
  ...functions.map(([func, entries]) => [
    u32(func),
    u32(entries.length),
    ...entries.map(([offset, byte]) => [u32(offset), 1, byte]),
  ]),
];

function instrumentAt(bytes: Uint8Array, ...instructions: number[]): Uint8Array {
  const offset = Uint32Array.from(instructions, (index) => instructionOffsets(bytes)[index] ?? 0);
  return instrument(readModule(bytes), { sites: { offset, line: offset } }).bytes;
}

/** Hints as text, with the instruction that each stands at. */
function hintsOf(bytes: Uint8Array): string[] {
  const module = readModule(bytes);
  const cursor = module.customCursor(BRANCH_HINT_SECTION);
  assert.ok(cursor);
  return readBranchHints(cursor).flatMap((hints) =>
    Array.from(hints.offsets, (offset, at) => {
      const start = (module.code.bodyStarts[hints.function - IMPORTED] ?? 0) + offset;
      const reader = new CodeReader(bytes, start, bytes.length);
      reader.next();
      return `${hints.function}: ${reader.mnemonic} ${hints.likely[at]}`;
    }),
  );
}

describe("branch hints", () => {
  it("say of every probe that it is unlikely to fire", () => {
    assert.deepEqual(hintsOf(instrumentAt(moduleWith(), 0, 2, 8)), ["1: if 0", "1: if 0", "2: if 0"]);
  });

  it("say of every checked store, and of every return, that nothing is watched, among those of probes", () => {
    const text = "i32.const 0\ni32.const 1\ni32.store\nglobal.get 0\nglobal.set 0\nnop";
    const bytes = new WasmBuilder()
      .type([])
      .import("host", "f", "func", 0)
      .memory([0, 1])
      .global(I32, "mutable", i32Const(0))
      .func(0, [], assemble(text))
      .build();
    const offset = Uint32Array.from([2, 5], (index) => instructionOffsets(bytes)[index] ?? 0);
    const instrumented = instrument(readModule(bytes), {
      sites: { offset, line: offset },
      checkStores: { stackPointer: 0 },
    });
    // A probe and a check at the store, the check of the stack pointer, a probe.
    assert.deepEqual(hintsOf(instrumented.bytes), ["1: if 0", "1: if 0", "1: if 0", "1: if 0"]);
    assert.ok(WebAssembly.validate(instrumented.bytes));
  });

  it("stand before the code section, where engines look for them", () => {
    const kinds = readModule(instrumentAt(moduleWith(), 0)).sections.map(({ name }) => name);
    assert.equal(kinds[kinds.indexOf("code") - 1], BRANCH_HINT_SECTION);
  });

  it("keep the module's own, at the instructions they were for", () => {
    const plain = moduleWith();
    const at = (func: number, instruction: number, value: number): [number, number] => [
      bodyOffset(plain, func, instruction),
      value,
    ];
    const hinted = moduleWith(
      BRANCH_HINT_SECTION,
      metadata([1, [at(1, 1, 1), at(1, 4, 1)]], [2, [at(2, 4, 1)]]),
    );
    assert.deepEqual(hintsOf(hinted), ["1: br_if 1", "1: if 1", "2: if 1"]);
    assert.deepEqual(hintsOf(instrumentAt(hinted, 1, 3)), [
      "1: if 0",
      "1: br_if 1",
      "1: if 0",
      "1: if 1",
      "2: if 1",
    ]);
    assert.deepEqual(hintsOf(instrumentAt(hinted, 7)), ["1: br_if 1", "1: if 1", "2: if 0", "2: if 1"]);
    assert.deepEqual(hintsOf(instrumentAt(hinted)), hintsOf(hinted));
  });

  it("are made anew when the module's own are malformed", () => {
    const broken = moduleWith(BRANCH_HINT_SECTION, [7, 7, 7]);
    assert.deepEqual(hintsOf(instrumentAt(broken, 0)), ["1: if 0"]);
  });
});

describe("other metadata of code", () => {
  it("moves with the instructions it is about", () => {
    const plain = moduleWith();
    const name = "metadata.code.trace_inst";
    const traced = moduleWith(name, metadata([2, [[bodyOffset(plain, 2, 2), 9]]]));
    const output = instrumentAt(traced, 7, 9);
    const contents = readModule(output).sectionBytes(name);
    const start = readModule(output).code.bodyStarts[1] ?? 0;
    const moved = contents?.[3] ?? 0;
    assert.deepEqual(contents, flat(metadata([2, [[moved, 9]]])));
    const reader = new CodeReader(output, start + moved, output.length);
    assert.ok(reader.next());
    assert.equal(reader.mnemonic, "nop");
  });
});
