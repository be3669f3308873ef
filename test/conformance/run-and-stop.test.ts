import assert from "node:assert/strict";
import { toMemoryAddress, toModuleOffset } from "../../src/base/brand.ts";
import { asStop, endAll, isAlive, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { withCode } from "../support/more-code.ts";
import { nodes } from "../support/nodes.ts";

const everywhere = [{ from: toModuleOffset(0), to: toModuleOffset(0xffff_ffff) }];
const run = { kind: "continue" } as const;
/** Long enough for a guest to be deep in its loop; what is tested does not depend on it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

for (const [label, node] of await nodes())
  describe(`the embedded engine on ${label}`, () => {
    afterEach(endAll);
    const steps = fixture("steps", "dwarf5.O0");
    const spin = fixture("spin", "dwarf5.O0");

    it("stands before the first instruction until it is resumed", async () => {
      const { target, printed } = await startFixture(steps, { node });
      assert.equal(target.state, "paused");
      assert.equal(printed(), "");
    });

    it("runs a guest to its end and tells its exit status and output", async () => {
      const { target, printed } = await startFixture(fixture("hello", "dwarf5.O0"), { node, args: ["7"] });
      target.writeStdin(undefined);
      const exit = await target.resume(run);
      assert.equal(exit.kind, "exited");
      assert.notEqual(printed(), "");
    });

    // Of a large module the code is sent as it is instrumented.
    for (const [what, program] of [
      ["", steps],
      [", in a module with five megabytes of code", { ...steps, bytes: withCode(steps.bytes, 5 << 20) }],
    ] as const)
      it(`stops at a breakpoint with the stack of calls that led there${what}`, async () => {
        const { target, point, lineAt } = await startFixture(program, { node });
        const at = point("fib-base");
        const [placed] = await target.setBreakpointLocations([at]);
        assert.deepEqual(placed, { kind: "placed", point: at });
        const stop = asStop(await target.resume(run));
        assert.deepEqual(stop.reason, { kind: "breakpoint", point: at });
        const { frames, total } = await target.frames(stop.stop, 0, 100);
        assert.equal(frames.length, total);
        const lines = frames.map((frame) => (frame.kind === "wasm" ? lineAt(frame.offset) : frame.name));
        const marks = steps.markers();
        assert.equal(lines[0], marks.lineOf("fib-base"));
        for (const line of lines.slice(1, 6)) assert.equal(line, marks.lineOf("fib-left"));
        assert.equal(lines[6], marks.lineOf("main-fib"));
        assert.deepEqual(
          frames.map((frame) => (frame.kind === "wasm" ? frame.depth : 0)),
          frames.map((_, i) => total - i),
        );
      });

    it("pages frames", async () => {
      const { target, point } = await startFixture(steps, { node });
      await target.setBreakpointLocations([point("fib-base")]);
      const { stop } = asStop(await target.resume(run));
      const all = await target.frames(stop, 0, 100);
      const page = await target.frames(stop, 2, 3);
      assert.deepEqual(page, { frames: all.frames.slice(2, 5), total: all.total });
      assert.deepEqual((await target.frames(stop, 1000, 5)).frames, []);
    });

    it("hits a breakpoint each time and no longer once it is taken away", async () => {
      const { target, point } = await startFixture(steps, { node });
      const at = point("for-body");
      await target.setBreakpointLocations([at]);
      for (let hit = 0; hit < 3; hit++) asStop(await target.resume(run));
      await target.setBreakpointLocations([]);
      assert.equal((await target.resume(run)).kind, "exited");
    });

    it("sets a breakpoint in a loop that is running", async () => {
      const { target, point } = await startFixture(spin, { node });
      const halt = target.resume(run);
      await settled();
      const at = point("spin-body");
      await target.setBreakpointLocations([at]);
      assert.deepEqual(asStop(await halt).reason, { kind: "breakpoint", point: at });
    });

    it("pauses a running loop at a statement, and again after it was resumed", async () => {
      const { target, lineAt } = await startFixture(spin, { node });
      for (let round = 0; round < 3; round++) {
        const halt = target.resume(run);
        await settled();
        await target.pause();
        const { stop, reason } = asStop(await halt);
        assert.equal(reason.kind, "pause");
        const [top] = (await target.frames(stop, 0, 1)).frames;
        assert.ok(top?.kind === "wasm");
        const marks = spin.markers();
        assert.ok([marks.lineOf("spin-test"), marks.lineOf("spin-body")].includes(lineAt(top.offset) ?? 0));
      }
    });

    it("pauses a loop that has no site at all", async () => {
      const { target } = await startFixture(spin, { node, withoutSites: true });
      const halt = target.resume(run);
      await settled();
      await target.pause();
      const { stop, reason } = asStop(await halt);
      assert.equal(reason.kind, "pause");
      assert.ok((await target.frames(stop, 0, 9)).total > 2);
      const again = target.resume(run);
      await settled();
      await target.pause();
      asStop(await again);
    });

    it("pauses a guest that waits for input, inside the host call, and goes on with the input", async () => {
      const { target, printed } = await startFixture(fixture("stdinwait", "dwarf5.O0"), { node });
      const halt = target.resume(run);
      await settled();
      await target.pause();
      const { stop } = asStop(await halt);
      const [top, caller] = (await target.frames(stop, 0, 2)).frames;
      assert.ok(top?.kind === "host" && top.name === "fd_read", JSON.stringify(top));
      assert.equal(caller?.kind, "wasm");
      const end = target.resume(run);
      target.writeStdin(new TextEncoder().encode("one\n"));
      target.writeStdin(undefined);
      assert.equal((await end).kind, "exited");
      assert.match(printed(), /one/);
    });

    it("delivers all that was printed before a stop before the stop", async () => {
      const { target, point, printed } = await startFixture(spin, { node });
      await target.setBreakpointLocations([point("spin-start")]);
      asStop(await target.resume(run));
      assert.equal(printed(), "spinning\n");
    });

    it("refuses questions of an earlier stop and of a running guest", async () => {
      const { target, point } = await startFixture(steps, { node });
      await target.setBreakpointLocations([point("for-body")]);
      const first = asStop(await target.resume(run));
      const second = asStop(await target.resume(run));
      await assert.rejects(target.frames(first.stop, 0, 1), { code: "stale-stop" });
      await target.frames(second.stop, 0, 1);
      await target.setBreakpointLocations([]);
      const end = target.resume(run);
      await assert.rejects(target.frames(second.stop, 0, 1), { code: "not-stopped" });
      await end;
      await assert.rejects(target.frames(second.stop, 0, 1), { code: "exited" });
    });

    it("ends a step at the next statement anywhere", async () => {
      const { target } = await startFixture(steps, { node });
      const stop = asStop(await target.resume({ kind: "step", ends: everywhere }));
      assert.equal(stop.reason.kind, "step");
    });

    it("refuses a breakpoint outside of all functions", async () => {
      const { target } = await startFixture(steps, { node });
      const [placed] = await target.setBreakpointLocations([toModuleOffset(3)]);
      assert.equal(placed?.kind, "refused");
    });

    it("reads and writes memory, and says where it ends", async () => {
      const { target, point } = await startFixture(spin, { node });
      await target.setBreakpointLocations([point("spin-body")]);
      const { stop } = asStop(await target.resume(run));
      const [size = 0n] = await target.memorySizes(stop);
      const address = (size - 8n) as Parameters<typeof target.readMemory>[2];
      await target.writeMemory(stop, 0, address, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
      assert.deepEqual([...(await target.readMemory(stop, 0, address, 100))], [1, 2, 3, 4, 5, 6, 7, 8]);
      await assert.rejects(target.writeMemory(stop, 0, address, new Uint8Array(9)), { code: "bad-address" });
      assert.equal((await target.readMemory(stop, 0, (size + 1n) as typeof address, 4)).length, 0);
      await assert.rejects(target.readMemory(stop, 1, address, 4), { code: "bad-address" });
    });

    it("shows on the stack, which came with the stop, what has been written there since", async () => {
      const { target, info, point } = await startFixture(spin, { node });
      await target.setBreakpointLocations([point("spin-body")]);
      const { stop } = asStop(await target.resume(run));
      const stackPointer = (await target.globals(stop))[info.stackPointerGlobal ?? -1];
      assert.ok(stackPointer?.type === "i32");
      const address = toMemoryAddress(BigInt(stackPointer.value));
      const before = await target.readMemory(stop, 0, address, 64);
      // Begins before what came with the stop, so that the guest is asked.
      const asked = await target.readMemory(stop, 0, toMemoryAddress(address - 4096n), 4096 + 64);
      assert.deepEqual(asked.subarray(4096), before);
      await target.writeMemory(
        stop,
        0,
        address,
        before.map((byte) => byte ^ 0xff),
      );
      assert.deepEqual(
        await target.readMemory(stop, 0, address, 64),
        before.map((byte) => byte ^ 0xff),
      );
    });

    it("leaves no process behind, however it ends", async () => {
      const { target: finished } = await startFixture(steps, { node });
      await finished.resume(run);
      await finished.terminate();
      const { target: terminated } = await startFixture(spin, { node });
      const halt = terminated.resume(run);
      await terminated.terminate();
      assert.deepEqual((await halt).kind, "exited");
      const { target: killed } = await startFixture(spin, { node });
      await killed.kill();
      for (const { processId } of [finished, terminated, killed]) assert.equal(isAlive(processId), false);
    });
  });
