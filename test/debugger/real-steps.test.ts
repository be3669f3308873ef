import assert from "node:assert/strict";
import { DebuggerRecorder } from "../support/debugger-recorder.ts";
import { endAll, startFixture } from "../support/engine.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";

/** A fixture under the real engine, with a debugger that shows its sources and no others. */
async function debug(guest: Fixture) {
  const { target, info, printed } = await startFixture(guest);
  const { lineOf } = guest.markers();
  const isShown = (path: string): boolean => path.startsWith(guest.compilationDir);
  const sourceFileMap = { [guest.compilationDir]: guest.sourceFolder };
  const recorder = new DebuggerRecorder(target, info, { isShown, sourceFileMap });
  const at = (marker: string) => ({ line: lineOf(marker) - 1 });
  const setBreakpoints = (...markers: string[]) =>
    recorder.debugger.setBreakpoints(guest.source(), markers.map(at));
  /** The next halt as its kind and the marker of its line, or the line where it has none. */
  const halt = async (): Promise<string> => {
    const [kind = "", place = ""] = (await recorder.halt()).split(" ");
    const [, line = ""] = place.split(":");
    const marker = guest.markers().stops.find((stop) => stop.line === Number(line));
    return `${kind} ${marker?.name ?? place}`;
  };
  const step = async (kind: "over" | "in" | "out"): Promise<string> => {
    await recorder.debugger.step(kind);
    return halt();
  };
  const go = async (): Promise<string> => {
    await recorder.debugger.continue();
    return halt();
  };
  return { recorder, setBreakpoints, halt, step, go, printed };
}

/** Stopped at a marker, with no other breakpoint. */
async function stoppedAt(guest: Fixture, marker: string) {
  const session = await debug(guest);
  const [breakpoint] = await session.setBreakpoints(marker);
  assert.equal(breakpoint?.verified, true);
  await session.recorder.debugger.start({ stopOnEntry: false });
  assert.equal(await session.halt(), `breakpoint ${marker}`);
  await session.setBreakpoints();
  return session;
}

const depthOf = async ({ recorder }: { recorder: DebuggerRecorder }): Promise<number> =>
  (await recorder.debugger.stackTrace(0, 1)).total;

describe("debugging a real guest", () => {
  afterEach(endAll);

  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    describe(build, () => {
      const guest = fixture("steps", build);

      it("enters at the first statement of main", async () => {
        const session = await debug(guest);
        await session.recorder.debugger.start({ stopOnEntry: true });
        assert.equal(await session.halt(), "entry main-start");
      });

      it("steps over every line of main to the end", async () => {
        const session = await debug(guest);
        await session.recorder.debugger.start({ stopOnEntry: true });
        const seen = [await session.halt()];
        while (!seen.at(-1)?.startsWith("exited")) seen.push(await session.step("over"));
        assert.deepEqual(
          seen.map((text) => text.replace(/^step main-|^entry main-/, "")),
          [
            ...["start", "calls", "fib", "even", "loops", "one-line", "early", "switch", "goto", "callbacks"],
            ...["vla", "empty", "conditional", "print", "return", "exited 0"],
          ],
        );
        assert.match(session.printed(), /^total \d+\n$/);
      });

      it("steps into nested calls one after the other", async () => {
        const session = await stoppedAt(guest, "calls-nested");
        const seen: string[] = [];
        for (let steps = 0; steps < 4; steps++) seen.push(await session.step("in"));
        assert.deepEqual(seen, ["step h-body", "step g-body", "step f-body", "step calls-two"]);
      });

      it("steps over the end of the first of two calls without stopping in the second", async () => {
        const session = await stoppedAt(guest, "calls-two");
        const seen = [await session.step("in"), await session.step("over"), await session.step("over")];
        assert.deepEqual(seen, ["step square-body", "step square-return", "step calls-return"]);
      });

      it("keeps its depth when it steps over recursion", async () => {
        const session = await stoppedAt(guest, "fib-left");
        const depth = await depthOf(session);
        assert.equal(await session.step("over"), "step fib-right");
        assert.equal(await session.step("over"), "step fib-return");
        assert.equal(await depthOf(session), depth);
      });

      it("goes one call deeper with each step into recursion, and back with each step out", async () => {
        const session = await stoppedAt(guest, "fib-left");
        const depth = await depthOf(session);
        assert.equal(await session.step("in"), "step fib-test");
        assert.equal(await depthOf(session), depth + 1);
        assert.equal(await session.step("over"), "step fib-left");
        assert.equal(await session.step("in"), "step fib-test");
        assert.equal(await depthOf(session), depth + 2);
        assert.equal(await session.step("out"), "step fib-left");
        assert.equal(await depthOf(session), depth + 1);
        assert.equal(await session.step("out"), "step fib-left");
        assert.equal(await depthOf(session), depth);
        assert.equal(await session.step("over"), "step fib-right");
        assert.equal(await depthOf(session), depth);
      });

      it("steps out into the rest of the line, and from there into the next call on it", async () => {
        const session = await stoppedAt(guest, "calls-two");
        assert.equal(await session.step("in"), "step square-body");
        assert.equal(await session.step("out"), "step calls-two");
        assert.equal(await session.step("in"), "step square-body");
        assert.equal(await session.step("out"), "step calls-two");
        assert.equal(await session.step("over"), "step calls-return");
      });

      it("steps out of each of the calls that are one another's arguments", async () => {
        const session = await stoppedAt(guest, "calls-nested");
        const seen: string[] = [];
        for (const kind of ["in", "out", "in", "out", "in", "out", "over"] as const) {
          seen.push((await session.step(kind)).replace("step ", ""));
        }
        assert.deepEqual(seen, [
          ...["h-body", "calls-nested", "g-body", "calls-nested", "f-body", "calls-nested", "calls-two"],
        ]);
      });

      it("passes loops on one line in one step", async () => {
        const session = await stoppedAt(guest, "one-line-loop");
        assert.equal(await session.step("over"), "step one-line-while");
        assert.equal(await session.step("over"), "step loops-return");
      });

      it("stops once at a breakpoint on the head of a for loop", async () => {
        const session = await debug(guest);
        await session.setBreakpoints("for-head", "while-before");
        await session.recorder.debugger.start({ stopOnEntry: false });
        assert.equal(await session.halt(), "breakpoint for-head");
        assert.equal(await session.go(), "breakpoint while-before");
      });

      it("goes around a loop on several lines", async () => {
        const session = await stoppedAt(guest, "for-head");
        const seen: string[] = [];
        for (let steps = 0; steps < 4; steps++) seen.push(await session.step("over"));
        assert.deepEqual(seen, ["step for-body", "step for-head", "step for-body", "step for-head"]);
      });

      it("steps into functions that the C library calls back", async () => {
        const session = await stoppedAt(guest, "qsort-call");
        assert.equal(await session.step("in"), "step comparator");
        assert.deepEqual((await session.recorder.stack()).map((frame) => frame.split(":")[0]).slice(0, 1), [
          "by_value",
        ]);
        assert.equal(await session.step("out"), "step apply-call");
      });

      it("steps over the end of such a function into code that can be shown, not into its next call", async () => {
        const session = await stoppedAt(guest, "comparator");
        let seen = "";
        for (let steps = 0; steps < 3; steps++) seen = await session.step("over");
        assert.equal(seen, "step apply-call");
      });

      it("steps over calls where the frame's size is not known", async () => {
        const session = await stoppedAt(guest, "vla-call");
        const seen: string[] = [];
        for (let steps = 0; steps < 3; steps++) seen.push(await session.step("over"));
        assert.deepEqual(seen, ["step vla-body", "step vla-loop", "step vla-call"]);
      });

      it("runs on to the end when it steps out of main", async () => {
        const session = await stoppedAt(guest, "main-loops");
        assert.equal(await session.step("out"), "exited 0");
      });

      it("stops at a breakpoint that a step over passes", async () => {
        const session = await stoppedAt(guest, "main-fib");
        await session.setBreakpoints("fib-base");
        assert.equal(await session.step("over"), "breakpoint fib-base");
      });

      it("stops in each copy of a line that has several statements, once", async () => {
        const session = await debug(guest);
        await session.setBreakpoints("three-statements");
        await session.recorder.debugger.start({ stopOnEntry: false });
        assert.equal(await session.halt(), "breakpoint three-statements");
        assert.equal(await session.go(), "exited 0");
      });

      it("unwinds the C stack of every frame that has one", async () => {
        const session = await stoppedAt(guest, "fib-base");
        const { frames } = await session.recorder.debugger.stackTrace(0, 100);
        for (const frame of frames) await session.recorder.debugger.scopes(frame);
        const pointers = session.recorder.contexts.map(({ stackPointer }) => stackPointer);
        assert.ok(pointers.every((pointer) => pointer !== undefined));
        const sizes = pointers.slice(1).map((pointer, at) => (pointer ?? 0n) - (pointers[at] ?? 0n));
        // The innermost six are fib(1) to fib(6), of 16 bytes each.
        assert.deepEqual(sizes.slice(0, 6), [16n, 16n, 16n, 16n, 16n, 16n]);
      });
    });
  }

  it("binds breakpoints in files of one name each to its own", async () => {
    const guest = fixture("multi", "dwarf5.O0");
    const { target, info } = await startFixture(guest);
    const sourceFileMap = { [guest.compilationDir]: guest.sourceFolder };
    const recorder = new DebuggerRecorder(target, info, { sourceFileMap });
    for (const file of guest.sources.filter((path) => path.endsWith("util.c"))) {
      const [stop] = guest.markers(file).stops;
      assert.ok(stop, file);
      const [breakpoint] = await recorder.debugger.setBreakpoints(guest.source(file), [
        { line: stop.line - 1 },
      ]);
      assert.equal(breakpoint?.source?.path, `${guest.compilationDir}/${file}`);
      assert.equal(breakpoint?.verified, true);
    }
  });

  it("binds a breakpoint in a header to the copy of each file that includes it", async () => {
    const guest = fixture("multi", "dwarf5.O0");
    const { target, info } = await startFixture(guest);
    const source = info.sources().find(({ path }) => path.endsWith("clamp.h"));
    assert.ok(source);
    const [line] = info.linesWithCode(source, 0, 1000);
    assert.ok((info.resolveLine(source, line ?? 0)?.points.length ?? 0) > 1);
    const recorder = new DebuggerRecorder(target, info);
    await recorder.debugger.setBreakpoints(source.path, [{ line: line ?? 0 }]);
    await recorder.debugger.start({ stopOnEntry: false });
    const callers = new Set<string>();
    while ((await recorder.halt()).startsWith("breakpoint")) {
      callers.add((await recorder.stack())[1]?.split(":")[0] ?? "");
      await recorder.debugger.continue();
    }
    assert.deepEqual([...callers].sort(), ["a_scale", "b_scale", "main"]);
  });

  it("stops in constructors and in what runs after main", async () => {
    const places = [
      "first-constructor",
      "second-constructor",
      "last-constructor",
      "main-start",
      "main-print",
      "at-exit",
      "destructor",
    ];
    const session = await debug(fixture("ctors", "dwarf5.O0"));
    await session.setBreakpoints(...places);
    await session.recorder.debugger.start({ stopOnEntry: false });
    const seen = [await session.halt()];
    while (!seen.at(-1)?.startsWith("exited")) seen.push(await session.go());
    assert.deepEqual(seen.slice(0, -1).sort(), places.map((place) => `breakpoint ${place}`).sort());
    assert.deepEqual(
      seen.slice(0, 5),
      places.slice(0, 5).map((place) => `breakpoint ${place}`),
    );
    assert.equal(seen.at(-1), "exited 0");
  });

  it("enters at the first constructor that can be shown", async () => {
    const session = await debug(fixture("ctors", "dwarf5.O0"));
    await session.recorder.debugger.start({ stopOnEntry: true });
    assert.equal(await session.halt(), "entry first-constructor");
  });

  it("stops in a module's start function", async () => {
    const session = await debug(fixture("startfn", "dwarf5.O0"));
    await session.setBreakpoints("begin", "begin-end");
    await session.recorder.debugger.start({ stopOnEntry: false });
    assert.equal(await session.halt(), "breakpoint begin");
    assert.equal(await session.go(), "breakpoint begin-end");
  });

  it("reports a trap with its frames, and ends after it", async () => {
    const guest = fixture("traps", "dwarf5.O0");
    const run = guest.runs.find(({ trap }) => trap === "divide-by-zero");
    assert.ok(run);
    const { target, info } = await startFixture(guest, { args: run.args ?? [] });
    const recorder = new DebuggerRecorder(target, info);
    await recorder.debugger.start({ stopOnEntry: false });
    const told = await recorder.next();
    assert.ok(told.event === "stopped" && told.description.kind === "trap");
    assert.equal(told.description.trap, "integer-divide-by-zero");
    const { frames } = await recorder.debugger.stackTrace(0, 20);
    assert.ok(frames[0]?.position?.source.path.endsWith("traps.c"));
    assert.ok(frames.some(({ name }) => name === "main"));
    await recorder.debugger.continue();
    assert.equal(await recorder.halt(), "exited 134");
  });

  it("pauses a busy guest, and steps on from there", async () => {
    const guest = fixture("spin", "dwarf5.O0");
    const session = await debug(guest);
    await session.recorder.debugger.start({ stopOnEntry: true });
    await session.halt();
    await session.recorder.debugger.continue();
    await session.recorder.debugger.pause();
    assert.match(await session.halt(), /^pause /);
    assert.match(await session.step("over"), /^step /);
    await session.recorder.debugger.kill();
    assert.equal(await session.halt(), "exited 137");
  });

  it("loses no pause that follows on a resume", async () => {
    const session = await debug(fixture("spin", "dwarf5.O0"));
    await session.recorder.debugger.start({ stopOnEntry: true });
    await session.halt();
    for (let pauses = 0; pauses < 30; pauses++) {
      await session.recorder.debugger.continue();
      await session.recorder.debugger.pause();
      assert.match(await session.halt(), /^pause /);
    }
  });

  it("steps through optimised code to the end", async () => {
    for (const build of ["dwarf4.O2", "dwarf5.O2"]) {
      const session = await debug(fixture("steps", build));
      await session.recorder.debugger.start({ stopOnEntry: true });
      let seen = await session.halt();
      for (let steps = 0; steps < 200 && !seen.startsWith("exited"); steps++) {
        assert.doesNotMatch(seen, /:\?$/);
        seen = await session.step("over");
      }
      assert.equal(seen, "exited 0");
    }
  });
});
