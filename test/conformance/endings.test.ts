import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toStopNumber } from "../../src/base/brand.ts";
import type { TrapKind } from "../../src/target/target.ts";
import { gone } from "../support/dap-client.ts";
import { asStop, endAll, isAlive, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";

const run = { kind: "continue" } as const;
const traps = fixture("traps", "dwarf5.O0");

/** How each way to die is told: the kind, whether the frames are alive, and the marker of the line it happens on (in some frame). */
const deaths: readonly (readonly [argument: string, kind: TrapKind, alive: boolean, marker: string])[] = [
  ["unreachable", "unreachable", true, "unreachable"],
  ["abort", "unreachable", true, "abort"],
  ["load", "memory-out-of-bounds", false, "load"],
  ["store", "memory-out-of-bounds", false, "store"],
  ["divide", "integer-divide-by-zero", false, "divide"],
  ["remainder", "integer-divide-by-zero", false, "remainder"],
  ["overflow", "integer-overflow", false, "overflow"],
  ["convert", "invalid-conversion-to-integer", false, "convert"],
  ["convert-nan", "invalid-conversion-to-integer", false, "convert-nan"],
  ["indirect-type", "indirect-call-type-mismatch", false, "indirect-type"],
  ["indirect-null", "indirect-call-type-mismatch", false, "indirect-null"],
];

for (const [label, node] of await nodes())
  describe(`how guests end on ${label}`, () => {
    afterEach(endAll);

    for (const [argument, kind, alive, marker] of deaths)
      it(`a guest that dies of ${argument} stops there and then exits with 134`, async () => {
        const { target, lineAt } = await startFixture(traps, { node, args: [argument] });
        const { stop, reason } = asStop(await target.resume(run));
        assert.ok(reason.kind === "trap", JSON.stringify(reason));
        assert.deepEqual([reason.trap, reason.alive], [kind, alive]);
        const { frames } = await target.frames(stop, 0, 30);
        const lines = frames.map((frame) => (frame.kind === "wasm" ? lineAt(frame.offset) : 0));
        assert.ok(lines.includes(traps.markers().lineOf(marker)), lines.join());
        const exit = await target.resume(run);
        assert.ok(exit.kind === "exited");
        assert.equal(exit.exitCode, 134);
        assert.equal(exit.cause.kind, "trap");
      });

    it("a stack overflow is a trap with all its frames", async () => {
      const { target } = await startFixture(traps, { node, args: ["stack"] });
      const { stop, reason } = asStop(await target.resume(run));
      assert.ok(reason.kind === "trap" && reason.trap === "stack-overflow");
      const { total, frames } = await target.frames(stop, 0, 10);
      assert.ok(total > 1000);
      assert.equal(frames.length, 10);
    });

    it("memory is still there after a trap", async () => {
      const { target } = await startFixture(traps, { node, args: ["divide"] });
      const { stop } = asStop(await target.resume(run));
      assert.ok(((await target.memorySizes(stop))[0] ?? 0n) > 0n);
      assert.equal((await target.globals(stop))[0]?.type, "i32");
    });

    it("a guest's own exit status is told", async () => {
      const { target } = await startFixture(traps, { node, args: ["exit"] });
      const exit = await target.resume(run);
      assert.deepEqual(exit, { kind: "exited", exitCode: 42, cause: { kind: "exit" } });
    });

    it("an exit inside a step ends the step", async () => {
      const { target, point } = await startFixture(traps, { node, args: ["exit"] });
      await target.setBreakpointLocations([point("exit")]);
      const { stop } = asStop(await target.resume(run));
      const [top] = (await target.frames(stop, 0, 1)).frames;
      assert.ok(top?.kind === "wasm");
      await target.setBreakpointLocations([]);
      const exit = await target.resume({ kind: "step", ends: [{ from: top.offset, to: top.offset }] });
      assert.equal(exit.kind, "exited");
    });

    it("a guest that is killed from outside is told as such", async () => {
      const { target } = await startFixture(fixture("spin", "dwarf5.O0"), { node });
      const halt = target.resume(run);
      process.kill(target.processId, "SIGKILL");
      const exit = await halt;
      assert.ok(exit.kind === "exited");
      assert.equal(exit.cause.kind, "crashed");
      assert.equal(exit.exitCode, 137);
      assert.equal(target.state, "exited");
    });

    it("a guest that is killed while it is paused is told without being asked", async () => {
      const { target, point } = await startFixture(fixture("spin", "dwarf5.O0"), { node });
      await target.setBreakpointLocations([point("spin-body")]);
      asStop(await target.resume(run));
      process.kill(target.processId, "SIGKILL");
      const exit = await target.exited;
      assert.deepEqual([exit.exitCode, exit.cause.kind], [137, "crashed"]);
      assert.equal(target.state, "exited");
    });

    it("a parked guest is unwound when it is terminated", async () => {
      const { target, point } = await startFixture(fixture("steps", "dwarf5.O0"), { node });
      await target.setBreakpointLocations([point("fib-base")]);
      asStop(await target.resume(run));
      const halt = target.terminate();
      await halt;
      assert.equal(target.state, "exited");
      assert.deepEqual(await target.resume(run), {
        kind: "exited",
        exitCode: 143,
        cause: { kind: "terminated" },
      });
    });

    it("a guest that has trapped is ended when it is terminated, with its frames alive or gone", async () => {
      for (const argument of ["abort", "divide"]) {
        const { target } = await startFixture(traps, { node, args: [argument] });
        asStop(await target.resume(run));
        await target.terminate();
        assert.deepEqual(await target.exited, {
          kind: "exited",
          exitCode: 143,
          cause: { kind: "terminated" },
        });
      }
    });

    it("a guest that waits for input for ever is unwound when it is terminated", async () => {
      const { target, printed } = await startFixture(fixture("stdinwait", "dwarf5.O0"), { node });
      const halt = target.resume(run);
      while (!printed().includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 5));
      await target.terminate();
      assert.deepEqual(await halt, { kind: "exited", exitCode: 143, cause: { kind: "terminated" } });
      assert.equal(isAlive(target.processId), false);
    });

    it("a guest that is let go of runs on, parked before, running or waiting for input", async () => {
      const parked = await startFixture(fixture("spin", "dwarf5.O0"), { node });
      await parked.target.setBreakpointLocations([parked.point("spin-body")]);
      asStop(await parked.target.resume(run));
      const running = await startFixture(fixture("spin", "dwarf5.O0"), { node });
      const waiting = await startFixture(fixture("stdinwait", "dwarf5.O0"), { node });
      const halts = [running, waiting].map(({ target }) => target.resume(run));
      while (!waiting.printed().includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const { target } of [parked, running, waiting]) {
        assert.equal(await target.detach(), true);
        assert.equal(target.state, "exited");
        await assert.rejects(async () => target.globals(toStopNumber(1)), { code: "disconnected" });
        assert.deepEqual(await target.resume(run), { kind: "detached" });
        // Has no effect any more.
        await target.kill();
      }
      assert.deepEqual(await Promise.all(halts), [{ kind: "detached" }, { kind: "detached" }]);
      // Finds the end of its input.
      await gone(waiting.target.processId);
      for (const { target } of [parked, running]) {
        assert.equal(isAlive(target.processId), true);
        process.kill(target.processId, "SIGKILL");
        await gone(target.processId);
      }
    });

    it("a guest that has ended cannot be let go of", async () => {
      const { target } = await startFixture(traps, { node, args: ["exit"] });
      await target.resume(run);
      assert.equal(await target.detach(), false);
      await target.kill();
    });

    it("a guest in a host call that does not return is let go of all the same", async () => {
      const folder = mkdtempSync(join(tmpdir(), "wasm-dap-test-"));
      try {
        execFileSync("mkfifo", [join(folder, "greeting.txt")]);
        const preopens = { "/data": folder };
        const { target, point } = await startFixture(fixture("files", "dwarf5.O0"), { node, preopens });
        await target.setBreakpointLocations([point("write")]);
        void target.resume(run);
        assert.equal(await target.detach(), true);
        assert.equal(isAlive(target.processId), true);
        process.kill(target.processId, "SIGKILL");
        await gone(target.processId);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("a guest that never returns from a host call is killed when it is terminated", async () => {
      const folder = mkdtempSync(join(tmpdir(), "wasm-dap-test-"));
      try {
        // Opening a pipe that nobody reads blocks inside the system call.
        execFileSync("mkfifo", [join(folder, "greeting.txt")]);
        const preopens = { "/data": folder };
        const { target } = await startFixture(fixture("files", "dwarf5.O0"), { node, preopens });
        const halt = target.resume(run);
        await new Promise((resolve) => setTimeout(resolve, 60));
        assert.equal(target.state, "running");
        await target.terminate();
        assert.equal((await halt).kind, "exited");
        assert.equal(isAlive(target.processId), false);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("a guest that exhausts its memory is told that there is none, and goes on", async () => {
      const { target, printed } = await startFixture(traps, { node, args: ["memory"] });
      const exit = await target.resume(run);
      assert.ok(exit.kind === "exited" && exit.exitCode === 0);
      assert.match(printed(), /malloc gave up/);
    });

    it("a preopened folder that is not there is named, and nothing runs", async () => {
      const missing = startFixture(fixture("files", "dwarf5.O0"), {
        node,
        preopens: { "/data": "/no/such/folder" },
      });
      await assert.rejects(missing, {
        code: "launch-failed",
        message: /"\/no\/such\/folder" as "\/data": it does not exist/,
      });
    });

    it("imports that nobody provides are all named before anything runs", async () => {
      await assert.rejects(
        startFixture(fixture("imports", "dwarf5.O0"), { node }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, "missing-imports");
          for (const name of ["env.foo", "env.bar", "host.log"])
            assert.ok(error.message.includes(name), error.message);
          return true;
        },
      );
    });

    it("calls an export with numbers of its types and tells the results", async () => {
      const { target } = await startFixture(fixture("reactor", "dwarf5.O0"), {
        node,
        invoke: "mul64",
        args: ["-5", "7000000000"],
      });
      const exit = await target.resume(run);
      assert.ok(exit.kind === "exited");
      assert.deepEqual(exit.results, ["-35000000000"]);
    });

    it("an export that is not there is answered with those that are", async () => {
      const missing = startFixture(fixture("reactor", "dwarf5.O0"), { node, invoke: "nope" });
      await assert.rejects(missing, { code: "missing-export", message: /"nope".*add, fib, scale, mul64/ });
    });

    it("a runtime that cannot be started is named", async () => {
      const missing = startFixture(fixture("steps", "dwarf5.O0"), { node: "/no/such/node" });
      await assert.rejects(missing, { code: "launch-failed", message: /\/no\/such\/node/ });
    });
  });

describe("a debuggee whose controller dies", () => {
  it("ends by itself, parked or running", async function () {
    this.timeout(20_000);
    for (const mode of ["parked", "running"]) {
      const script = fromRoot("dist/test/support/orphan-maker.js");
      const controller = spawn(process.execPath, [script, mode], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(controller, "exit").then(([status]) =>
        assert.fail(`the controller ended with ${status}`),
      );
      const [line] = (await Promise.race([once(controller.stdout, "data"), ended])) as [Buffer];
      ended.catch(() => {});
      const pid = Number(line.toString("utf8"));
      assert.ok(isAlive(pid));
      controller.kill("SIGKILL");
      const deadline = Date.now() + 5000;
      while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 25));
      assert.equal(isAlive(pid), false, mode);
    }
  });
});
