import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCoredump } from "../../adapter/launch/open-coredump.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import { type DebuggedProgram, debugProgram } from "../support/debugged-program.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";

const [, newest = process.execPath] = (await nodes()).at(-1) ?? [];
const guest = fixture("optimised", "dwarf5.O2");

/** Stopped at a marker in a function called from `caller`; answers the caller's frame. */
async function inCalleeOf(
  program: DebuggedProgram,
  of: Fixture,
  marker: string,
  caller: string,
): Promise<Frame> {
  const line = of.markers().lineOf(marker) - 1;
  await program.guest.setBreakpoints(of.source(), [{ line }]);
  await program.guest.start({ stopOnEntry: false });
  while (await program.stopped()) {
    const { frames } = await program.guest.stackTrace(0, 10);
    const found = frames.find((frame, index) => index > 0 && frame.name === caller);
    if (found) return found;
    await program.guest.continue();
  }
  throw new Error(`never called from ${caller}`);
}

const shown = async (debug: Debugger, frame: Frame, expression: string): Promise<string> =>
  (await debug.evaluate(frame, expression)).value;

describe("locals of outer frames in optimised code", () => {
  const running: DebuggedProgram[] = [];
  const start = async (of: Fixture): Promise<DebuggedProgram> => {
    const program = await debugProgram(of, newest);
    running.push(program);
    return program;
  };

  afterEach(async () => {
    for (const program of running.splice(0)) await program.guest.kill();
  });

  it("can be written, and the function goes on with what was written", async () => {
    const program = await start(guest);
    let frame = await inCalleeOf(program, guest, "consume", "moving");
    while ((await shown(program.guest, frame, "kept")) !== "15") {
      await program.guest.continue();
      await program.stopped();
      const { frames } = await program.guest.stackTrace(0, 10);
      frame = frames.find(({ name }) => name === "moving") ?? assert.fail("moving has returned");
    }
    const variable = await program.guest.evaluate(frame, "kept");
    assert.equal((await variable.assign("1000")).value, "1000");
    assert.equal(await shown(program.guest, frame, "kept"), "1000");
    await program.guest.setBreakpoints(guest.source(), []);
    await program.guest.continue();
    assert.equal(await program.stopped(), false);
    assert.match(program.printed(), /moving 994\n/);
  });

  it("are each recursive call's own", async () => {
    const program = await start(guest);
    await inCalleeOf(program, guest, "recurse-end", "recurse");
    for (;;) {
      const { frames } = await program.guest.stackTrace(0, 10);
      const calls = frames.filter(({ name, isInlined }) => name === "recurse" && !isInlined);
      if (calls.length > 2) {
        const values = await Promise.all(calls.map((frame) => shown(program.guest, frame, "n")));
        // Each calls itself for the two numbers below its own.
        for (const [index, value] of values.slice(1).entries())
          assert.ok([1, 2].includes(Number(value) - Number(values[index])), values.join());
        return;
      }
      await program.guest.continue();
      await program.stopped();
    }
  });

  it("are in coredumps", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wasm-dap-test-"));
    try {
      const program = await start(guest);
      const frame = await inCalleeOf(program, guest, "consume", "loops");
      const count = await shown(program.guest, frame, "count");
      const path = join(folder, "core.wasm");
      await program.saveCoredump(path);
      const dump = await openCoredump(
        {
          program: guest.path,
          coreFile: path,
          cwd: folder,
          symbols: [],
          sourceFileMap: { [guest.compilationDir]: guest.sourceFolder },
        } as unknown as Parameters<typeof openCoredump>[0],
        { stopped() {}, continued() {}, output() {}, breakpointChanged() {}, exited() {} },
      );
      const { frames } = await dump.debugger.stackTrace(0, 10);
      const outer = frames.find(({ name }) => name === "loops") ?? assert.fail("no frame of loops");
      assert.equal(count, "8");
      assert.equal(await shown(dump.debugger, outer, "count"), count);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
