import assert from "node:assert/strict";
import { StepTest } from "../../../runtime/guest/step-test.ts";

/** Lines of sites 0 to 9; site 5 has none. */
const lines = new Uint32Array([1, 1, 2, 3, 3, 0, 4, 4, 5, 6]);

const frame = (depth: number, stackPointer?: bigint) => {
  const asked = { depth: 0 };
  return {
    asked,
    stackPointer: () => stackPointer,
    depth: () => {
      asked.depth++;
      return depth;
    },
  };
};

describe("the test that ends a step", () => {
  it("passes sites outside all ends", () => {
    const step = new StepTest([{ first: 2, end: 4 }], lines);
    assert.equal(step.endsAt(1, frame(1)), false);
    assert.equal(step.endsAt(2, frame(1)), true);
    assert.equal(step.endsAt(3, frame(1)), true);
    assert.equal(step.endsAt(4, frame(1)), false);
  });

  it("passes a site that has no line", () => {
    assert.equal(new StepTest([{ first: 0, end: 10 }], lines).endsAt(5, frame(1)), false);
  });

  it("passes deeper frames, counting frames where the stack pointer cannot tell", () => {
    const step = new StepTest([{ first: 0, end: 10, maxDepth: 3 }], lines);
    assert.equal(step.endsAt(2, frame(4, 100n)), false);
    assert.equal(step.endsAt(2, frame(3, 100n)), true);
    assert.equal(step.endsAt(2, frame(2, 100n)), true);
  });

  it("tells deeper frames by the stack pointer alone where it can", () => {
    const step = new StepTest([{ first: 0, end: 10, maxDepth: 3, maxDepthStackPointer: "1000" }], lines);
    const deeper = frame(99, 984n);
    assert.equal(step.endsAt(2, deeper), false);
    assert.equal(step.endsAt(2, frame(99, 1000n)), true);
    assert.equal(step.endsAt(2, frame(99, 1016n)), true);
    assert.equal(deeper.asked.depth, 0);
  });

  it("stays on a line it has not left, and only in the frame the step began in", () => {
    const except = { line: 3, depth: 2 };
    const step = new StepTest([{ first: 0, end: 10, except }], lines);
    assert.equal(step.endsAt(3, frame(2)), false);
    assert.equal(step.endsAt(4, frame(2)), false);
    assert.equal(step.endsAt(6, frame(2)), true);
    assert.equal(step.endsAt(3, frame(3)), true, "a deeper call of the same function is another frame");
  });

  it("tells the frame the step began in by its stack pointer", () => {
    const except = { line: 3, depth: 2, stackPointer: "1000" };
    const step = new StepTest([{ first: 0, end: 10, except }], lines);
    assert.equal(step.endsAt(3, frame(99, 1000n)), false);
    assert.equal(step.endsAt(3, frame(99, 984n)), true);
  });

  it("finds its range among thousands", () => {
    const ends = Array.from({ length: 3000 }, (_, i) => ({ first: i * 4, end: i * 4 + 2 }));
    const step = new StepTest(ends, new Uint32Array(12_000).fill(1));
    for (const site of [0, 1, 4, 5999 * 2, 11_996, 11_997])
      assert.equal(step.endsAt(site, frame(1)), site % 4 < 2);
  });

  it("ends at sites without a line where every site counts", () => {
    const lines = new Uint32Array([0, 5, 0]);
    const ends = [
      { first: 0, end: 2, everySite: true },
      { first: 2, end: 3 },
    ];
    const step = new StepTest(ends, lines);
    assert.deepEqual(
      [0, 1, 2].map((site) => step.endsAt(site, frame(1))),
      [true, true, false],
    );
    assert.equal(new StepTest([{ first: 0, end: 3 }], lines).endsAt(0, frame(1)), false);
  });

  it("passes what lies deeper in inlined calls than a place that leaves them, once that has been come to", () => {
    const ends = [
      { first: 0, end: 1, level: 1 },
      { first: 1, end: 2, level: 0, leaves: true, passing: true },
      { first: 2, end: 3, level: 0 },
    ];
    const lines = new Uint32Array([1, 2, 3]);
    const step = new StepTest(ends, lines);
    assert.equal(step.endsAt(0, frame(1)), true);
    assert.equal(step.endsAt(1, frame(1)), false);
    assert.equal(step.endsAt(0, frame(1)), false);
    assert.equal(step.endsAt(2, frame(1)), true);
  });

  it("takes what leaves inlined calls in a deeper frame for another call of the function", () => {
    const ends = [
      { first: 0, end: 1, level: 1, maxDepth: 2 },
      { first: 1, end: 2, level: 0, leaves: true, maxDepth: 2 },
    ];
    const step = new StepTest(ends, new Uint32Array([1, 2]));
    assert.equal(step.endsAt(1, frame(3)), false);
    assert.equal(step.endsAt(0, frame(2)), true);
  });

  it("stays where it is on any line where none is named", () => {
    const step = new StepTest([{ first: 0, end: 10, except: { depth: 2 } }], lines);
    assert.equal(step.endsAt(3, frame(2)), false);
    assert.equal(step.endsAt(4, frame(2)), false);
    assert.equal(step.endsAt(3, frame(3)), true);
  });

  it("ends behind a call that returns where that counts, and not where it does not", () => {
    const kinds = new Uint8Array([0, 6]);
    const lines = new Uint32Array([7, 0]);
    const ends = (step: StepTest) => [0, 1].map((site) => step.endsAt(site, frame(1)));
    const returns = [{ first: 0, end: 2, returns: true }];
    assert.deepEqual(ends(new StepTest(returns, lines, kinds)), [true, true]);
    assert.deepEqual(ends(new StepTest([{ ...returns[0], first: 0, end: 2, passing: true }], lines, kinds)), [
      false,
      true,
    ]);
    assert.deepEqual(ends(new StepTest([{ first: 0, end: 2 }], lines, kinds)), [true, false]);
    assert.deepEqual(ends(new StepTest([{ first: 0, end: 2, everySite: true }], lines, kinds)), [
      true,
      false,
    ]);
  });
});
