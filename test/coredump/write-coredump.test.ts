import assert from "node:assert/strict";
import { type MemoryAddress, toFuncIndex, toModuleOffset, toStopNumber } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import { sourceOf } from "../../src/coredump/byte-source.ts";
import { type Coredump, missingValue, noIndex } from "../../src/coredump/coredump.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { coredumpPieces } from "../../src/coredump/write-coredump.ts";
import type { RawValue, Target, TargetFrame } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { EXTERNREF, F64, FUNCREF, I32, I64, sized, u32, V128, WasmBuilder } from "../support/wasm-builder.ts";

const stop = toStopNumber(3);

/** A module with one of everything that a dump may be asked to hold. */
const bytes = new WasmBuilder()
  .type([I32, V128], [])
  .type([], [])
  .import("host", "run", "func", 1)
  .table(FUNCREF, [0, 3])
  .memory([0, u32(2)])
  .memory([3, u32(1), u32(4)])
  .memory([4, u32(1)])
  .global(I32, "mutable", [0x41, 0])
  .global(EXTERNREF, "mutable", [0xd0, EXTERNREF])
  .global(F64, "constant", [0x44, new Uint8Array(8)])
  .func(0, [[1, I64]], assemble("call 0"))
  .custom("build_id", sized(0xaa, 0xbb))
  .build();
const code = new ModuleCode(readModule(bytes));
const call = code.bodyOf(1)?.instructionsStart ?? 0;

const gone: RawValue = { type: "unavailable", reason: "not live here" };
const vector = new Uint8Array(16).map((_, index) => index);

const frames: readonly TargetFrame[] = [
  { kind: "host", name: "run", path: "/host.js", line: 7 },
  { kind: "wasm", function: toFuncIndex(1), offset: toModuleOffset(call), depth: 1 },
];

/** What a test's guest holds; memories are of these bytes, zero otherwise. */
interface Held {
  readonly memories?: readonly { readonly size: number; readonly bytes: readonly [number, number[]][] }[];
  readonly pages?: boolean;
}

const usual = [
  {
    size: 131_072,
    bytes: [
      [10, [1, 2, 3]],
      [70_000, [4]],
    ] as [number, number[]][],
  },
  {
    size: 65_536,
    bytes: [
      [0, [5]],
      [65_535, [6]],
    ] as [number, number[]][],
  },
  { size: 65_536, bytes: [] },
];

function targetOf({ memories = usual, pages = false }: Held): { target: Target; asked: [number, number][] } {
  const asked: [number, number][] = [];
  const contents = memories.map(({ size, bytes: written }) => {
    const memory = new Uint8Array(size);
    for (const [address, some] of written) memory.set(some, address);
    return memory;
  });
  const unasked = (): never => assert.fail("nobody needs this for a coredump");
  const target: Target = {
    module: { path: "app.wasm", bytes },
    state: "paused",
    frames: async (_stop, start, count) => ({
      frames: frames.slice(start, start + count),
      total: frames.length,
    }),
    locals: async (_stop, frame) =>
      frame === 0 ? [] : [{ type: "i32", value: -7 }, { type: "v128", value: vector }, gone],
    operands: async (_stop, frame) => (frame === 1 ? [{ type: "ref", value: "function 1" }] : []),
    globals: async () => [{ type: "i32", value: 99 }, { type: "ref", value: "an object" }, gone],
    memorySizes: async () => memories.map(({ size }) => BigInt(size)),
    readMemory: async (_stop, memory, address: MemoryAddress, length) => {
      asked.push([memory, length]);
      return (contents[memory] ?? new Uint8Array(0)).slice(Number(address), Number(address) + length);
    },
    ...(pages ? { nonZeroPages: async (_stop: unknown, memory: number) => setPages(contents[memory]) } : {}),
    readTable: async (_stop, _table, index) => (index === 2 ? toFuncIndex(1) : undefined),
    resume: unasked,
    pause: unasked,
    setBreakpointLocations: unasked,
    writeLocal: unasked,
    writeGlobal: unasked,
    writeMemory: unasked,
    terminate: unasked,
    kill: unasked,
    writeStdin: unasked,
  };
  return { target, asked };
}

function setPages(memory = new Uint8Array(0)): Uint8Array {
  const set = new Uint8Array(Math.ceil(memory.length / 4096 / 8));
  for (const [at, byte] of memory.entries())
    if (byte !== 0) set[at >> 15] = (set[at >> 15] ?? 0) | (1 << ((at >> 12) & 7));
  return set;
}

async function write(target: Target): Promise<Uint8Array<ArrayBuffer>> {
  let whole = new Uint8Array(0);
  const facts = { executable: "app.wasm", code, tool: "wasm-dap 0.0.0", time: 5, processId: 6 };
  for await (const { bytes: piece, at } of coredumpPieces(target, stop, {
    ...facts,
    stop: { kind: "breakpoint", trap: undefined, message: "" },
  })) {
    if (at !== undefined) whole.set(piece, at);
    else whole = Uint8Array.from([...whole, ...piece]);
  }
  return whole;
}

const dump = async (held: Held = {}): Promise<Coredump> =>
  readCoredump(new CoredumpFile(sourceOf(await write(targetOf(held).target))));

describe("a written coredump", () => {
  it("is a valid module, as the standard's consumers expect", async () => {
    for (const pages of [false, true]) {
      assert.ok(WebAssembly.validate(await write(targetOf({ pages, memories: usual.slice(0, 1) }).target)));
    }
  });

  it("has the values that the standard can encode, and a marker for each of the others", async () => {
    const [thread] = (await dump()).threads;
    const body = code.bodyOf(1);
    assert.deepEqual(thread, {
      name: "main",
      frames: [
        {
          ...{ instance: 0, function: 1, codeOffset: call - (body?.start ?? 0) },
          locals: [{ type: "i32", value: -7 }, missingValue, missingValue],
          operands: [missingValue],
        },
      ],
    });
  });

  it("has notes of what the standard cannot encode", async () => {
    const { notes } = await dump();
    assert.deepEqual(notes?.values, [
      { thread: 0, frame: 0, kind: "local", index: 1, value: { type: "v128", value: vector } },
      { thread: 0, frame: 0, kind: "operand", index: 0, value: { type: "ref", value: "function 1" } },
      { thread: 0, frame: 0, kind: "global", index: 1, value: { type: "ref", value: "an object" } },
    ]);
    assert.deepEqual(notes?.hostFrames, [{ thread: 0, before: 0, name: "run", path: "/host.js", line: 7 }]);
    assert.deepEqual(notes?.tables, [{ instance: 0, table: 0, size: 3, functions: new Map([[2, 1]]) }]);
    assert.deepEqual(notes?.modules, [{ module: 0, sha256: undefined, buildId: Uint8Array.of(0xaa, 0xbb) }]);
    assert.deepEqual([notes?.tool, notes?.time, notes?.processId], ["wasm-dap 0.0.0", 5, 6]);
    assert.equal(notes?.stop?.kind, "breakpoint");
  });

  it("leaves out globals that cannot be read, and says so in the instance", async () => {
    const { instances, globals } = await dump();
    assert.deepEqual(instances, [{ module: 0, memories: [0, 1, 2], globals: [0, 1, noIndex] }]);
    assert.deepEqual(globals, [
      { type: "i32", value: 99 },
      { type: "ref", value: "null" },
    ]);
  });

  for (const pages of [false, true])
    it(`has every memory with its type, without its zeros, ${pages ? "as the engine finds them" : "found by reading"}`, async () => {
      const { memories } = await dump({ pages });
      assert.deepEqual(
        memories.map(({ type, writtenBytes }) => [type.addressType, type.shared, type.minimum, writtenBytes]),
        [
          ["i32", false, 2n, 4],
          ["i32", true, 1n, 2],
          ["i64", false, 1n, 0],
        ],
      );
      assert.deepEqual([...(memories[0]?.read(9, 6) ?? [])], [0, 1, 2, 3, 0, 0]);
      assert.deepEqual([...(memories[0]?.read(70_000, 1) ?? [])], [4]);
      assert.deepEqual([...(memories[1]?.read(65_535, 1) ?? [])], [6]);
    });

  it("fetches only pages that hold something where the engine knows them", async () => {
    const { target, asked } = targetOf({ pages: true });
    await write(target);
    assert.deepEqual(asked, [
      [0, 4096],
      [0, 4096],
      [1, 4096],
      [1, 4096],
    ]);
  });

  it("fetches a memory in parts", async () => {
    const { target, asked } = targetOf({ memories: [{ size: 10 << 20, bytes: [[9 << 20, [1]]] }] });
    await write(target);
    assert.deepEqual(
      asked.map(([, length]) => length),
      [4 << 20, 4 << 20, 2 << 20],
    );
  });

  it("has no data section where all memories are zero", async () => {
    const { memories } = await dump({ memories: [{ size: 65_536, bytes: [] }] });
    assert.equal(memories[0]?.firstAddress, undefined);
  });

  it("is given up when the target cannot answer any more", async () => {
    const { target } = targetOf({});
    const failing = {
      ...target,
      memorySizes: () => Promise.reject(new TargetError("not-stopped", "gone on")),
    };
    await assert.rejects(write(failing), { code: "not-stopped" });
  });
});
