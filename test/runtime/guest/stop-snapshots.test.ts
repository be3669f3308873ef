import assert from "node:assert/strict";
import { StopCache } from "../../../runtime/embedded/stop-cache.ts";
import type { LoadedGuest } from "../../../runtime/guest/guest-loader.ts";
import { GuestStore } from "../../../runtime/guest/guest-store.ts";
import { StopSnapshots } from "../../../runtime/guest/stop-snapshots.ts";
import type { Question } from "../../../runtime/suspend/messages.ts";

describe("what goes along with every stop", () => {
  const page = 4096;

  /** A guest of four pages of Wasm with a table, and what a controller knows of each of its stops. */
  function guest(stackPointer: bigint | undefined) {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const table = new WebAssembly.Table({ initial: 4, element: "anyfunc" });
    const counter = new WebAssembly.Global({ value: "i32", mutable: true }, 7);
    const store = new GuestStore({ memory, table, counter });
    const loaded = {
      ...{ memory: "memory", snapshot: ["counter"], functionCount: 1 },
      stackPointer: () => stackPointer,
    } as unknown as LoadedGuest;
    const snapshots = new StopSnapshots(loaded, store);
    return {
      ...{ counter, bytes: new Uint8Array(memory.buffer) },
      ask: (question: Partial<Question>) => snapshots.asked({ id: 1, ...question } as Question),
      read: (address: number, length: number) =>
        snapshots.asked({ id: 1, q: "read-memory", name: "memory", address: String(address), length }),
      stop(): StopCache {
        const { snapshot, body } = snapshots.take(() => ({ sites: [], inHostCall: false }));
        return new StopCache(JSON.parse(JSON.stringify(snapshot)), ["counter"], body);
      },
    };
  }

  it("holds the globals and the two pages from the stack pointer's on, as they are at that stop", () => {
    const { counter, bytes, stop } = guest(BigInt(3 * page + 100));
    bytes[3 * page + 200] = 42;
    const first = stop();
    counter.value = 8;
    bytes[3 * page + 200] = 43;
    const second = stop();
    assert.deepEqual(
      [first, second].map((one) => [
        one.memory(BigInt(3 * page + 200), 1)?.[0],
        one.values(["counter"])?.[0],
      ]),
      [
        [42, { t: "f64", bits: "401c000000000000" }],
        [43, { t: "f64", bits: "4020000000000000" }],
      ],
    );
    assert.equal(second.memory(BigInt(5 * page - 1), 2), undefined, "only a part of it is known");
    assert.equal(second.memory(0n, 1), undefined);
  });

  it("holds what was looked at before, and what that has become", () => {
    const { bytes, read, ask, stop } = guest(BigInt(8 * page));
    read(0, page);
    read(2 * page - 1, 2);
    ask({ q: "read-table", name: "table", index: 2 });
    bytes.fill(5);
    const next = stop();
    assert.deepEqual(
      next.memory(0n, 3 * page),
      new Uint8Array(3 * page).fill(5),
      "pages in a row are one range",
    );
    assert.deepEqual(next.memory(BigInt(8 * page), 2 * page), new Uint8Array(2 * page).fill(5));
    assert.equal(next.memory(BigInt(3 * page), 1), undefined);
    assert.equal(next.tableEntry("table", 2), -1);
    assert.equal(next.tableEntry("table", 1), undefined);
  });

  it("forgets what was looked at longest ago, and takes no notice of who reads much at once", () => {
    const { read, stop } = guest(undefined);
    for (let at = 0; at < 9; at++) read(at * page, 1);
    read(20 * page, 9 * page);
    read(page, 1);
    read(30 * page, 1);
    const known = Array.from({ length: 40 }, (_, at) => at).filter((at) =>
      stop().memory(BigInt(at * page), 1),
    );
    assert.deepEqual(known, [1, 3, 4, 5, 6, 7, 8, 30]);
  });

  it("holds no more of memory than there is", () => {
    const { read, stop } = guest(BigInt(4 * 65_536 - 10));
    read(4 * 65_536 + 10, 4);
    assert.equal(stop().memory(BigInt(4 * 65_536 - 10), 10)?.length, 10);
    assert.equal(stop().memory(BigInt(4 * 65_536), 1), undefined);
  });
});
