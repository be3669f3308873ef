import assert from "node:assert/strict";
import {
  type AskedData,
  type DataTarget,
  SessionDataBreakpoints,
} from "../../../adapter/session/data-breakpoints.ts";
import type { DataBreakpoint } from "../../../src/debugger/debugger-types.ts";

describe("a client's data breakpoints", () => {
  const cure = "Restart it.";
  /** A debugger that numbers what it is asked for from 50. */
  function target(answer: (dataId: string) => Partial<DataBreakpoint> = () => ({})) {
    const asked: string[][] = [];
    let next = 50;
    const core = {
      setDataBreakpoints: async (requests: readonly AskedData[]) => {
        asked.push(requests.map(({ dataId }) => dataId));
        return requests.map(({ dataId }) => ({ id: next++, dataId, verified: true, ...answer(dataId) }));
      },
    };
    return { asked, target: { debugger: core, cure } as unknown as DataTarget };
  }
  const numbered = () => {
    let id = 1;
    return new SessionDataBreakpoints(() => id++);
  };

  it("wait for a program, and are set in each that comes", async () => {
    const breakpoints = numbered();
    const { breakpoints: waiting } = await breakpoints.set([{ dataId: "=a" }], undefined, "Not yet.");
    assert.deepEqual(waiting, [{ id: 1, verified: false, pending: true, message: "Not yet." }]);
    for (const { asked, target: one } of [target(), target()]) {
      assert.deepEqual((await breakpoints.applyAll(one)).breakpoints, [
        { id: 1, verified: true, pending: false },
      ]);
      assert.deepEqual(asked, [["=a"]]);
      assert.equal(breakpoints.idOf(50), 1);
    }
  });

  it("that make no sense are not asked of the debugger", async () => {
    const { asked, target: one } = target();
    const set = await numbered().set([{ dataId: "=a", refused: "No." }, { dataId: "=b" }], one, "");
    assert.deepEqual(asked, [["=b"]]);
    assert.deepEqual(set.breakpoints, [
      { id: 1, verified: false, pending: false, message: "No." },
      { id: 2, verified: true, pending: false },
    ]);
  });

  it("that a restart would make possible say so", async () => {
    const { target: one } = target(() => ({ verified: false, message: "Not watched.", needsRestart: true }));
    const set = await numbered().set([{ dataId: "=a" }], one, "");
    assert.equal(set.needsRestart, true);
    assert.deepEqual(set.breakpoints, [
      { id: 1, verified: false, pending: true, message: "Not watched. Restart it." },
    ]);
  });

  it("that are over are not set again, even if that is told before the answer", async () => {
    const breakpoints = numbered();
    const { asked, target: one } = target();
    await breakpoints.set([{ dataId: "=a" }, { dataId: "1.0 b" }], one, "");
    const over = {
      id: 51,
      dataId: "1.0 b",
      verified: false,
      isOver: true,
      message: "It has returned.",
    } as const;
    assert.deepEqual(breakpoints.over(over), {
      ...{ id: 2, verified: false, pending: false, message: "It has returned." },
    });
    await breakpoints.applyAll(one);
    assert.deepEqual(asked.at(-1), ["=a"]);
    assert.equal(breakpoints.over({ ...over, id: 53 }), undefined);
    const { breakpoints: early } = await breakpoints.set([{ dataId: "1.0 b" }], one, "");
    assert.deepEqual(early, [{ id: 3, verified: false, pending: false, message: "It has returned." }]);
  });
});
