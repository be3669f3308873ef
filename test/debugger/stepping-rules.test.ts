import assert from "node:assert/strict";
import { DebuggerRecorder, type RecorderOptions } from "../support/debugger-recorder.ts";
import { FakeTarget } from "../support/fake-target.ts";
import { type ToyFunction, ToyGuest } from "../support/toy-guest.ts";

const source = "/src/a.c";

/** A toy program stopped at its first statement. */
async function begin(functions: Readonly<Record<string, ToyFunction>>, options?: RecorderOptions) {
  const guest = new ToyGuest(functions);
  const target = new FakeTarget(guest);
  const recorder = new DebuggerRecorder(target, guest.debugInfo, options);
  await recorder.debugger.start({ stopOnEntry: true });
  const first = await recorder.halt();
  const step = async (kind: "over" | "in" | "out"): Promise<string> => {
    await recorder.debugger.step(kind);
    return recorder.halt();
  };
  return { guest, target, recorder, first, step };
}

describe("stepping", () => {
  it("begins at the first statement of a source that can be shown", async () => {
    const { first } = await begin(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8],
          *run(guest) {
            yield* guest.line(8);
            yield* guest.call("main");
          },
        },
        main: { source, lines: [1] },
      },
      { isShown: (path) => path === source },
    );
    assert.equal(first, "entry main:1");
  });

  it("begins at any statement when no source can be shown", async () => {
    const { first } = await begin(
      { _start: { source: "/libc/crt1.c", lines: [8] } },
      { isShown: () => false },
    );
    assert.equal(first, "entry _start:8");
  });

  it("over goes from line to line and past calls", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2, 3],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.line(2);
          yield* guest.call("f");
          yield* guest.line(3);
        },
      },
      f: { source, lines: [10, 11] },
    });
    assert.equal(await step("over"), "step main:2");
    assert.equal(await step("over"), "step main:3");
    assert.equal(await step("over"), "exited 0");
  });

  it("over does not stop twice on one line without leaving it", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2, 2, 3],
        loopFrom: 1,
        *run(guest) {
          yield* guest.line(1);
          for (let turn = 0; turn < 100; turn++) {
            yield* guest.line(2, 0);
            yield* guest.line(2, 1);
          }
          yield* guest.line(3);
        },
      },
    });
    assert.equal(await step("over"), "step main:2");
    assert.equal(await step("over"), "step main:3");
  });

  it("over stops at each turn of a loop on several lines", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2],
        loopFrom: 0,
        *run(guest) {
          for (let turn = 0; turn < 2; turn++) {
            yield* guest.line(1);
            yield* guest.line(2);
          }
        },
      },
    });
    const seen = [await step("over"), await step("over"), await step("over"), await step("over")];
    assert.deepEqual(seen, ["step main:2", "step main:1", "step main:2", "exited 0"]);
  });

  it("over at the end of a function ends in its caller", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("f");
          yield* guest.line(2);
        },
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step main:2");
  });

  it("over ends on the caller's line when that goes on after the call", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("f");
          yield* guest.line(1, 1);
          yield* guest.line(2);
        },
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step main:1");
    assert.equal(await step("over"), "step main:2");
  });

  const fibonacci = (frame: Partial<ToyFunction>): Record<string, ToyFunction> => ({
    main: {
      source,
      lines: [1, 2],
      *run(guest) {
        yield* guest.line(1);
        yield* guest.call("fib");
        yield* guest.line(2);
      },
    },
    fib: {
      source,
      lines: [10, 11, 12, 13],
      ...frame,
      *run(guest) {
        yield* guest.line(10);
        if (guest.depth > 5) return;
        yield* guest.line(11);
        yield* guest.call("fib");
        yield* guest.line(12);
        yield* guest.call("fib");
        yield* guest.line(13);
      },
    },
  });

  for (const [how, frame] of [
    ["told apart by stack pointer", {}],
    ["told apart by depth", { unprovable: true }],
    ["without frames of their own", { frameSize: 0 }],
  ] as const) {
    it(`over does not stop in deeper calls of the same function, ${how}`, async () => {
      const { step, recorder } = await begin(fibonacci(frame));
      assert.equal(await step("in"), "step fib:10");
      assert.equal(await step("over"), "step fib:11");
      assert.equal(await step("in"), "step fib:10");
      assert.equal((await recorder.stack()).length, 3);
      assert.equal(await step("over"), "step fib:11");
      assert.equal(await step("over"), "step fib:12");
      assert.equal(await step("over"), "step fib:13");
      assert.equal((await recorder.stack()).length, 3);
      assert.equal(await step("over"), "step fib:12");
      assert.equal((await recorder.stack()).length, 2);
    });

    it(`out of a recursive call ends in the call that made it, ${how}`, async () => {
      const { step, recorder } = await begin(fibonacci(frame));
      for (let calls = 0; calls < 3; calls++) {
        assert.equal(await step("in"), "step fib:10");
        if (calls < 2) assert.equal(await step("over"), "step fib:11");
      }
      assert.equal((await recorder.stack()).length, 4);
      assert.equal(await step("out"), "step fib:12");
      assert.equal((await recorder.stack()).length, 3);
      assert.equal(await step("out"), "step fib:12");
      assert.equal((await recorder.stack()).length, 2);
      assert.equal(await step("out"), "step main:2");
    });
  }

  it("over asks for no frame counts where stack pointers tell", async () => {
    const { step, target } = await begin(fibonacci({}));
    await step("in");
    await step("over");
    assert.equal(await step("over"), "step fib:12");
    assert.equal(target.depthTests, 0);
  });

  it("over the end of a call does not stop in the next call of the same line", async () => {
    const { step } = await begin({
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
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step f:11");
    assert.equal(await step("over"), "step main:2");
  });

  it("over the end of a call does not stop in the same function called through another", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("f");
          yield* guest.call("through");
          yield* guest.line(2);
        },
      },
      through: {
        frameSize: 0,
        *run(guest) {
          yield* guest.call("f");
        },
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step main:2");
  });

  it("in goes into each of several calls of one line, by stepping in again at the end of the one before", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("f");
          yield* guest.call("g");
          yield* guest.line(2);
        },
      },
      f: { source, lines: [10] },
      g: { source, lines: [20] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step g:20");
    assert.equal(await step("in"), "step main:2");
  });

  it("in stops in a recursive call on the very line it began on", async () => {
    const { step, recorder } = await begin({
      f: {
        source,
        lines: [1],
        *run(guest) {
          yield* guest.line(1);
          if (guest.depth < 3) yield* guest.call("f");
        },
      },
    });
    assert.equal(await step("in"), "step f:1");
    assert.equal((await recorder.stack()).length, 2);
    assert.equal(await step("in"), "step f:1");
    assert.equal((await recorder.stack()).length, 3);
    assert.equal(await step("in"), "exited 0");
  });

  const withLibrary = (shown: boolean): [Record<string, ToyFunction>, RecorderOptions] => [
    {
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("qsort");
          yield* guest.line(2);
        },
      },
      qsort: {
        ...(shown ? { source: "/libc/qsort.c", lines: [100, 101] } : {}),
        *run(guest) {
          if (shown) yield* guest.line(100);
          yield* guest.call("compare");
          yield* guest.call("compare");
          if (shown) yield* guest.line(101);
        },
      },
      compare: { source, lines: [10, 11] },
    },
    { isShown: (path) => path === source },
  ];

  for (const [what, hasLines] of [
    ["has no lines", false],
    ["has a source that cannot be shown", true],
  ] as const) {
    it(`in stops where a function that ${what} calls back`, async () => {
      const { step } = await begin(...withLibrary(hasLines));
      assert.equal(await step("in"), "step compare:10");
      assert.equal(await step("in"), "step compare:11");
      assert.equal(await step("in"), "step compare:10");
      assert.equal(await step("in"), "step compare:11");
      assert.equal(await step("in"), "step main:2");
    });

    it(`over and out of a call back end beyond a function that ${what}`, async () => {
      const over = await begin(...withLibrary(hasLines));
      await over.step("in");
      assert.equal(await over.step("over"), "step compare:11");
      assert.equal(await over.step("over"), "step main:2");
      const out = await begin(...withLibrary(hasLines));
      await out.step("in");
      assert.equal(await out.step("out"), "step main:2");
    });

    it(`over such a call stays in the frame when the function ${what}`, async () => {
      const { step } = await begin(...withLibrary(hasLines));
      assert.equal(await step("over"), "step main:2");
    });
  }

  it("in stops in the next call of a function on one line", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("each");
          yield* guest.line(2);
        },
      },
      each: {
        *run(guest) {
          yield* guest.call("f");
          yield* guest.call("f");
        },
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step main:2");
  });

  it("out of the outermost frame that can be shown runs to the end", async () => {
    const { step, target } = await begin(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8, 9],
          *run(guest) {
            yield* guest.line(8);
            yield* guest.call("main");
            yield* guest.line(9);
          },
        },
        main: { source, lines: [1] },
      },
      { isShown: (path) => path === source },
    );
    assert.equal(await step("out"), "exited 0");
    assert.deepEqual(target.plans.at(-1), { kind: "continue" });
  });

  it("over and out work by lines where no source on the stack can be shown", async () => {
    const { step } = await begin(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8, 9],
          *run(guest) {
            yield* guest.line(8);
            yield* guest.call("exit");
            yield* guest.line(9);
          },
        },
        exit: { source: "/libc/exit.c", lines: [20, 21] },
      },
      { isShown: () => false },
    );
    assert.equal(await step("in"), "step exit:20");
    assert.equal(await step("over"), "step exit:21");
    assert.equal(await step("out"), "step _start:9");
  });

  it("over and out end when frames are left all at once, by an exception", async () => {
    class Thrown extends Error {}
    const thrower: Record<string, ToyFunction> = {
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          try {
            yield* guest.call("f");
          } catch (error) {
            if (!(error instanceof Thrown)) throw error;
          }
          yield* guest.line(2);
        },
      },
      f: {
        source,
        lines: [10, 11],
        *run(guest) {
          yield* guest.line(10);
          yield* guest.call("g");
          yield* guest.line(11);
        },
      },
      g: {
        source,
        lines: [20],
        *run(guest) {
          yield* guest.line(20);
          throw new Thrown();
        },
      },
    };
    for (const kind of ["over", "out"] as const) {
      const { step } = await begin(thrower);
      await step("in");
      assert.equal(await step("in"), "step g:20");
      assert.equal(await step(kind), "step main:2", kind);
    }
  });

  it("sees host frames and steps past them", async () => {
    const { step, recorder } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.host("forEach", () => guest.call("each"));
          yield* guest.line(2);
        },
      },
      each: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step each:10");
    assert.deepEqual(await recorder.stack(), ["each:10", "forEach:?", "main:1"]);
    assert.equal(await step("out"), "step main:2");
  });

  it("from a place without lines goes to the next statement of a caller that has some", async () => {
    for (const kind of ["over", "out", "in"] as const) {
      const guest = new ToyGuest({
        main: {
          source,
          lines: [1, 2],
          *run(toy) {
            yield* toy.line(1);
            yield* toy.call("memcpy");
            yield* toy.line(2);
          },
        },
        memcpy: {
          *run() {
            yield { kind: "busy" };
          },
        },
      });
      const target = new FakeTarget(guest);
      const recorder = new DebuggerRecorder(target, guest.debugInfo);
      await recorder.debugger.start({ stopOnEntry: false });
      await Promise.resolve();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause memcpy:?");
      await recorder.debugger.step(kind);
      assert.equal(await recorder.halt(), "step main:2", kind);
    }
  });

  it("ends at a breakpoint on the way, and is forgotten", async () => {
    const { step, recorder } = await begin({
      main: {
        source,
        lines: [1, 2, 3],
        *run(guest) {
          yield* guest.line(1);
          yield* guest.call("f");
          yield* guest.line(2);
          yield* guest.line(3);
        },
      },
      f: { source, lines: [10, 11] },
    });
    const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 9 }]);
    assert.equal(await step("over"), "breakpoint f:10");
    assert.deepEqual(recorder.told.at(-1), {
      event: "stopped",
      number: 2,
      description: { kind: "breakpoint", breakpoints: [breakpoint?.id] },
    });
    await recorder.debugger.continue();
    assert.equal(await recorder.halt(), "exited 0");
  });

  it("that ends on a breakpoint is told as the breakpoint, whichever the engine names", async () => {
    const { step, recorder, target } = await begin({ main: { source, lines: [1, 2] } });
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    target.armed = new Set();
    assert.equal(await step("over"), "breakpoint main:2");
  });

  it("ends when the guest exits", async () => {
    const { step } = await begin({
      main: {
        source,
        lines: [1],
        *run(guest) {
          yield* guest.line(1);
          yield { kind: "exit", exitCode: 3 };
        },
      },
    });
    assert.equal(await step("over"), "exited 3");
  });

  it("ends at a trap, from which the next step ends the guest", async () => {
    const { step, target } = await begin({
      main: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          yield {
            kind: "stop",
            reason: { kind: "trap", trap: "integer-divide-by-zero", message: "divide by zero", alive: false },
          };
        },
      },
    });
    assert.equal(await step("over"), "trap main:1");
    assert.equal(await step("over"), "exited 134");
    assert.deepEqual(target.plans.at(-1), { kind: "continue" });
  });

  it("before the first instruction goes to the first statement", async () => {
    const guest = new ToyGuest({ main: { source, lines: [1] } });
    const recorder = new DebuggerRecorder(new FakeTarget(guest), guest.debugInfo);
    await recorder.debugger.step("in");
    assert.equal(await recorder.halt(), "step main:1");
  });

  it("asks for a deep stack once", async () => {
    const { step, target, recorder } = await begin({
      f: {
        source,
        lines: [1, 2],
        *run(guest) {
          yield* guest.line(1);
          if (guest.depth < 500) yield* guest.call("f");
          yield* guest.line(2);
        },
      },
    });
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    await recorder.debugger.continue();
    assert.equal(await recorder.halt(), "breakpoint f:2");
    await recorder.debugger.setBreakpoints(source, []);
    target.framesAsked.length = 0;
    assert.equal(await step("out"), "step f:2");
    assert.equal((await recorder.debugger.stackTrace(0, 1)).total, 499);
    assert.ok(target.framesAsked.length <= 3, JSON.stringify(target.framesAsked));
    assert.ok(target.framesAsked.every(([start, count]) => start + count <= 520));
  });
});
