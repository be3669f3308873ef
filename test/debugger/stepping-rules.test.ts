import assert from "node:assert/strict";
import { doing, type ToyFunction } from "../support/toy-guest.ts";
import { beginToy } from "../support/toy-session.ts";

const source = "/src/a.c";

describe("stepping", () => {
  it("begins at the first statement of a source that can be shown", async () => {
    const { first } = await beginToy(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8],
          run: doing(8, "main"),
        },
        main: { source, lines: [1] },
      },
      { isShown: (path) => path === source },
    );
    assert.equal(first, "entry main:1");
  });

  it("begins at any statement when no source can be shown", async () => {
    const { first } = await beginToy(
      { _start: { source: "/libc/crt1.c", lines: [8] } },
      { isShown: () => false },
    );
    assert.equal(first, "entry _start:8");
  });

  it("over goes from line to line and past calls", async () => {
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2, 3],
        run: doing(1, 2, "f", 3),
      },
      f: { source, lines: [10, 11] },
    });
    assert.equal(await step("over"), "step main:2");
    assert.equal(await step("over"), "step main:3");
    assert.equal(await step("over"), "exited 0");
  });

  it("over does not stop twice on one line without leaving it", async () => {
    const { step } = await beginToy({
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
    const { step } = await beginToy({
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
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "f", 2),
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step main:2");
  });

  it("over ends on the caller's line when that goes on after the call", async () => {
    const { step } = await beginToy({
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
      run: doing(1, "fib", 2),
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
      const { step, recorder } = await beginToy(fibonacci(frame));
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
      const { step, recorder } = await beginToy(fibonacci(frame));
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
    const { step, target } = await beginToy(fibonacci({}));
    await step("in");
    await step("over");
    assert.equal(await step("over"), "step fib:12");
    assert.equal(target.depthTests, 0);
  });

  it("over the end of a call does not stop in the next call of the same line", async () => {
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "f", "f", 2),
      },
      f: { source, lines: [10, 11] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step f:11");
    assert.equal(await step("over"), "step main:2");
  });

  it("over the end of a call does not stop in the same function called through another", async () => {
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "f", "through", 2),
      },
      through: {
        frameSize: 0,
        run: doing("f"),
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("over"), "step main:2");
  });

  it("in goes into each of several calls of one line, by stepping in again at the end of the one before", async () => {
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "f", "g", 2),
      },
      f: { source, lines: [10] },
      g: { source, lines: [20] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step g:20");
    assert.equal(await step("in"), "step main:2");
  });

  it("in stops in a recursive call on the very line it began on", async () => {
    const { step, recorder } = await beginToy({
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

  it("asks for a deep stack once", async () => {
    const { step, target, recorder } = await beginToy({
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
