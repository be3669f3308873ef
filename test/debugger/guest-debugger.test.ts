import assert from "node:assert/strict";
import { toStopNumber } from "../../src/base/brand.ts";
import { doing, type ToyFunction } from "../support/toy-guest.ts";
import {
  makeToy,
  toySource as source,
  straight,
  targetError,
  turn,
  waiting,
} from "../support/toy-session.ts";

const trapping: Record<string, ToyFunction> = {
  main: {
    source,
    lines: [1, 2],
    *run(guest) {
      yield* guest.line(1);
      yield {
        kind: "stop",
        reason: { kind: "trap", trap: "memory-out-of-bounds", message: "out of bounds", alive: false },
      };
    },
  },
};

describe("the debugger", () => {
  describe("starting", () => {
    it("runs to the end when nothing stops it", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: false });
      assert.equal(await recorder.halt(), "exited 0");
      assert.deepEqual(
        recorder.told.map(({ event }) => event),
        ["continued", "exited"],
      );
    });

    it("stops before the first instruction in a module without statements", async () => {
      const { recorder } = makeToy({ main: {} });
      await recorder.debugger.start({ stopOnEntry: true });
      assert.deepEqual(recorder.told, [{ event: "stopped", number: 0, description: { kind: "entry" } }]);
      assert.equal(recorder.debugger.state, "paused");
      assert.deepEqual(await recorder.stack(), ["(before the first instruction):?"]);
      await recorder.debugger.continue();
      await recorder.next();
      assert.equal(await recorder.halt(), "exited 0");
    });

    it("tells an entry that is on a breakpoint as the breakpoint", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.setBreakpoints(source, [{ line: 0 }]);
      await recorder.debugger.start({ stopOnEntry: true });
      assert.equal(await recorder.halt(), "breakpoint main:1");
    });

    it("happens once", async () => {
      const { recorder } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await assert.rejects(recorder.debugger.start({ stopOnEntry: false }), targetError("not-stopped"));
      await recorder.debugger.kill();
      await assert.rejects(recorder.debugger.start({ stopOnEntry: false }), targetError("exited"));
    });
  });

  describe("states", () => {
    it("refuses what needs a paused guest while it runs", async () => {
      const core = makeToy(waiting).recorder.debugger;
      await core.start({ stopOnEntry: false });
      assert.equal(core.state, "running");
      await assert.rejects(core.continue(), targetError("not-stopped"));
      await assert.rejects(core.step("over"), targetError("not-stopped"));
      await assert.rejects(core.stackTrace(0, 1), targetError("not-stopped"));
      await core.kill();
    });

    it("refuses to pause a guest that is paused", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await assert.rejects(recorder.debugger.pause(), targetError("not-running"));
    });

    it("refuses everything that needs a guest when it has ended", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: false });
      await recorder.next();
      assert.equal(recorder.debugger.state, "exited");
      for (const ask of [
        () => recorder.debugger.continue(),
        () => recorder.debugger.step("in"),
        () => recorder.debugger.pause(),
        () => recorder.debugger.stackTrace(0, 1),
      ]) {
        await assert.rejects(ask(), targetError("exited"));
      }
    });

    it("takes the first of two steps asked for together and refuses the second", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const [first, second] = await Promise.allSettled([
        recorder.debugger.step("over"),
        recorder.debugger.step("over"),
      ]);
      assert.equal(first.status, "fulfilled");
      assert.equal(second.status, "rejected");
      assert.equal(await recorder.halt(), "step main:2");
    });

    it("tells that the guest runs before anything that comes of it", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.step("over");
      await recorder.next();
      await recorder.debugger.continue();
      await recorder.next();
      assert.deepEqual(
        recorder.told.map(({ event }) => event),
        ["continued", "stopped", "continued", "stopped", "continued", "exited"],
      );
    });

    it("refuses frames of an earlier stop", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const [frame] = (await recorder.debugger.stackTrace(0, 1)).frames;
      assert.ok(frame);
      await recorder.debugger.step("over");
      await recorder.next();
      await assert.rejects(recorder.debugger.scopes(frame), targetError("stale-stop"));
    });
  });

  describe("pausing", () => {
    it("stops a guest that computes", async () => {
      const { recorder } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await turn();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause main:1");
    });

    it("ends a step", async () => {
      const { recorder } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.step("over");
      await turn();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause main:1");
    });

    it("is not lost when it arrives while a step is being planned", async () => {
      const { recorder, target } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const step = recorder.debugger.step("over");
      await recorder.debugger.pause();
      await step;
      assert.equal(target.plans.length, 2);
      assert.match(await recorder.halt(), /^pause main:/);
    });

    it("is not lost when it arrives while a step that seems finished is looked at", async () => {
      const { recorder, target } = makeToy({
        main: {
          source,
          lines: [1, 2],
          run: doing(1, "f", "f", 2),
        },
        f: { source, lines: [10, 11] },
      });
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.step("in");
      await recorder.next();
      await recorder.debugger.step("over");
      await recorder.next();
      const asked = target.framesAsked.length;
      await recorder.debugger.step("over");
      while (target.framesAsked.length === asked) await Promise.resolve();
      assert.equal(recorder.debugger.state, "running");
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause f:10");
      await recorder.debugger.continue();
      assert.equal(await recorder.halt(), "exited 0");
    });
  });

  describe("ending", () => {
    it("tells the exit once when a running guest is terminated", async () => {
      const { recorder } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await recorder.debugger.terminate();
      await recorder.debugger.kill();
      assert.deepEqual(
        recorder.told.filter(({ event }) => event === "exited"),
        [{ event: "exited", exit: { kind: "exited", exitCode: 143, cause: { kind: "terminated" } } }],
      );
    });

    it("tells the exit when a paused guest is killed", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.kill();
      assert.equal(await recorder.halt(), "exited 137");
      assert.equal(recorder.debugger.state, "exited");
    });

    it("works before the guest has begun", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.terminate();
      assert.equal(await recorder.halt(), "exited 137");
    });

    it("is not told as a crash when it comes while a step is planned", async () => {
      const { recorder } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const step = recorder.debugger.step("over");
      const [stepped] = await Promise.allSettled([step, recorder.debugger.kill()]);
      const told = await recorder.next();
      assert.ok(told.event === "exited");
      assert.equal(told.exit.cause.kind, "terminated");
      assert.equal(recorder.told.filter(({ event }) => event === "exited").length, 1);
      assert.ok(stepped.status === "rejected" || recorder.debugger.state === "exited");
    });

    it("is told as a crash when the process dies while the guest runs", async () => {
      const { recorder, target } = makeToy(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      target.die("killed by SIGKILL");
      const told = await recorder.next();
      assert.ok(told.event === "exited");
      assert.deepEqual(told.exit.cause, { kind: "crashed", message: "killed by SIGKILL" });
    });

    it("is told as a crash when a paused guest turns out to be gone", async () => {
      const { recorder, target } = makeToy(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      target.die("killed by SIGKILL");
      await assert.rejects(recorder.debugger.stackTrace(0, 1), targetError("exited"));
      const told = await recorder.next();
      assert.ok(told.event === "exited");
      assert.equal(told.exit.cause.kind, "crashed");
    });
  });

  describe("at a trap", () => {
    it("shows the frames and what they hold, and ends with the next resume", async () => {
      const { recorder } = makeToy(trapping);
      await recorder.debugger.start({ stopOnEntry: false });
      assert.equal(await recorder.halt(), "trap main:1");
      const [frame] = (await recorder.debugger.stackTrace(0, 1)).frames;
      assert.ok(frame);
      await recorder.debugger.scopes(frame);
      assert.equal(recorder.contexts.length, 1);
      await recorder.debugger.continue();
      assert.equal(await recorder.halt(), "exited 134");
    });
  });

  describe("frames", () => {
    const nested: Record<string, ToyFunction> = {
      main: {
        source,
        lines: [1],
        frameSize: 32,
        *run(guest) {
          yield* guest.line(1);
          yield* guest.host("forEach", () => guest.call("each"));
        },
      },
      each: {
        run: doing("f"),
      },
      f: { source, lines: [10] },
    };

    async function atF() {
      const made = makeToy(nested);
      await made.recorder.debugger.setBreakpoints(source, [{ line: 9 }]);
      await made.recorder.debugger.start({ stopOnEntry: false });
      assert.equal(await made.recorder.halt(), "breakpoint f:10");
      return made;
    }

    it("have names, lines and kinds, host frames among them", async () => {
      const { recorder } = await atF();
      const { frames, total } = await recorder.debugger.stackTrace(0, 10);
      assert.equal(total, 4);
      assert.deepEqual(
        frames.map(({ name, kind, position }) => [name, kind, position?.line]),
        [
          ["f", "source", 9],
          ["each", "no-source", undefined],
          ["forEach", "host", undefined],
          ["main", "source", 0],
        ],
      );
    });

    it("are paged", async () => {
      const { recorder } = await atF();
      const { frames, total } = await recorder.debugger.stackTrace(1, 2);
      assert.equal(total, 4);
      assert.deepEqual(
        frames.map(({ index, name }) => [index, name]),
        [
          [1, "each"],
          [2, "forEach"],
        ],
      );
      assert.deepEqual((await recorder.debugger.stackTrace(4, 5)).frames, []);
    });

    it("are looked into with the stack pointer they run with", async () => {
      const { recorder, guest } = await atF();
      const innermost = guest.stackPointer;
      for (const frame of (await recorder.debugger.stackTrace(0, 10)).frames)
        await recorder.debugger.scopes(frame);
      assert.deepEqual(
        recorder.contexts.map(({ frame, stackPointer }) => [frame, stackPointer]),
        [
          [0, innermost],
          [1, innermost + 16n],
          [3, innermost + 32n],
        ],
      );
      assert.equal(recorder.contexts[0]?.stop, toStopNumber(1));
    });

    it("have no scopes where they are the host's", async () => {
      const { recorder } = await atF();
      const host = (await recorder.debugger.stackTrace(2, 1)).frames[0];
      assert.ok(host);
      assert.deepEqual(await recorder.debugger.scopes(host), []);
      assert.deepEqual(await recorder.debugger.parameters(host), []);
      await assert.rejects(recorder.debugger.evaluate(host, "x"), /forEach is not code of the program/);
    });
  });
});
