import assert from "node:assert/strict";
import { integerBytes, readInteger } from "../../../src/symbols/values/number.ts";

describe("integers in bytes", () => {
  it("are read as they were written, of every size, with a sign and without", () => {
    for (let size = 1; size <= 16; size++) {
      const bits = size * 8;
      const top = 1n << BigInt(bits - 1);
      for (const value of [0n, 1n, 0x7fn, 0x80n, top - 1n, top, top + 1n, 2n * top - 1n]) {
        const unsigned = BigInt.asUintN(bits, value);
        const bytes = integerBytes(unsigned, size);
        assert.equal(readInteger(bytes, "unsigned"), unsigned, `${value} in ${size} bytes`);
        assert.equal(
          readInteger(bytes, "signed"),
          BigInt.asIntN(bits, unsigned),
          `${value} in ${size} bytes`,
        );
      }
    }
    assert.equal(readInteger(new Uint8Array(0), "signed"), 0n);
  });
});
