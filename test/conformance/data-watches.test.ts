import assert from "node:assert/strict";
import { toMemoryAddress } from "../../src/base/brand.ts";
import type { DataWatch } from "../../src/target/target.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";

const run = { kind: "continue" } as const;
const watchOf = (breakpoint: number, address: number, length: number): DataWatch => ({
  ...{ rule: { breakpoint }, memory: 0, address: toMemoryAddress(BigInt(address)), length },
  changesOnly: false,
});

for (const [label, node] of await nodes())
  describe(`watched memory of the embedded engine on ${label}`, () => {
    afterEach(endAll);
    const guest = fixture("watch", "dwarf5.O0");

    it("cannot be had of a guest whose stores are not checked", async () => {
      const { target } = await startFixture(guest, { node });
      assert.equal(target.setDataWatches, undefined);
    });

    /** Of a guest that reads, the input is at its end. */
    const start = async () => {
      const started = await startFixture(guest, { node, checkStores: true });
      started.target.writeStdin(undefined);
      return started;
    };

    it("stops the guest at the writing instruction, its frames and locals alive, and not again there", async () => {
      const { target, point, lineAt } = await start();
      await target.setBreakpointLocations([point("bump")]);
      const before = asStop(await target.resume(run));
      await target.setBreakpointLocations([]);
      assert.deepEqual(await target.setDataWatches?.([watchOf(7, 0, 65536 * 2)]), [{ kind: "placed" }]);
      const stop = asStop(await target.resume(run));
      assert.ok(stop.stop > before.stop);
      assert.equal(stop.reason.kind, "data");
      const { frames } = await target.frames(stop.stop, 0, 10);
      const [top, caller] = frames;
      assert.ok(top?.kind === "wasm" && caller?.kind === "wasm");
      assert.equal(lineAt(top.offset), guest.markers().lineOf("bump"));
      assert.equal(guest.bytes[top.offset], 0x36, "it stands at an i32.store");
      assert.equal(lineAt(caller.offset), guest.markers().lineOf("first-bump"));
      await target.setDataWatches?.([]);
      assert.equal((await target.resume(run)).kind, "exited");
    });

    it("replaces all watches or, when some of them cannot be, leaves those", async () => {
      const { target } = await start();
      const answers = await target.setDataWatches?.([
        watchOf(1, 1024, 1),
        watchOf(2, 2 ** 31, 4),
        { ...watchOf(3, 0, 4), memory: 1 },
      ]);
      assert.deepEqual(
        answers?.map(({ kind }) => kind),
        ["placed", "refused", "refused"],
      );
      await target.setDataWatches?.([]);
      assert.equal((await target.resume(run)).kind, "exited");
    });

    it("is set while the guest runs, and is no way to keep it from being paused or ended", async () => {
      const spin = fixture("spin", "dwarf5.O0");
      const { target } = await startFixture(spin, { node, checkStores: true });
      const halted = target.resume(run);
      await target.setDataWatches?.([watchOf(1, 0, 65536 * 2)]);
      const stop = asStop(await halted);
      assert.ok(stop.reason.kind === "data" && stop.reason.changes.length === 1);
      await target.setDataWatches?.([
        { ...watchOf(1, 0, 65536 * 2), rule: { breakpoint: 1, hits: { operator: "==", count: 1e9 } } },
      ]);
      const running = target.resume(run);
      await target.pause();
      assert.equal(asStop(await running).reason.kind, "pause");
      await target.terminate();
      assert.equal(target.state, "exited");
    });

    it("tells when the frame has returned that a watch belongs to", async () => {
      const { target, point } = await start();
      const over: number[] = [];
      target.onWatchesOver = (breakpoints) => over.push(...breakpoints);
      await target.setBreakpointLocations([point("call-through")]);
      const { stop } = asStop(await target.resume(run));
      const [stackPointer] = await target.globals(stop);
      assert.ok(stackPointer?.type === "i32");
      await target.setBreakpointLocations([point("memcpy")]);
      const watch: DataWatch = { ...watchOf(4, stackPointer.value, 16), inFrame: true };
      await target.setDataWatches?.([watch]);
      const reasons: string[] = [];
      for (;;) {
        const { reason } = asStop(await target.resume(run));
        reasons.push(reason.kind);
        if (reason.kind === "breakpoint") break;
      }
      assert.deepEqual(reasons, ["data", "data", "data", "breakpoint"]);
      assert.deepEqual(over, [4]);
    });
  });
