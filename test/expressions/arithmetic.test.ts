import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { evaluateNode } from "../../src/expressions/machine.ts";
import { parseExpression } from "../../src/expressions/parser.ts";
import type { StaticNames } from "../../src/expressions/requests.ts";
import { builtinTypes } from "../../src/symbols/types/builtin-types.ts";
import { plainType } from "../../src/symbols/types/type.ts";
import { typeName } from "../../src/symbols/types/type-name.ts";
import { readScalar } from "../../src/symbols/values/convert.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { fromRoot } from "../support/paths.ts";

/** An expression, its type and its value as a compiler has it; without those, it does not compile because it overflows. */
type Golden = readonly [text: string, type: string | null, value: string | null];

const goldens = (name: string): readonly Golden[] =>
  JSON.parse(readFileSync(fromRoot(`test/expressions/arithmetic-${name}.json`), "utf8")) as readonly Golden[];

/** An expression without names, evaluated. */
function evaluated(
  text: string,
  language: "c" | "rust",
): { readonly type: string; readonly value: bigint | number } {
  const names: StaticNames = {
    types: builtinTypes(4),
    language,
    findType: () => undefined,
    describeName: () => undefined,
    suggestName: () => undefined,
    functionsNamed: () => [],
    methodsOf: () => [],
  };
  const machine = evaluateNode(
    parseExpression(text, () => false, language),
    names,
  );
  let step = machine.next();
  while (!step.done) {
    const { kind } = step.value;
    assert.ok(step.value.kind === "read" && step.value.value.place.kind === "value", kind);
    step = machine.next({ kind: "bytes", bytes: step.value.value.place.bytes });
  }
  const { type, place } = step.value;
  assert.equal(place.kind, "value");
  const scalar = place.kind === "value" ? readScalar(type, place.bytes) : undefined;
  assert.ok(scalar);
  return { type: typeName(plainType(type)), value: scalar.value };
}

function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

describe("arithmetic", () => {
  it("of C is what clang makes of it: types, widths, signs and values", () => {
    for (const [text, type, value] of goldens("c")) {
      const found = evaluated(text, "c");
      assert.equal(found.type, type, text);
      const expected = type === "float" || type === "double" ? doubleOf(value ?? "") : BigInt(value ?? "");
      assert.equal(found.value, expected, text);
    }
  });

  it("of Rust is what rustc makes of it, and fails where that overflows", () => {
    for (const [text, type, value] of goldens("rust")) {
      if (type === null || value === null) {
        // Literals without a type have room here: for them there is nothing to overflow.
        if (/(?<![\w.])(?:1|3|200|0xff|0b101|1_000)(?!\w)/.test(text)) continue;
        assert.throws(() => evaluated(text, "rust"), ExpressionError, text);
        continue;
      }
      const found = evaluated(text, "rust");
      assert.equal(found.type, type, text);
      const isNumber = !["bool", "f32", "f64"].includes(type);
      if (isNumber) assert.equal(found.value, BigInt(value), text);
      else if (type === "bool") assert.equal(found.value, value === "true" ? 1n : 0n, text);
      else {
        const expected = Number(value.replace("inf", "Infinity"));
        assert.equal(
          type === "f32" ? Math.fround(Number(found.value)) : found.value,
          type === "f32" ? Math.fround(expected) : expected,
          text,
        );
      }
    }
  });
});
