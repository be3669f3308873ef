import assert from "node:assert/strict";
import { toStopNumber } from "../../src/base/brand.ts";
import { StackPages } from "../../src/debugger/stack-pages.ts";
import { StackUnwinder } from "../../src/debugger/stack-unwinder.ts";
import type { DebugInfo, StackShape } from "../../src/debuginfo/debug-info.ts";
import type { RawValue, Target } from "../../src/target/target.ts";

interface ToyStack {
  /** Innermost first: how far each frame is below its entry, `undefined` where nobody knows; "host" for a host frame. */
  readonly deltas: readonly (number | undefined | "host")[];
  /** By frame: its local 0, which holds its entry − 8. */
  readonly locals?: Readonly<Record<number, RawValue>>;
  readonly global?: RawValue;
  readonly hasStackPointer?: boolean;
}

const stop = toStopNumber(1);

function unwind({
  deltas,
  locals = {},
  global = { type: "i32", value: 1000 },
  hasStackPointer = true,
}: ToyStack) {
  const asked = { frames: [] as (readonly [number, number])[], locals: [] as number[] };
  const wasm = deltas.filter((delta) => delta !== "host").length;
  let depth = wasm;
  const frames = deltas.map((delta, index) =>
    delta === "host"
      ? ({ kind: "host", name: "host" } as const)
      : ({ kind: "wasm", function: index, offset: 0, depth: depth-- } as const),
  );
  const target = {
    frames: async (_stop: unknown, start: number, count: number) => {
      asked.frames.push([start, count]);
      return { frames: frames.slice(start, start + count), total: frames.length };
    },
    globals: async () => [global],
    locals: async (_stop: unknown, frame: number) => {
      asked.locals.push(frame);
      const local = locals[frame];
      if (!local) throw new Error("not kept");
      return [local];
    },
  } as unknown as Target;
  const debugInfo = {
    stackPointerGlobal: hasStackPointer ? 0 : undefined,
    stackShape: (func: number): StackShape => ({
      fixed: true,
      deltaAt: () => (deltas[func] === "host" ? undefined : (deltas[func] as number | undefined)),
      localDelta: (local) => (local === 0 ? 8 : undefined),
    }),
  } as unknown as DebugInfo;
  const pages = new StackPages(target, stop);
  const unwinder = new StackUnwinder(target, debugInfo, stop, pages);
  const pointers = () => Promise.all(deltas.map((_, index) => unwinder.stackPointerOf(index)));
  return { asked, pages, unwinder, pointers };
}

describe("unwinding the C stack", () => {
  it("adds each frame's size on the way out", async () => {
    assert.deepEqual(await unwind({ deltas: [16, 32, 0, 48] }).pointers(), [1000n, 1016n, 1048n, 1048n]);
  });

  it("takes the pointer as unsigned", async () => {
    const [pointer] = await unwind({ deltas: [16], global: { type: "i32", value: -16 } }).pointers();
    assert.equal(pointer, 0xffff_fff0n);
  });

  it("knows 64-bit stack pointers", async () => {
    const global: RawValue = { type: "i64", value: 0x1_0000_0000n };
    assert.deepEqual(await unwind({ deltas: [16, 0], global }).pointers(), [0x1_0000_0000n, 0x1_0000_0010n]);
  });

  it("goes through host frames", async () => {
    assert.deepEqual(await unwind({ deltas: [16, "host", 32] }).pointers(), [1000n, 1016n, 1016n]);
  });

  it("ends at a frame whose size is not known", async () => {
    assert.deepEqual(await unwind({ deltas: [16, undefined, 32] }).pointers(), [1000n, 1016n, undefined]);
  });

  it("goes on from a local that holds a known distance from the frame's entry", async () => {
    const locals = { 1: { type: "i32", value: 2000 } as const };
    assert.deepEqual(await unwind({ deltas: [16, undefined, 32, 0], locals }).pointers(), [
      1000n,
      1016n,
      2008n,
      2040n,
    ]);
  });

  it("is not possible in a module without a stack pointer", async () => {
    const { pointers, asked } = unwind({ deltas: [16, 16], hasStackPointer: false });
    assert.deepEqual(await pointers(), [undefined, undefined]);
    assert.deepEqual(asked.locals, []);
  });

  it("does not ask for the locals of every frame of a deep stack", async () => {
    const { pointers, asked } = unwind({ deltas: new Array(1000).fill(undefined) });
    assert.equal((await pointers()).filter((pointer) => pointer !== undefined).length, 1);
    assert.ok(asked.locals.length < 100, String(asked.locals.length));
  });

  it("walks no further than asked", async () => {
    const { unwinder, asked } = unwind({ deltas: new Array(5000).fill(16) });
    assert.equal(await unwinder.stackPointerOf(3), 1048n);
    assert.ok(asked.frames.every(([start, count]) => start + count < 100));
    assert.equal(await unwinder.stackPointerOf(2), 1032n);
    assert.equal(await unwinder.stackPointerOf(4999), 1000n + 4999n * 16n);
  });
});

describe("the frames of a stop", () => {
  it("are fetched once, a page at least", async () => {
    const { pages, asked } = unwind({ deltas: new Array(100).fill(0) });
    assert.equal((await pages.slice(0, 10)).length, 10);
    assert.equal((await pages.slice(5, 10)).length, 10);
    assert.equal(await pages.total(), 100);
    assert.equal(asked.frames.length, 1);
    assert.equal((await pages.slice(90, 20)).length, 10);
    assert.equal((await pages.slice(200, 20)).length, 0);
    assert.equal(asked.frames.length, 2);
    assert.equal((await pages.all()).length, 100);
    assert.equal(asked.frames.length, 3);
  });
});
