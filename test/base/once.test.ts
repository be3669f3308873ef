import assert from "node:assert/strict";
import { once } from "../../src/base/once.ts";

describe("once", () => {
  it("computes on the first call only, also when the answer is undefined", () => {
    let calls = 0;
    const answer = once(() => {
      calls++;
      return undefined;
    });
    assert.equal(calls, 0);
    assert.equal(answer(), undefined);
    assert.equal(answer(), undefined);
    assert.equal(calls, 1);
  });

  it("computes again after it threw", () => {
    let calls = 0;
    const answer = once(() => {
      if (++calls === 1) throw new Error("not yet");
      return calls;
    });
    assert.throws(answer, /not yet/);
    assert.equal(answer(), 2);
  });
});
