import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StopNumber, toMemoryAddress } from "../../../src/base/brand.ts";
import type { RawValue, Target } from "../../../src/target/target.ts";
import { dumpStop, openCoredump, writeCoredump } from "../../support/coredump-of.ts";
import { asStop, endAll, startFixture } from "../../support/engine.ts";
import { fixture } from "../../support/fixtures.ts";

const run = { kind: "continue" } as const;

/** Values as far as they are known: why one is not differs. */
const known = (values: readonly RawValue[]): unknown[] =>
  values.map((value) => (value.type === "unavailable" ? "unavailable" : value));

/** The whole of a memory. */
async function memoryOf(target: Target, stop: StopNumber): Promise<Buffer> {
  const [size = 0n] = await target.memorySizes(stop);
  return Buffer.from(await target.readMemory(stop, 0, toMemoryAddress(0), Number(size)));
}

/** Everything that a stop shows must be what its dump shows. */
async function assertSame(live: Target, stop: StopNumber, dump: Target): Promise<void> {
  const frames = await live.frames(stop, 0, 1000);
  assert.deepEqual(await dump.frames(dumpStop, 0, 1000), frames);
  for (const index of frames.frames.keys()) {
    assert.deepEqual(known(await dump.locals(dumpStop, index)), known(await live.locals(stop, index)));
  }
  assert.deepEqual(known(await dump.globals(dumpStop)), known(await live.globals(stop)));
  assert.deepEqual(await dump.memorySizes(dumpStop), await live.memorySizes(stop));
  assert.equal((await memoryOf(dump, dumpStop)).compare(await memoryOf(live, stop)), 0);
  for (let index = 0; index < 8; index++) {
    assert.equal(await dump.readTable(dumpStop, 0, index), await live.readTable(stop, 0, index));
  }
}

describe("a coredump of a stop", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-core-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await endAll();
  });
  const core = () => join(folder, "core.wasm");

  it("shows the frames, locals, globals, memory and table entries of the stop", async () => {
    const steps = fixture("steps", "dwarf5.O0");
    const { target, point } = await startFixture(steps);
    await target.setBreakpointLocations([point("fib-base")]);
    const { stop } = asStop(await target.resume(run));
    await writeCoredump(core(), target, stop);
    await assertSame(target, stop, openCoredump(core(), steps.bytes).target);
  });

  it("knows the locals of optimised code that are alive", async () => {
    const steps = fixture("steps", "dwarf5.O2");
    const { target, point } = await startFixture(steps);
    await target.setBreakpointLocations([point("fib-left")]);
    const { stop } = asStop(await target.resume(run));
    await writeCoredump(core(), target, stop);
    const dump = openCoredump(core(), steps.bytes).target;
    assert.ok((await dump.locals(dumpStop, 0)).some(({ type }) => type !== "unavailable"));
    await assertSame(target, stop, dump);
  });

  it("shows host frames where they were", async () => {
    const waiting = fixture("stdinwait", "dwarf5.O0");
    const { target } = await startFixture(waiting);
    const halt = target.resume(run);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await target.pause();
    const { stop } = asStop(await halt);
    await writeCoredump(core(), target, stop);
    const dump = openCoredump(core(), waiting.bytes).target;
    const [top] = (await dump.frames(dumpStop, 0, 1)).frames;
    assert.ok(top?.kind === "host" && top.name === "fd_read");
    await assertSame(target, stop, dump);
  });

  for (const death of ["unreachable", "load", "divide", "indirect-null"])
    it(`is the same for a trap (${death}), and says what trapped`, async () => {
      const traps = fixture("traps", "dwarf5.O0");
      const { target } = await startFixture(traps, { args: [death] });
      const { stop, reason } = asStop(await target.resume(run));
      assert.ok(reason.kind === "trap");
      const { trap, message } = reason;
      await writeCoredump(core(), target, stop, { kind: "trap", trap, message });
      const opened = openCoredump(core(), traps.bytes);
      await assertSame(target, stop, opened.target);
      assert.deepEqual(opened.dump.notes?.stop, { kind: "trap", trap, message });
      assert.deepEqual([opened.dump.notes?.processId, opened.base.base], [42, "body"]);
    });

  it("has thousands of frames after a stack overflow", async () => {
    const traps = fixture("traps", "dwarf5.O0");
    const { target } = await startFixture(traps, { args: ["stack"] });
    const { stop } = asStop(await target.resume(run));
    await writeCoredump(core(), target, stop);
    const dump = openCoredump(core(), traps.bytes).target;
    const { total } = await target.frames(stop, 0, 1);
    assert.ok(total > 1000);
    assert.deepEqual(await dump.frames(dumpStop, 0, total), await target.frames(stop, 0, total));
  });

  it("is nothing at all when the guest runs on before it is complete", async () => {
    const spin = fixture("spin", "dwarf5.O0");
    const { target, point } = await startFixture(spin);
    await target.setBreakpointLocations([point("spin-body")]);
    const { stop } = asStop(await target.resume(run));
    const writing = writeCoredump(core(), target, stop);
    const halt = target.resume(run);
    await assert.rejects(writing, { name: "TargetError" });
    assert.deepEqual(readdirSync(folder), []);
    asStop(await halt);
  });

  it("is small although the memory is large, and nobody else's to read", async () => {
    const traps = fixture("traps", "dwarf5.O0");
    const { target } = await startFixture(traps, { args: ["divide"] });
    const { stop } = asStop(await target.resume(run));
    const size = await writeCoredump(core(), target, stop);
    assert.equal(statSync(core()).size, size);
    assert.ok(size < 100_000, `${size} bytes`);
    if (process.platform !== "win32") assert.equal(statSync(core()).mode & 0o777, 0o600);
  });
});

describe("a guest in a coredump", () => {
  it("neither runs nor changes, in words", async () => {
    const steps = fixture("steps", "dwarf5.O0");
    const { target, point } = await startFixture(steps);
    const folder = mkdtempSync(join(tmpdir(), "wasm-dap-core-"));
    try {
      await target.setBreakpointLocations([point("fib-base")]);
      const { stop } = asStop(await target.resume(run));
      const path = join(folder, "core");
      await writeCoredump(path, target, stop);
      const dump = openCoredump(path, steps.bytes).target;
      const refused = (message: RegExp) => ({ name: "TargetError", code: "unsupported", message });
      await assert.rejects(dump.resume(), refused(/cannot run on/));
      await assert.rejects(dump.writeLocal(), refused(/cannot be changed/));
      await assert.rejects(dump.writeGlobal(), refused(/cannot be changed/));
      await assert.rejects(dump.writeMemory(), refused(/cannot be changed/));
      const [placed] = await dump.setBreakpointLocations([point("fib-base")]);
      assert.equal(placed?.kind, "refused");
      const address = (await dump.memorySizes(dumpStop))[0] ?? 0n;
      assert.equal((await dump.readMemory(dumpStop, 0, toMemoryAddress(address), 8)).length, 0);
      assert.equal((await dump.readMemory(dumpStop, 0, toMemoryAddress(address - 3n), 8)).length, 3);
      await assert.rejects(dump.readMemory(dumpStop, 1, toMemoryAddress(0), 8), { code: "bad-address" });
      await dump.kill();
      assert.equal(dump.state, "exited");
      await assert.rejects(dump.frames(dumpStop, 0, 1), { code: "exited" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await endAll();
    }
  });
});
