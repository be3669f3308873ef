import assert from "node:assert/strict";
import { toStopNumber } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { PlacedLocation } from "../../src/target/target.ts";
import { DebuggerRecorder } from "../support/debugger-recorder.ts";
import { FakeTarget } from "../support/fake-target.ts";
import { type ToyFunction, ToyGuest } from "../support/toy-guest.ts";

const source = "/src/a.c";

function make(functions: Readonly<Record<string, ToyFunction>>) {
  const guest = new ToyGuest(functions);
  const target = new FakeTarget(guest);
  const recorder = new DebuggerRecorder(target, guest.debugInfo);
  return { guest, target, recorder, debugger: recorder.debugger };
}

/** Lines 1 and 2, and in between a wait. */
const waiting: Record<string, ToyFunction> = {
  main: {
    source,
    lines: [1, 2, 3],
    *run(guest) {
      yield* guest.line(1);
      yield { kind: "busy" };
      yield* guest.line(2);
      yield* guest.line(3);
    },
  },
};

const straight: Record<string, ToyFunction> = { main: { source, lines: [1, 2, 3] } };

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

const rejectsWith = (code: string) => (error: unknown) => error instanceof TargetError && error.code === code;

/** Lets everything go on that can. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the debugger", () => {
  describe("starting", () => {
    it("runs to the end when nothing stops it", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: false });
      assert.equal(await recorder.halt(), "exited 0");
      assert.deepEqual(
        recorder.told.map(({ event }) => event),
        ["continued", "exited"],
      );
    });

    it("stops before the first instruction in a module without statements", async () => {
      const { recorder } = make({ main: {} });
      await recorder.debugger.start({ stopOnEntry: true });
      assert.deepEqual(recorder.told, [{ event: "stopped", number: 0, description: { kind: "entry" } }]);
      assert.equal(recorder.debugger.state, "paused");
      assert.deepEqual(await recorder.stack(), ["(before the first instruction):?"]);
      await recorder.debugger.continue();
      await recorder.next();
      assert.equal(await recorder.halt(), "exited 0");
    });

    it("tells an entry that is on a breakpoint as the breakpoint", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.setBreakpoints(source, [{ line: 0 }]);
      await recorder.debugger.start({ stopOnEntry: true });
      assert.equal(await recorder.halt(), "breakpoint main:1");
    });

    it("happens once", async () => {
      const { recorder } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await assert.rejects(recorder.debugger.start({ stopOnEntry: false }), rejectsWith("not-stopped"));
      await recorder.debugger.kill();
      await assert.rejects(recorder.debugger.start({ stopOnEntry: false }), rejectsWith("exited"));
    });
  });

  describe("states", () => {
    it("refuses what needs a paused guest while it runs", async () => {
      const { debugger: core } = make(waiting);
      await core.start({ stopOnEntry: false });
      assert.equal(core.state, "running");
      await assert.rejects(core.continue(), rejectsWith("not-stopped"));
      await assert.rejects(core.step("over"), rejectsWith("not-stopped"));
      await assert.rejects(core.stackTrace(0, 1), rejectsWith("not-stopped"));
      await core.kill();
    });

    it("refuses to pause a guest that is paused", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await assert.rejects(recorder.debugger.pause(), rejectsWith("not-running"));
    });

    it("refuses everything that needs a guest when it has ended", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: false });
      await recorder.next();
      assert.equal(recorder.debugger.state, "exited");
      for (const ask of [
        () => recorder.debugger.continue(),
        () => recorder.debugger.step("in"),
        () => recorder.debugger.pause(),
        () => recorder.debugger.stackTrace(0, 1),
      ]) {
        await assert.rejects(ask(), rejectsWith("exited"));
      }
    });

    it("takes the first of two steps asked for together and refuses the second", async () => {
      const { recorder } = make(straight);
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
      const { recorder } = make(straight);
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
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const [frame] = (await recorder.debugger.stackTrace(0, 1)).frames;
      assert.ok(frame);
      await recorder.debugger.step("over");
      await recorder.next();
      await assert.rejects(recorder.debugger.scopes(frame), rejectsWith("stale-stop"));
    });
  });

  describe("pausing", () => {
    it("stops a guest that computes", async () => {
      const { recorder } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await turn();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause main:1");
    });

    it("ends a step", async () => {
      const { recorder } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.step("over");
      await turn();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause main:1");
    });

    it("is not lost when it arrives while a step is being planned", async () => {
      const { recorder, target } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      const step = recorder.debugger.step("over");
      await recorder.debugger.pause();
      await step;
      assert.equal(target.plans.length, 2);
      assert.match(await recorder.halt(), /^pause main:/);
    });

    it("is not lost when it arrives while a step that seems finished is looked at", async () => {
      const { recorder, target } = make({
        main: {
          source,
          lines: [1, 2],
          *run(guest) {
            yield* guest.line(1);
            yield* guest.call("f");
            yield* guest.call("f");
            yield* guest.line(2);
          },
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
      const { recorder } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await recorder.debugger.terminate();
      await recorder.debugger.kill();
      assert.deepEqual(
        recorder.told.filter(({ event }) => event === "exited"),
        [{ event: "exited", exit: { kind: "exited", exitCode: 143, cause: { kind: "terminated" } } }],
      );
    });

    it("tells the exit when a paused guest is killed", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.kill();
      assert.equal(await recorder.halt(), "exited 137");
      assert.equal(recorder.debugger.state, "exited");
    });

    it("works before the guest has begun", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.terminate();
      assert.equal(await recorder.halt(), "exited 137");
    });

    it("is not told as a crash when it comes while a step is planned", async () => {
      const { recorder } = make(straight);
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
      const { recorder, target } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      target.die("killed by SIGKILL");
      const told = await recorder.next();
      assert.ok(told.event === "exited");
      assert.deepEqual(told.exit.cause, { kind: "crashed", message: "killed by SIGKILL" });
    });

    it("is told as a crash when a paused guest turns out to be gone", async () => {
      const { recorder, target } = make(straight);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      target.die("killed by SIGKILL");
      await assert.rejects(recorder.debugger.stackTrace(0, 1), rejectsWith("exited"));
      const told = await recorder.next();
      assert.ok(told.event === "exited");
      assert.equal(told.exit.cause.kind, "crashed");
    });
  });

  describe("at a trap", () => {
    it("shows the frames and what they hold, and ends with the next resume", async () => {
      const { recorder } = make(trapping);
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
        *run(guest) {
          yield* guest.call("f");
        },
      },
      f: { source, lines: [10] },
    };

    async function atF() {
      const made = make(nested);
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

  describe("breakpoints", () => {
    it("stop the guest and are named by their numbers", async () => {
      const { recorder } = make(straight);
      const [first, second] = await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 2 }]);
      await recorder.debugger.start({ stopOnEntry: false });
      for (const breakpoint of [first, second]) {
        const told = await recorder.next();
        assert.deepEqual(told.event === "stopped" && told.description, {
          kind: "breakpoint",
          breakpoints: [breakpoint?.id],
        });
        await recorder.debugger.continue();
      }
      assert.equal(await recorder.halt(), "exited 0");
    });

    it("of several sources are armed together", async () => {
      const { recorder, target } = make({
        main: { source, lines: [1] },
        f: { source: "/src/b.c", lines: [5] },
      });
      await recorder.debugger.setBreakpoints(source, [{ line: 0 }]);
      await recorder.debugger.setBreakpoints("/src/b.c", [{ line: 4 }]);
      assert.equal(target.armed.size, 2);
      await recorder.debugger.setBreakpoints(source, []);
      assert.equal(target.armed.size, 1);
    });

    it("can be set while the guest runs", async () => {
      const { recorder, target } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await turn();
      const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 2 }]);
      assert.equal(breakpoint?.verified, true);
      target.release();
      assert.equal(await recorder.halt(), "breakpoint main:3");
    });

    it("can be set while a step is on its way", async () => {
      const { recorder, target } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: true });
      await recorder.next();
      await recorder.debugger.step("out");
      await turn();
      await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      target.release();
      assert.equal(await recorder.halt(), "breakpoint main:2");
    });

    it("can be taken away while the guest is paused at one", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 2 }]);
      await recorder.debugger.start({ stopOnEntry: false });
      assert.equal(await recorder.halt(), "breakpoint main:2");
      await recorder.debugger.setBreakpoints(source, []);
      await recorder.debugger.continue();
      assert.equal(await recorder.halt(), "exited 0");
    });

    it("keep their numbers while their line is asked for again", async () => {
      const { recorder } = make(straight);
      const before = await recorder.debugger.setBreakpoints(source, [{ line: 0 }, { line: 1 }, { line: 1 }]);
      const after = await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 2 }, { line: 1 }]);
      assert.deepEqual(
        before.map(({ id }) => id),
        [1, 2, 3],
      );
      assert.deepEqual(
        after.map(({ id }) => id),
        [2, 4, 3],
      );
    });

    it("on one line are all named when it is reached", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 1 }]);
      await recorder.debugger.start({ stopOnEntry: false });
      const told = await recorder.next();
      assert.deepEqual(told.event === "stopped" && told.description, {
        kind: "breakpoint",
        breakpoints: [1, 2],
      });
    });

    it("that the engine refuses are not verified and say why", async () => {
      const { recorder, target } = make(straight);
      target.place = (points) => points.map(() => ({ kind: "refused", reason: "No site here." }));
      const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      assert.deepEqual(breakpoint, {
        id: 1,
        path: source,
        request: { line: 1 },
        verified: false,
        line: 1,
        message: "No site here.",
        source: { id: 0, path: source },
      });
    });

    it("that the engine slips forward are recognised where they stop", async () => {
      const { recorder, target } = make(straight);
      target.place = (points) =>
        points.map((point): PlacedLocation => ({ kind: "placed", point: (point + 0x10) as never }));
      await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      await recorder.debugger.start({ stopOnEntry: false });
      const told = await recorder.next();
      assert.deepEqual(told.event === "stopped" && told.description, {
        kind: "breakpoint",
        breakpoints: [1],
      });
      assert.equal(await recorder.where(), "main:3");
    });

    it("leave those before in place when the engine fails", async () => {
      const { recorder, target } = make(straight);
      await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      const place = target.place;
      target.place = () => Promise.reject(new TargetError("unsupported", "not now"));
      await assert.rejects(
        recorder.debugger.setBreakpoints(source, [{ line: 2 }]),
        rejectsWith("unsupported"),
      );
      target.place = place;
      await recorder.debugger.start({ stopOnEntry: false });
      const told = await recorder.next();
      assert.deepEqual(told.event === "stopped" && told.description, {
        kind: "breakpoint",
        breakpoints: [1],
      });
    });

    it("that another source's edit changes are told", async () => {
      const { recorder, target } = make({
        main: { source, lines: [1] },
        f: { source: "/src/b.c", lines: [5] },
      });
      await recorder.debugger.setBreakpoints(source, [{ line: 0 }]);
      target.place = (points) => points.map((): PlacedLocation => ({ kind: "refused", reason: "full" }));
      await recorder.debugger.setBreakpoints("/src/b.c", [{ line: 4 }]);
      const changed = recorder.told.filter(({ event }) => event === "breakpointChanged");
      assert.equal(changed.length, 1);
      assert.ok(changed[0]?.event === "breakpointChanged" && changed[0].breakpoint.id === 1);
    });

    it("edited at the same time are applied one after the other", async () => {
      const { recorder, target } = make({
        main: { source, lines: [1] },
        f: { source: "/src/b.c", lines: [5] },
      });
      const sizes: number[] = [];
      target.place = async (points) => {
        await turn();
        sizes.push(points.length);
        return points.map((point) => ({ kind: "placed", point }));
      };
      await Promise.all([
        recorder.debugger.setBreakpoints(source, [{ line: 0 }]),
        recorder.debugger.setBreakpoints("/src/b.c", [{ line: 4 }]),
      ]);
      assert.deepEqual(sizes, [1, 2]);
    });

    it("reached before their edit is answered are named all the same", async () => {
      const { recorder, target } = make(waiting);
      await recorder.debugger.start({ stopOnEntry: false });
      await turn();
      let answer: () => void = () => {};
      target.place = (points) => {
        target.armed = new Set(points);
        return new Promise((resolve) => {
          answer = () => resolve(points.map((point) => ({ kind: "placed", point })));
        });
      };
      const set = recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      await turn();
      target.release();
      await turn();
      assert.equal(recorder.debugger.state, "running");
      answer();
      await set;
      const told = await recorder.next();
      assert.deepEqual(told.event === "stopped" && told.description, {
        kind: "breakpoint",
        breakpoints: [1],
      });
    });

    it("are not verified once the guest has ended", async () => {
      const { recorder } = make(straight);
      await recorder.debugger.start({ stopOnEntry: false });
      await recorder.next();
      const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
      assert.equal(breakpoint?.verified, false);
      assert.equal(breakpoint?.message, "The program has ended.");
    });
  });
});
