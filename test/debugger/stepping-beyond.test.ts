import assert from "node:assert/strict";
import type { RecorderOptions } from "../support/debugger-recorder.ts";
import { doing, type ToyFunction } from "../support/toy-guest.ts";
import { beginToy, makeToy } from "../support/toy-session.ts";

const source = "/src/a.c";

describe("stepping where not all is the user's code", () => {
  const withLibrary = (shown: boolean): [Record<string, ToyFunction>, RecorderOptions] => [
    {
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "qsort", 2),
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
      const { step } = await beginToy(...withLibrary(hasLines));
      assert.equal(await step("in"), "step compare:10");
      assert.equal(await step("in"), "step compare:11");
      assert.equal(await step("in"), "step compare:10");
      assert.equal(await step("in"), "step compare:11");
      assert.equal(await step("in"), "step main:2");
    });

    it(`over and out of a call back end beyond a function that ${what}`, async () => {
      const over = await beginToy(...withLibrary(hasLines));
      await over.step("in");
      assert.equal(await over.step("over"), "step compare:11");
      assert.equal(await over.step("over"), "step main:2");
      const out = await beginToy(...withLibrary(hasLines));
      await out.step("in");
      assert.equal(await out.step("out"), "step main:2");
    });

    it(`over such a call stays in the frame when the function ${what}`, async () => {
      const { step } = await beginToy(...withLibrary(hasLines));
      assert.equal(await step("over"), "step main:2");
    });
  }

  it("in stops in the next call of a function on one line", async () => {
    const { step } = await beginToy({
      main: {
        source,
        lines: [1, 2],
        run: doing(1, "each", 2),
      },
      each: {
        run: doing("f", "f"),
      },
      f: { source, lines: [10] },
    });
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step f:10");
    assert.equal(await step("in"), "step main:2");
  });

  it("out of the outermost frame that can be shown runs to the end", async () => {
    const { step, target } = await beginToy(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8, 9],
          run: doing(8, "main", 9),
        },
        main: { source, lines: [1] },
      },
      { isShown: (path) => path === source },
    );
    assert.equal(await step("out"), "exited 0");
    assert.deepEqual(target.plans.at(-1), { kind: "continue" });
  });

  it("over and out work by lines where no source on the stack can be shown", async () => {
    const { step } = await beginToy(
      {
        _start: {
          source: "/libc/crt1.c",
          lines: [8, 9],
          run: doing(8, "exit", 9),
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
        run: doing(10, "g", 11),
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
      const { step } = await beginToy(thrower);
      await step("in");
      assert.equal(await step("in"), "step g:20");
      assert.equal(await step(kind), "step main:2", kind);
    }
  });

  it("sees host frames and steps past them", async () => {
    const { step, recorder } = await beginToy({
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
      const { recorder } = makeToy({
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
      await recorder.debugger.start({ stopOnEntry: false });
      await Promise.resolve();
      await recorder.debugger.pause();
      assert.equal(await recorder.halt(), "pause memcpy:?");
      await recorder.debugger.step(kind);
      assert.equal(await recorder.halt(), "step main:2", kind);
    }
  });
});
