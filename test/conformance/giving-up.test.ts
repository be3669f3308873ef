import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { StartingDebuggee } from "../../runtime/embedded/launch-embedded.ts";
import { toMemoryAddress, toStopNumber } from "../../src/base/brand.ts";
import { readModule } from "../../src/wasm/module.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { largeMemoryProgram } from "../support/large-memory.ts";
import { nodes } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";

for (const [label, node] of await nodes())
  describe(`what is given up on ${label}`, () => {
    afterEach(endAll);

    const started = async () => {
      const { target, info, point } = await startFixture(fixture("calls", "dwarf5.O0"), { node });
      await target.setBreakpointLocations([point("total")]);
      const { stop } = asStop(await target.resume({ kind: "continue" }));
      const endless = [...(info.functions?.() ?? [])].find(({ info: { name } }) => name.startsWith("hang"));
      assert.ok(endless);
      const call = (timeoutMs: number) =>
        target.call(stop, { function: endless.info.index, args: [], results: [], timeoutMs });
      return { target, stop, call };
    };

    it("is a call, which ends at once, and the guest stands as before", async () => {
      const { target, stop, call } = await started();
      const { total } = await target.frames(stop, 0, 1);
      // Without it being given up, this would last as long as the test may.
      const calling = call(3_600_000);
      // What is asked meanwhile is answered after it.
      const asked = target.memorySizes(stop);
      target.breakOffCall();
      assert.deepEqual(await calling, { kind: "broken-off" });
      assert.equal((await asked).length, 1);
      assert.equal((await target.frames(stop, 0, 1)).total, total);
      // One that is asked for when there is no call has no effect on the next.
      target.breakOffCall();
      assert.deepEqual(await call(20), { kind: "timed-out" });
      await target.setBreakpointLocations([]);
      assert.equal((await target.resume({ kind: "continue" })).kind, "exited");
    });

    it("is a call, when the guest is to end", async () => {
      const { target, call } = await started();
      const calling = call(3_600_000);
      calling.catch(() => {});
      await target.terminate();
      assert.equal((await target.exited).cause.kind, "terminated");
    });

    it("is a long read, the rest of which is not asked for", async () => {
      const bytes = largeMemoryProgram(64 << 20, 1 << 20);
      let questions = 0;
      const starting = new StartingDebuggee({
        ...{ runtimeExecutable: node, runtimeArgs: [], cwd: fromRoot() },
        guestScript: pathToFileURL(fromRoot("dist/runtime/guest/main.js")),
        onMessage: (direction, header) => {
          if (direction === "ask" && header.includes('"read-memory"')) questions++;
        },
      });
      const target = await starting.load({
        ...{ path: "large.wasm", module: readModule(bytes), args: [], env: {}, preopens: {} },
        ...{ statements: { offset: new Uint32Array(0), line: new Uint32Array(0) } },
        ...{ console: "piped", onOutput: () => {} },
      });
      const read = (signal?: AbortSignal) =>
        target.readMemory(toStopNumber(0), 0, toMemoryAddress(0n), 64 << 20, signal);
      assert.equal((await read()).length, 64 << 20);
      const all = questions;
      questions = 0;
      const controller = new AbortController();
      const given = read(controller.signal);
      controller.abort(new Error("not wanted"));
      await assert.rejects(given, /not wanted/);
      await target.memorySizes(toStopNumber(0));
      assert.ok(questions < all / 2, `${questions} of ${all}`);
      await target.kill();
    });
  });
