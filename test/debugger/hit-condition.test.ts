import assert from "node:assert/strict";
import { isMeant, parseHitCondition } from "../../src/debugger/hit-condition.ts";

describe("a count of hits", () => {
  const cases: readonly [string, readonly number[]][] = [
    ["5", [5]],
    ["== 5", [5]],
    ["=5", [5]],
    [">= 5", [5, 6, 7, 8]],
    ["> 5", [6, 7, 8]],
    ["< 3", [1, 2]],
    ["<=3", [1, 2, 3]],
    [" % 3 ", [3, 6]],
  ];
  for (const [text, meant] of cases) {
    it(`\`${text}\` means the arrivals ${meant.join(", ")} of eight`, () => {
      const condition = parseHitCondition(text);
      assert.ok(condition);
      const arrivals = [1, 2, 3, 4, 5, 6, 7, 8];
      assert.deepEqual(
        arrivals.filter((arrival) => isMeant(condition, arrival)),
        meant,
      );
    });
  }

  for (const text of ["", "often", "% 0", "-1", "5 times", "1.5", "99999999999999999"]) {
    it(`\`${text}\` is none`, () => assert.equal(parseHitCondition(text), undefined));
  }
});
