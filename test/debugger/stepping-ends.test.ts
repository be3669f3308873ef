import assert from "node:assert/strict";
import { doing } from "../support/toy-guest.ts";
import { beginToy, makeToy } from "../support/toy-session.ts";

const source = "/src/a.c";

describe("a step", () => {
  it("ends at a breakpoint on the way, and is forgotten", async () => {
    const { step, recorder } = await beginToy({
      main: {
        source,
        lines: [1, 2, 3],
        run: doing(1, "f", 2, 3),
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
    const { step, recorder, target } = await beginToy({ main: { source, lines: [1, 2] } });
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    target.armed = new Set();
    assert.equal(await step("over"), "breakpoint main:2");
  });

  it("ends when the guest exits", async () => {
    const { step } = await beginToy({
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
    const { step, target } = await beginToy({
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
    const { recorder } = makeToy({ main: { source, lines: [1] } });
    await recorder.debugger.step("in");
    assert.equal(await recorder.halt(), "step main:1");
  });
});
