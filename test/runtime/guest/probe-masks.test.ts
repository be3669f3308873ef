import assert from "node:assert/strict";
import { ProbeMasks } from "../../../runtime/guest/probe-masks.ts";

/** Masks over `count` sites with those of `always` before an unreachable, and what has been written so far. */
function masksOver(count: number, always: readonly number[] = []) {
  const words = new Map<number, number>();
  const writes: number[] = [];
  const kinds = new Uint8Array(count);
  for (const site of always) kinds[site] = 1;
  const masks = new ProbeMasks(kinds, (word, value) => {
    words.set(word, value);
    writes.push(word);
  });
  const firing = () =>
    Array.from({ length: count }, (_, site) => site).filter(
      (site) => ((words.get(site >> 5) ?? 0) >>> (site & 31)) & 1,
    );
  return { masks, writes, firing };
}

describe("probe masks", () => {
  it("let nothing fire at first but sites before an unreachable", () => {
    assert.deepEqual(masksOver(100, [7, 64]).firing(), [7, 64]);
  });

  it("let the union of breakpoints and step plan fire", () => {
    const { masks, firing } = masksOver(100, [7]);
    masks.arm([31, 32]);
    masks.plan([{ first: 60, end: 70 }]);
    assert.deepEqual(firing(), [7, 31, 32, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    masks.plan([]);
    assert.deepEqual(firing(), [7, 31, 32]);
  });

  it("keep a breakpoint apart from a step that passes the same site", () => {
    const { masks } = masksOver(40);
    masks.plan([{ first: 0, end: 40 }]);
    assert.equal(masks.isArmed(3), false);
    masks.arm([3]);
    assert.equal(masks.isArmed(3), true);
  });

  it("write only the words that change", () => {
    const { masks, writes } = masksOver(32 * 1000);
    masks.arm([5]);
    masks.arm([5, 31_999]);
    masks.arm([5, 31_999]);
    assert.deepEqual(writes, [0, 999]);
  });

  it("let every site fire and go back to what was armed", () => {
    const { masks, firing } = masksOver(70);
    masks.arm([69]);
    masks.all(true);
    assert.equal(firing().length, 70);
    masks.all(false);
    assert.deepEqual(firing(), [69]);
  });
});
