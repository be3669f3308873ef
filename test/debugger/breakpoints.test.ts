import assert from "node:assert/strict";
import { TargetError } from "../../src/base/errors.ts";
import type { PlacedLocation } from "../../src/target/target.ts";
import {
  makeToy,
  toySource as source,
  straight,
  targetError,
  turn,
  waiting,
} from "../support/toy-session.ts";

describe("breakpoints", () => {
  it("stop the guest and are named by their numbers", async () => {
    const { recorder } = makeToy(straight);
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
    const { recorder, target } = makeToy({
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
    const { recorder, target } = makeToy(waiting);
    await recorder.debugger.start({ stopOnEntry: false });
    await turn();
    const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 2 }]);
    assert.equal(breakpoint?.verified, true);
    target.release();
    assert.equal(await recorder.halt(), "breakpoint main:3");
  });

  it("can be set while a step is on its way", async () => {
    const { recorder, target } = makeToy(waiting);
    await recorder.debugger.start({ stopOnEntry: true });
    await recorder.next();
    await recorder.debugger.step("out");
    await turn();
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    target.release();
    assert.equal(await recorder.halt(), "breakpoint main:2");
  });

  it("can be taken away while the guest is paused at one", async () => {
    const { recorder } = makeToy(straight);
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 2 }]);
    await recorder.debugger.start({ stopOnEntry: false });
    assert.equal(await recorder.halt(), "breakpoint main:2");
    await recorder.debugger.setBreakpoints(source, []);
    await recorder.debugger.continue();
    assert.equal(await recorder.halt(), "exited 0");
  });

  it("keep their numbers while their line is asked for again", async () => {
    const { recorder } = makeToy(straight);
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
    const { recorder } = makeToy(straight);
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }, { line: 1 }]);
    await recorder.debugger.start({ stopOnEntry: false });
    const told = await recorder.next();
    assert.deepEqual(told.event === "stopped" && told.description, {
      kind: "breakpoint",
      breakpoints: [1, 2],
    });
  });

  it("that the engine refuses are not verified and say why", async () => {
    const { recorder, target } = makeToy(straight);
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
    const { recorder, target } = makeToy(straight);
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
    const { recorder, target } = makeToy(straight);
    await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    const place = target.place;
    target.place = () => Promise.reject(new TargetError("unsupported", "not now"));
    await assert.rejects(recorder.debugger.setBreakpoints(source, [{ line: 2 }]), targetError("unsupported"));
    target.place = place;
    await recorder.debugger.start({ stopOnEntry: false });
    const told = await recorder.next();
    assert.deepEqual(told.event === "stopped" && told.description, {
      kind: "breakpoint",
      breakpoints: [1],
    });
  });

  it("that another source's edit changes are told", async () => {
    const { recorder, target } = makeToy({
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
    const { recorder, target } = makeToy({
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
    const { recorder, target } = makeToy(waiting);
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
    const { recorder } = makeToy(straight);
    await recorder.debugger.start({ stopOnEntry: false });
    await recorder.next();
    const [breakpoint] = await recorder.debugger.setBreakpoints(source, [{ line: 1 }]);
    assert.equal(breakpoint?.verified, false);
    assert.equal(breakpoint?.message, "The program has ended.");
  });
});
