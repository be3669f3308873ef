import assert from "node:assert/strict";
import { StoreWatch } from "../../../runtime/guest/store-watch.ts";
import type { GuestWatch } from "../../../runtime/suspend/messages.ts";

describe("the watch of stores in the guest thread", () => {
  /** A guest of one page, and what the watch has told it. */
  function guest() {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    const stackLimit = new WebAssembly.Global({ value: "i32", mutable: true }, -1);
    const bounds: number[][] = [];
    const expired: (readonly number[])[] = [];
    let stackPointer = 1000n;
    const exports = { memory, limit: stackLimit, set: (...all: number[]) => bounds.push(all) };
    const names = { memories: ["memory"], watches: [{ name: "set", is64: false }], stackLimit: "limit" };
    const watch = new StoreWatch(
      { exports: exports as unknown as WebAssembly.Exports, names, stackPointer: () => stackPointer },
      (breakpoints) => expired.push(breakpoints),
    );
    const bytes = () => new Uint8Array(memory.buffer);
    return {
      ...{ memory, stackLimit, bounds, expired, watch, bytes },
      set: (...watches: readonly GuestWatch[]) => watch.set(watches, new Uint8Array(0)),
      /** Writes as the guest does, and answers what comes of it. */
      store(address: number, ...values: readonly number[]) {
        bytes().set(values, address);
        return watch.stored(0, address, values.length) === 1 ? watch.decide(500) : undefined;
      },
      moveStack(to: bigint) {
        stackPointer = to;
        watch.stored(-1, Number(to), 0);
      },
    };
  }

  const at100: GuestWatch = { breakpoint: 1, memory: 0, address: 100, length: 4 };

  it("lets all stores be told that touch the range around all that is watched, whatever their width", () => {
    const { set, bounds } = guest();
    set(at100, { ...at100, breakpoint: 2, address: 200, length: 8 });
    assert.deepEqual(bounds.at(-1), [100, 108, 109, 111, 115, 123]);
    set();
    assert.deepEqual(bounds.at(-1), [-1, 0, 0, 0, 0, 0]);
  });

  it("tells what was there before and is there now, of each watch that was met", () => {
    const { set, store } = guest();
    set(
      at100,
      { ...at100, breakpoint: 2, address: 102, length: 1 },
      { ...at100, breakpoint: 3, address: 104 },
    );
    assert.deepEqual(store(101, 1, 2), {
      changes: [
        { breakpoint: 1, offset: 0, before: "00000000", after: "00010200" },
        { breakpoint: 2, offset: 0, before: "00", after: "02" },
      ],
      rules: { hit: [1, 2], asked: [], failed: [] },
    });
    assert.deepEqual(store(100, 9)?.changes, [
      { breakpoint: 1, offset: 0, before: "00010200", after: "09010200" },
    ]);
    assert.equal(store(150, 7), undefined);
  });

  it("counts writes of what is there already unless changes alone are wanted", () => {
    const { set, store } = guest();
    set(at100, { ...at100, breakpoint: 2, changesOnly: true });
    assert.deepEqual(store(100, 0)?.rules.hit, [1]);
    assert.deepEqual(store(100, 5)?.rules.hit, [1, 2]);
  });

  it("looks at the bits that count alone", () => {
    const { set, store } = guest();
    set({ ...at100, length: 1, mask: "f8" });
    assert.equal(store(100, 7), undefined);
    assert.deepEqual(store(100, 0x0f)?.changes, [{ breakpoint: 1, offset: 0, before: "07", after: "0f" }]);
  });

  it("counts hits on from one set of watches to the next, and remembers what was there", () => {
    const { set, store } = guest();
    const third: GuestWatch = { ...at100, hits: { operator: "==", count: 3 } };
    set(third);
    assert.equal(store(100, 1), undefined);
    set(third, { ...at100, breakpoint: 2, address: 300 });
    assert.equal(store(100, 2), undefined);
    assert.deepEqual(store(100, 3)?.changes, [
      { breakpoint: 1, offset: 0, before: "02000000", after: "03000000" },
    ]);
    assert.equal(store(100, 4), undefined);
  });

  it("decides about a store that was told before the watches were replaced", () => {
    const { set, watch, bytes } = guest();
    set(at100, { ...at100, breakpoint: 2 });
    bytes()[100] = 1;
    watch.stored(0, 100, 1);
    set({ ...at100, breakpoint: 3 }, at100);
    assert.deepEqual(watch.decide(500)?.rules.hit, [1]);
  });

  it("leaves what it cannot decide to be asked", () => {
    const { set, store } = guest();
    set({ ...at100, ask: true });
    assert.deepEqual(store(100, 1)?.rules, { hit: [], asked: [1], failed: [] });
  });

  it("finds what the host has written, and forgets what a user has", () => {
    const { set, watch, bytes } = guest();
    set(at100);
    assert.equal(watch.hostWrote([]), undefined);
    bytes()[103] = 4;
    assert.equal(watch.hostWrote([])?.changes[0]?.after, "00000004");
    bytes()[100] = 8;
    watch.forgetChanges();
    assert.equal(watch.hostWrote([]), undefined);
  });

  it("finds what the host has written though it is as it was, where writes count", () => {
    const { set, watch } = guest();
    set(at100, { ...at100, breakpoint: 2, changesOnly: true }, { ...at100, breakpoint: 3, address: 200 });
    const ranges = [
      { address: 0, length: 100 },
      { address: 104, length: 8 },
    ];
    assert.equal(watch.hostWrote(ranges), undefined);
    assert.equal(watch.hostWrote([{ address: 102, length: 0 }]), undefined);
    const stop = watch.hostWrote([...ranges, { address: 98, length: 3 }]);
    assert.deepEqual(stop?.rules.hit, [1]);
    assert.equal(stop?.changes[0]?.before, stop?.changes[0]?.after);
    // Once for a call, however much of it is met.
    assert.deepEqual(
      watch.hostWrote([
        { address: 100, length: 1 },
        { address: 103, length: 1 },
      ])?.rules.hit,
      [1],
    );
  });

  it("goes on when the memory has grown", () => {
    const { set, store, memory } = guest();
    set(at100);
    memory.grow(1);
    assert.deepEqual(store(100, 1)?.changes[0]?.after, "01000000");
  });

  it("refuses what lies outside of memory, and watches the others", () => {
    const { set, store } = guest();
    const refused = set({ ...at100, address: 65534 }, { ...at100, memory: 3 }, { ...at100, breakpoint: 2 });
    assert.match(refused[0] ?? "", /^The bytes to watch end at 0x10002, beyond the 65536 bytes/);
    assert.equal(refused[1], "There is no memory 3.");
    assert.equal(refused[2], null);
    assert.deepEqual(store(100, 1)?.rules.hit, [2]);
  });

  const frame = { sites: [10, 20], stores: [500, 510] } as const;

  it("ends watches of a frame when the stack pointer is above them", () => {
    const { set, moveStack, expired, stackLimit, store } = guest();
    set({ ...at100, address: 1004, frame }, { ...at100, address: 2000, breakpoint: 2, frame });
    assert.equal(stackLimit.value, 1004);
    moveStack(900n);
    moveStack(1004n);
    assert.deepEqual(expired, []);
    moveStack(1008n);
    assert.deepEqual(expired, [[1]]);
    assert.equal(stackLimit.value, 2000);
    assert.equal(store(1004, 1), undefined);
    assert.deepEqual(store(2000, 1)?.rules.hit, [2]);
  });

  it("ends watches below the stack pointer when another function is reached, or writes there", () => {
    const { set, expired, watch, store } = guest();
    set({ ...at100, address: 990, frame });
    assert.deepEqual(watch.leaf, [10, 20]);
    watch.reached(15);
    assert.deepEqual(store(990, 1)?.rules.hit, [1]);
    watch.reached(20);
    assert.deepEqual(expired, [[1]]);
    assert.equal(watch.leaf, undefined);
    set({ ...at100, address: 990, frame });
    watch.stored(0, 990, 4);
    assert.equal(watch.decide(510), undefined);
    assert.deepEqual(expired, [[1], [1]]);
  });

  it("tells a part of what is too large to be told whole", () => {
    const { set, store } = guest();
    set({ ...at100, length: 10_000 });
    const change = store(5100, 1, 2)?.changes[0];
    assert.equal(change?.offset, 5000);
    assert.equal(change?.after.length, 4096 * 2);
    assert.ok(change?.after.startsWith("0102"));
  });
});
