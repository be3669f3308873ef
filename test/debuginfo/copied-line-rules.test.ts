import assert from "node:assert/strict";
import type { CodeBlocks } from "../../src/debuginfo/code-blocks.ts";
import { resolve } from "../support/line-breakpoints.ts";
import type { RowSpec } from "../support/line-rows.ts";

describe("a breakpoint on a line that execution comes to in several ways", () => {
  /** Blocks of 10 bytes each from offset 10 on, by the numbers of those that may come next. */
  const blocksOf = (...next: readonly (readonly number[])[]): CodeBlocks => ({
    from: next.map((_, block) => 10 + 10 * block),
    to: next.map((_, block) => 20 + 10 * block),
    next,
    before: next.map((_, block) => {
      const before = next.flatMap((of, from) => (of.includes(block) ? [from] : []));
      return before.length > 0 ? { lowest: Math.min(...before), highest: Math.max(...before) } : undefined;
    }),
  });
  const pointsOf = (rows: readonly RowSpec[], line: number, blocks: CodeBlocks) =>
    resolve(rows, line, [[10, 100]], { blocks })?.points;

  it("stops in each of them, wherever in the line they begin", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2, column: 4 },
      { at: 30, line: 2, column: 9 },
      { at: 40, line: 3 },
    ];
    assert.deepEqual(pointsOf(rows, 2, blocksOf([1, 2], [3], [3], [])), [20, 30]);
  });

  it("stops once where one comes to the other on the line", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2, column: 4 },
      { at: 30, line: 2, column: 4 },
      { at: 40, line: 3 },
    ];
    // The statement at 30 is come to with and without the one at 20.
    assert.deepEqual(pointsOf(rows, 2, blocksOf([1, 2], [2], [3], [])), [30]);
  });

  it("does not stop in what lies behind its first statement on the line, wherever the code lies", () => {
    const rows = [
      { at: 10, line: 2, column: 4 },
      { at: 20, line: 3 },
      { at: 30, line: 2, column: 4 },
      { at: 40, line: 4 },
    ];
    assert.deepEqual(pointsOf(rows, 2, blocksOf([2], [3], [1], [])), [10]);
  });

  it("does not stop where the line goes on behind other lines of its statement", () => {
    const rows = [
      { at: 10, line: 2, column: 12 },
      { at: 20, line: 3 },
      { at: 30, line: 2, column: 4 },
      { at: 40, line: 4 },
    ];
    assert.deepEqual(pointsOf(rows, 2, blocksOf([1], [2], [3], [])), [10]);
  });

  it("stops in each turn of an unrolled loop, also in one that begins with another part of the line", () => {
    const rows = [
      { at: 10, line: 2, column: 15 },
      { at: 15, line: 2, column: 13, stmt: false },
      { at: 20, line: 3 },
      { at: 30, line: 2, column: 13 },
      { at: 40, line: 3 },
      { at: 50, line: 4 },
    ];
    assert.deepEqual(pointsOf(rows, 2, blocksOf([1], [2], [3], [4], [])), [10, 30]);
  });

  it("does not take the end of a loop that is not unrolled for another turn", () => {
    const rows = [
      { at: 10, line: 2, column: 15 },
      { at: 15, line: 2, column: 13, stmt: false },
      { at: 20, line: 3 },
      { at: 30, line: 2, column: 13 },
      { at: 40, line: 4 },
    ];
    assert.deepEqual(pointsOf(rows, 2, blocksOf([1], [2], [1, 3], [])), [10]);
  });
});

describe("a breakpoint on a line that is a statement in one copy and nothing but an inlined call in another", () => {
  it("stops in both", () => {
    const rows = [
      { at: 10, line: 10 },
      { at: 20, line: 11 },
      { at: 60, line: 10 },
      { at: 70, line: 1, source: 1 },
      { at: 80, line: 12 },
    ];
    const bodies = [
      [10, 50],
      [60, 100],
    ] as const;
    assert.deepEqual(resolve(rows, 11, bodies, { calls: [{ line: 11, at: 70, until: 80, body: 1 }] }), {
      line: 11,
      points: [20, 70],
    });
  });

  it("stops at the statement alone where the call is behind it, or before it on the line", () => {
    const call = { line: 11, at: 30, until: 40 };
    const behind = [
      { at: 10, line: 10 },
      { at: 20, line: 11 },
      { at: 30, line: 1, source: 1 },
      { at: 40, line: 12 },
    ];
    assert.deepEqual(resolve(behind, 11, [[0, 100]], { calls: [call] })?.points, [20]);
    const before = [
      { at: 10, line: 10 },
      { at: 30, line: 1, source: 1 },
      { at: 40, line: 11 },
      { at: 50, line: 12 },
    ];
    assert.deepEqual(resolve(before, 11, [[0, 100]], { calls: [call] })?.points, [40]);
  });
});
