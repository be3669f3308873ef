import assert from "node:assert/strict";
import { decodeValue, encodeValue } from "../../../runtime/suspend/value-codec.ts";

describe("values on their way from the guest", () => {
  const values: readonly (readonly ["i32" | "i64" | "f32" | "f64", number | bigint, string])[] = [
    ["i32", -1, "ffffffff"],
    ["i32", 2147483647, "7fffffff"],
    ["i64", -(2n ** 63n), "8000000000000000"],
    ["i64", 1n, "0000000000000001"],
    ["f32", 1.5, "3fc00000"],
    ["f64", -0, "8000000000000000"],
    ["f64", Number.POSITIVE_INFINITY, "7ff0000000000000"],
  ];
  for (const [type, value, bits] of values)
    it(`keeps every bit of ${type} ${Object.is(value, -0) ? "-0" : value}`, () => {
      const encoded = encodeValue(type, value);
      assert.deepEqual(encoded, { t: type, bits });
      assert.ok("bits" in encoded);
      assert.ok(Object.is(decodeValue(encoded), value));
    });

  it("keeps NaN a NaN", () => {
    const encoded = encodeValue("f64", Number.NaN);
    assert.ok("bits" in encoded);
    assert.ok(Number.isNaN(decodeValue(encoded)));
  });
});
