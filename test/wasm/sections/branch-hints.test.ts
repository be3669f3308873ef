import assert from "node:assert/strict";
import { readBranchHints, writeBranchHints } from "../../../src/wasm/sections/branch-hints.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const hint = (offset: number, value: number): Bytes => [u32(offset), 1, value];
const read = (...payload: Bytes[]) => readBranchHints(cursorOf("metadata.code.branch_hint", ...payload));

describe("branch hints", () => {
  it("say for each function which branches are mostly taken", () => {
    const functions = roundTrip(
      readBranchHints,
      writeBranchHints,
      vec([u32(3), vec(hint(5, 0), hint(300, 1))], [u32(200), vec()]),
    );
    assert.deepEqual(functions, [
      { function: 3, offsets: Uint32Array.of(5, 300), likely: Uint8Array.of(0, 1) },
      { function: 200, offsets: new Uint32Array(0), likely: new Uint8Array(0) },
    ]);
  });

  it("refuse a value that is not one byte", () => {
    assertMalformed(() => read(vec([3, vec([5, 2, 0, 0])])), {
      code: "bad-structure",
      section: "metadata.code.branch_hint",
      offset: 4,
    });
  });

  it("refuse a value that is neither 0 nor 1", () => {
    assertMalformed(() => read(vec([3, vec(hint(5, 2))])), {
      code: "bad-structure",
      section: "metadata.code.branch_hint",
      offset: 5,
    });
  });

  it("refuse a count that the bytes cannot hold, before asking for memory", () => {
    assertMalformed(() => read(1, 3, u32(2 ** 32 - 1), hint(5, 0)), {
      code: "unexpected-end",
      section: "metadata.code.branch_hint",
      offset: 2,
    });
  });

  it("refuse bytes behind the last function", () => {
    assertMalformed(() => read(vec(), 0), {
      code: "trailing-bytes",
      section: "metadata.code.branch_hint",
      offset: 1,
    });
  });
});
