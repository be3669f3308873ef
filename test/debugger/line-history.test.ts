import assert from "node:assert/strict";
import { toFuncIndex, toLineKey, toModuleOffset } from "../../src/base/brand.ts";
import { LineHistory } from "../../src/debugger/line-history.ts";

const func = toFuncIndex(3);

/** Notes that a step begins in the frame at a depth, by default in no inlined call. */
function note(history: LineHistory, line: number, offset: number, depth = 1, path: readonly number[] = [-1]) {
  history.note({ depth, function: func, path, line: toLineKey(line), offset: toModuleOffset(offset) });
}

const linesOf = (history: LineHistory, depth = 1, call = -1): number[] => [
  ...(history.visited(depth, func, call)?.lines.keys() ?? []),
];

describe("the lines a frame has been seen on", () => {
  it("add up while it goes on in its code, and begin anew when it goes back", () => {
    const history = new LineHistory();
    note(history, 10, 100);
    note(history, 11, 110);
    assert.deepEqual(linesOf(history), [10, 11]);
    assert.equal(history.hasLinesOf(func), true);
    note(history, 10, 105);
    assert.deepEqual(linesOf(history), [10]);
    assert.equal(history.hasLinesOf(func), false);
  });

  it("are kept of callers and not of what has returned", () => {
    const history = new LineHistory();
    note(history, 10, 100);
    note(history, 20, 200, 2);
    assert.deepEqual(linesOf(history), [10]);
    history.keepBelow(2);
    assert.deepEqual(linesOf(history, 2), []);
    note(history, 11, 110);
    assert.deepEqual(linesOf(history), [10, 11]);
  });

  it("are those of inlined calls each by itself, until these are left", () => {
    const history = new LineHistory();
    note(history, 10, 100);
    note(history, 30, 100, 1, [-1, 0]);
    note(history, 31, 104, 1, [-1, 0]);
    assert.deepEqual(linesOf(history, 1, 0), [30, 31]);
    assert.deepEqual(linesOf(history), [10]);
    note(history, 11, 120);
    assert.deepEqual(linesOf(history, 1, 0), []);
    assert.deepEqual(linesOf(history), [10, 11]);
  });

  it("are forgotten when the program has run on", () => {
    const history = new LineHistory();
    note(history, 10, 100);
    history.clear();
    assert.equal(history.visited(1, func, -1), undefined);
  });
});
