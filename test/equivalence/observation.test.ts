import assert from "node:assert/strict";
import type { Outcome } from "../support/run-plain.ts";
import { observe, unchanged } from "./observation.ts";

/** What is observed of memory that holds these bytes from its byte 16 on. */
function memoryWith(...bytes: readonly number[]): string {
  const memory = new Uint8Array(64);
  memory.set(bytes, 16);
  const outcome: Outcome = { stdout: "", stderr: "", results: [], memory };
  return observe(outcome, unchanged).memory;
}

describe("what is observed of a guest's memory", () => {
  it("is the same whichever sign the engine gave to a NaN that has no other bits of its own", () => {
    assert.equal(memoryWith(0, 0, 0xc0, 0xff), memoryWith(0, 0, 0xc0, 0x7f));
    assert.equal(
      memoryWith(0, 0, 0, 0, 0, 0, 0xf8, 0xff), //
      memoryWith(0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
    );
  });

  it("differs by every other bit, of NaNs and of what is none", () => {
    const payload = (sign: number) => memoryWith(1, 0, 0xc0, sign);
    assert.notEqual(payload(0xff), payload(0x7f));
    assert.notEqual(memoryWith(1, 0, 0xc0, 0x7f), memoryWith(0, 0, 0xc0, 0x7f));
    // Infinities, and a word that would be a NaN's only with the zeros that do not stand before it.
    assert.notEqual(memoryWith(0, 0, 0x80, 0xff), memoryWith(0, 0, 0x80, 0x7f));
    assert.notEqual(
      memoryWith(1, 0, 0, 0, 0, 0, 0xf8, 0xff), //
      memoryWith(1, 0, 0, 0, 0, 0, 0xf8, 0x7f),
    );
    assert.notEqual(memoryWith(0, 0, 0xf8, 0xff), memoryWith(0, 0, 0xf8, 0x7f));
  });
});
