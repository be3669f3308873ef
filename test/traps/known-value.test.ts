import assert from "node:assert/strict";
import { compute, float, integer, type KnownValue } from "../../src/traps/known-value.ts";
import { allInstructions } from "../../src/wasm/instructions.ts";
import { assemble, TYPES } from "../support/assemble.ts";
import { WasmBuilder } from "../support/wasm-builder.ts";

type NumberType = KnownValue["type"];

/** A numeric instruction as V8 runs it. */
function native(mnemonic: string, params: readonly NumberType[], result: NumberType) {
  const gets = params.map((_, index) => `local.get ${index}`).join("\n");
  const bytes = new WasmBuilder()
    .type(
      params.map((type) => TYPES[type] ?? 0),
      [TYPES[result] ?? 0],
    )
    .func(0, [], assemble(`${gets}\n${mnemonic}`))
    .export("f", "func", 0)
    .build();
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).exports;
  return (operands: readonly KnownValue[]): KnownValue | undefined => {
    const args = operands.map(({ type, value }) => (type === "i32" ? Number(value) : value));
    try {
      const value = (f as (...args: unknown[]) => number | bigint)(...args);
      return result === "i32" || result === "i64" ? integer(result, value) : float(result, Number(value));
    } catch {
      return undefined;
    }
  };
}

const interesting: Readonly<Record<NumberType, readonly (number | bigint)[]>> = {
  i32: [0, 1, -1, 31, 33, 2 ** 31 - 1, -(2 ** 31)],
  i64: [0n, 1n, -1n, 63n, 65n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n, 0x80n, 0x8000n],
  f32: [0, -0, 1.5, -1.5, 3e9, -3e9, 1e38, 1e-40, Number.NaN, Number.POSITIVE_INFINITY],
  f64: [0, -0, 0.1, -1.5, 3e9, 1e19, -1e300, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 31],
};

const valuesOf = (type: NumberType): KnownValue[] =>
  interesting[type].map((value) =>
    type === "i32" || type === "i64" ? integer(type, value) : float(type, Number(value)),
  );

const isNumber = (type: string): type is NumberType => type in interesting;

describe("numeric instructions computed again", () => {
  const numeric = [...allInstructions()].filter(
    ({ immediates, mnemonic, signature }) =>
      /^[if](32|64)\./.test(mnemonic) &&
      immediates.length === 0 &&
      signature?.results.length === 1 &&
      [...signature.params, ...signature.results].every(isNumber),
  );
  const done = numeric.filter(({ mnemonic, signature }) => {
    const operands = (signature?.params ?? []).map((type) => valuesOf(type as NumberType)[1] as KnownValue);
    return compute(mnemonic, operands) !== undefined;
  });

  it("are those that compilers work operands out with", () => {
    assert.ok(done.length > 90, `${done.length}`);
  });

  for (const { mnemonic, signature } of done) {
    it(`are the same as the engine's: ${mnemonic}`, () => {
      const params = (signature?.params ?? []) as readonly NumberType[];
      const run = native(mnemonic, params, signature?.results[0] as NumberType);
      for (const first of valuesOf(params[0] as NumberType)) {
        for (const second of params[1] ? valuesOf(params[1]) : [undefined]) {
          const operands = second ? [first, second] : [first];
          const computed = compute(mnemonic, operands);
          const expected = run(operands);
          // A conversion may refuse where the engine goes through another rounding; it must not answer otherwise.
          if (computed !== undefined || expected === undefined)
            assert.deepEqual(computed, expected, JSON.stringify(operands.map(({ value }) => String(value))));
        }
      }
    });
  }

  it("are refused for operands of another type, and for what is no number", () => {
    assert.equal(compute("i32.add", [integer("i32", 1), integer("i64", 1)]), undefined);
    assert.equal(compute("i64.add", [integer("i32", 1), integer("i32", 1)]), undefined);
    assert.equal(compute("i32x4.add", [integer("i32", 1), integer("i32", 1)]), undefined);
    assert.equal(compute("i32.add", []), undefined);
  });
});
