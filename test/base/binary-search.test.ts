import assert from "node:assert/strict";
import { lowerBound, upperBound } from "../../src/base/binary-search.ts";

describe("binary search in a rising column", () => {
  const column = Uint32Array.of(2, 4, 4, 4, 9);

  it("finds the first entry that is not less", () => {
    assert.deepEqual(
      [0, 2, 3, 4, 5, 9, 10].map((value) => lowerBound(column, value)),
      [0, 0, 1, 1, 4, 4, 5],
    );
  });

  it("finds the first entry that is greater", () => {
    assert.deepEqual(
      [0, 2, 3, 4, 5, 9, 10].map((value) => upperBound(column, value)),
      [0, 1, 1, 4, 4, 5, 5],
    );
  });

  it("answers 0 for an empty column", () => {
    assert.equal(lowerBound(new Float64Array(0), 1), 0);
    assert.equal(upperBound(new Float64Array(0), 1), 0);
  });
});
