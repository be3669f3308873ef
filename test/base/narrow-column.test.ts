import assert from "node:assert/strict";
import { NarrowColumn } from "../../src/base/narrow-column.ts";

describe("NarrowColumn", () => {
  it("keeps small numbers, and all of them when one is large", () => {
    const column = new NarrowColumn(16);
    column.set(0, 0xffff);
    column.set(3, 7);
    assert.deepEqual(
      [0, 1, 3, 1000].map((at) => column.get(at)),
      [0xffff, 0, 7, 0],
    );
    column.set(5, 0x1_0000);
    column.set(6, 0xffff_ffff);
    assert.deepEqual(
      [0, 3, 5, 6].map((at) => column.get(at)),
      [0xffff, 7, 0x1_0000, 0xffff_ffff],
    );
  });

  it("grows to where something is set, narrow and wide", () => {
    const column = new NarrowColumn(0);
    column.set(40, 1);
    column.set(1_000, 0x1_0000);
    column.set(5_000, 2);
    assert.deepEqual(
      [0, 40, 1_000, 5_000, 9_999].map((at) => column.get(at)),
      [0, 1, 0x1_0000, 2, 0],
    );
  });
});
