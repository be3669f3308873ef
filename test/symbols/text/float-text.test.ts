import assert from "node:assert/strict";
import { floatText } from "../../../src/symbols/text/float-text.ts";
import { floatBytes, integerBytes, readFloat } from "../../../src/symbols/values/number.ts";

const single = (value: number): string | undefined => floatText(floatBytes(value, 4) ?? assert.fail());
const double = (value: number): string | undefined => floatText(floatBytes(value, 8) ?? assert.fail());
const quad = (bits: bigint): string | undefined => floatText(integerBytes(bits, 16));

describe("floatText", () => {
  it("writes a float in the fewest digits that give it again", () => {
    assert.equal(single(3.5), "3.5");
    assert.equal(single(0.1), "0.1");
    assert.equal(single(16777217), "16777216");
    assert.equal(single(1e10), "10000000000");
    assert.equal(single(3.4028234663852886e38), "3.4028235e+38");
    assert.equal(single(1.401298464324817e-45), "1e-45");
  });

  it("gives back every float it wrote", () => {
    const view = new DataView(new ArrayBuffer(4));
    for (let bits = 1; bits < 0x7f80_0000; bits += 9_999_991) {
      view.setUint32(0, bits);
      const value = view.getFloat32(0);
      assert.equal(Math.fround(Number(single(value))), value);
    }
  });

  it("writes a double as JavaScript does, but for what is no number", () => {
    assert.equal(double(-0.1), "-0.1");
    assert.equal(double(5e-324), "5e-324");
    assert.equal(double(-0), "-0");
    assert.equal(double(Number.POSITIVE_INFINITY), "inf");
    assert.equal(double(Number.NEGATIVE_INFINITY), "-inf");
    assert.equal(double(Number.NaN), "nan");
  });

  it("writes a long double with the digits only it has", () => {
    assert.equal(quad(0x3fff8000000000000000000000000000n), "1.5");
    assert.equal(quad(0x3ffb999999999999999999999999999an), "0.1");
    // The double nearest to 0.1, as a long double.
    assert.equal(quad(0x3ffb999999999999a000000000000000n), "0.1000000000000000055511151231257827");
    assert.equal(quad(0xc000921fb54442d18469898cc51701b8n), "-3.1415926535897932384626433832795028");
    assert.equal(quad(0x7ffeffffffffffffffffffffffffffffn), "1.189731495357231765085759326628007e+4932");
    assert.equal(quad(1n), "6e-4966");
    assert.equal(quad(0x80000000000000000000000000000000n), "-0");
    assert.equal(quad(0x7fff0000000000000000000000000000n), "inf");
    assert.equal(quad(0x7fff8000000000000000000000000000n), "nan");
  });

  it("turns doubles into long doubles and back without loss", () => {
    for (const value of [
      0, -0, 1, -2.5, 0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e-310,
    ]) {
      const bytes = floatBytes(value, 16) ?? assert.fail();
      assert.ok(Object.is(readFloat(bytes), value), `${value} became ${readFloat(bytes)}`);
    }
  });

  it("writes half floats", () => {
    assert.equal(floatText(Uint8Array.of(0x00, 0x3e)), "1.5");
    assert.equal(floatText(Uint8Array.of(0x66, 0x2e)), "0.1");
    assert.equal(floatText(Uint8Array.of(0xff, 0x7b)), "65500");
    assert.equal(floatText(Uint8Array.of(0x01, 0x00)), "6e-8");
  });

  it("leaves sizes that are no floating-point format to others", () => {
    assert.equal(floatText(new Uint8Array(10)), undefined);
  });
});
