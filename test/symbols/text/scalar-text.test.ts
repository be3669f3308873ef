import assert from "node:assert/strict";
import { baseText, enumerationText } from "../../../src/symbols/text/scalar-text.ts";
import type { Encoding, EnumerationType } from "../../../src/symbols/types/type.ts";
import { integerBytes } from "../../../src/symbols/values/number.ts";

function base(
  encoding: Encoding,
  value: bigint,
  sizeBytes: number,
  format: "decimal" | "hexadecimal" = "decimal",
): string {
  return baseText({ kind: "base", name: "t", sizeBytes, encoding }, integerBytes(value, sizeBytes), format);
}

function enumeration(values: Readonly<Record<string, number>>, value: number): string {
  const type: EnumerationType = {
    kind: "enumeration",
    name: "e",
    keyword: "enum",
    sizeBytes: 4,
    isSigned: Object.values(values).some((of) => of < 0),
    enumerators: Object.entries(values).map(([name, of]) => ({ name, value: BigInt(of) })),
  };
  return enumerationText(type, integerBytes(BigInt(value), 4), "decimal");
}

describe("baseText", () => {
  it("writes integers of any width with their sign", () => {
    assert.equal(base("signed", -1n, 2), "-1");
    assert.equal(base("unsigned", -1n, 2), "65535");
    assert.equal(base("signed", -(1n << 127n), 16), "-170141183460469231731687303715884105728");
    assert.equal(base("unsigned", -1n, 16), "340282366920938463463374607431768211455");
  });

  it("writes the bits of a negative number in hexadecimal", () => {
    assert.equal(base("signed", -2n, 4, "hexadecimal"), "0xfffffffe");
    assert.equal(base("unsigned-char", 97n, 1, "hexadecimal"), "0x61 'a'");
  });

  it("writes of a bit-field its own bits alone, where it writes bits", () => {
    const type = { kind: "base", name: "int", sizeBytes: 4, encoding: "signed" } as const;
    const bytes = integerBytes(-7n, 4);
    assert.equal(baseText(type, bytes, "hexadecimal", 5), "0x19");
    assert.equal(baseText(type, bytes, "binary", 5), "0b11001");
    assert.equal(baseText(type, bytes, "decimal", 5), "-7");
  });

  it("writes truth values as words, and numbers that are neither as they are", () => {
    assert.deepEqual(
      [0n, 1n, 7n].map((value) => base("boolean", value, 1)),
      ["false", "true", "7"],
    );
  });

  it("writes characters with their number first", () => {
    assert.equal(base("signed-char", 97n, 1), "97 'a'");
    assert.equal(base("signed-char", -5n, 1), "-5 '\\xfb'");
    assert.equal(base("utf", 0x1f600n, 4), "128512 '😀'");
  });

  it("writes complex numbers with both parts", () => {
    const bytes = new Uint8Array(new Float64Array([1.5, -2]).buffer);
    assert.equal(
      baseText({ kind: "base", name: "c", sizeBytes: 16, encoding: "complex" }, bytes, "decimal"),
      "1.5 - 2i",
    );
  });

  it("writes the bytes of what it does not know", () => {
    assert.equal(base("unknown", 0x0201n, 3), "0x010200");
  });
});

describe("enumerationText", () => {
  it("names the enumerator", () => {
    assert.equal(enumeration({ RED: 0, GREEN: 5 }, 5), "GREEN");
    assert.equal(enumeration({ MINUS: -1, PLUS: 1 }, -1), "MINUS");
  });

  it("writes a number without a name as one", () => {
    assert.equal(enumeration({ RED: 0, GREEN: 5, BLUE: 6 }, 7), "7");
  });

  it("takes flags apart, with what is left over in hexadecimal", () => {
    const flags = { NONE: 0, READ: 1, WRITE: 2, BOTH: 3, EXECUTE: 4, HIDDEN: 1 << 16 };
    assert.equal(enumeration(flags, 5), "READ | EXECUTE");
    assert.equal(enumeration(flags, 3), "BOTH");
    assert.equal(enumeration(flags, 0x10008), "HIDDEN | 0x8");
    assert.equal(enumeration(flags, 0x20), "32");
  });

  it("does not take apart what merely counts", () => {
    assert.equal(enumeration({ A: 0, B: 1, C: 2 }, 3), "3");
    assert.equal(enumeration({ A: 1, B: 2, C: 3, D: 4 }, 5), "5");
    assert.equal(enumeration({ A: 1, B: 2 }, 3), "A | B");
  });
});
