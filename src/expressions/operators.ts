import { hasSign, isCharacter, plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { readScalar, type Scalar } from "../symbols/values/convert.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { combined, compared, inType, negated, operandOf, truthOf, truthValue } from "./arithmetic.ts";
import type { ValueOperator } from "./ast.ts";
import { comparedStrings, standsFor } from "./containers.ts";
import { isAddressLike, pointerCombined, referred, withoutReference } from "./places.ts";
import { isRelation } from "./precedence.ts";
import { askBytes, type Evaluation, type StaticNames } from "./requests.ts";
import { rustCombined, rustNegated, rustOperandOf } from "./rust-arithmetic.ts";

/** An operator of two values, by the rules of the frame's language. */
export function* applied(
  operator: ValueOperator,
  given: readonly [left: Value, right: Value],
  names: StaticNames,
  column: number,
): Evaluation<Value> {
  const { types } = names;
  const left = yield* plainOperand(given[0], column);
  const right = yield* plainOperand(given[1], column);
  if (isRelation(operator) && (isText(left) || isText(right))) {
    const order = yield* comparedStrings(left, right);
    if (order !== undefined) return truthValue(compared(operator, BigInt(order), 0n), types);
  }
  if (isAddressLike(left) || isAddressLike(right)) {
    return yield* pointerCombined(operator, left, right, types, column);
  }
  const a = yield* askBytes(left, column);
  const b = yield* askBytes(right, column);
  if (names.language === "rust") {
    return rustCombined(
      operator,
      rustOperandOf(left.type, a, types, column),
      rustOperandOf(right.type, b, types, column),
      types,
      column,
    );
  }
  return combined(
    operator,
    operandOf(left.type, a, types, column, left.bits?.size),
    operandOf(right.type, b, types, column, right.bits?.size),
    types,
    column,
  );
}

/** `-x`, `+x`, `~x` or `!x`. */
export function* appliedToOne(
  operator: "-" | "+" | "~" | "!",
  given: Value,
  names: StaticNames,
  column: number,
): Evaluation<Value> {
  const value = yield* plainOperand(given, column);
  const plain = plainType(value.type);
  if (names.language === "rust" && plain.kind !== "pointer" && plain.kind !== "array") {
    const bytes = yield* askBytes(value, column);
    return rustNegated(operator, rustOperandOf(value.type, bytes, names.types, column), column);
  }
  if (operator === "!") return truthValue(!(yield* truth(value, column)), names.types);
  const bytes = yield* askBytes(value, column);
  return negated(operator, operandOf(value.type, bytes, names.types, column, value.bits?.size), column);
}

/** Whether a value counts as true. */
export function* truth(given: Value, column: number): Evaluation<boolean> {
  const value = yield* plainOperand(given, column);
  // An array is an address, and an address of something is never null.
  if (plainType(value.type).kind === "array") return true;
  return truthOf(value.type, yield* askBytes(value, column), column);
}

/** A value in another type, as the language's casts convert it. */
export function* cast(given: Value, type: Type, column: number): Evaluation<Value> {
  const value = yield* standsFor(yield* withoutReference(given, column));
  const to = plainType(type);
  const from = plainType(value.type);
  if (to === from) return { ...value, type };
  const takesAddress = to.kind === "pointer" || (to.kind === "base" && to.encoding !== "float");
  if (from.kind === "array" && takesAddress && value.place.kind === "memory") {
    return inType(type, { kind: "integer", value: value.place.address }, column);
  }
  const scalar = readScalar(value.type, yield* askBytes(value, column));
  const isAllowed = scalar && !(scalar.kind === "float" && to.kind === "pointer");
  if (!isAllowed || to.kind === "record" || to.kind === "array") {
    throw new ExpressionError(`a ${typeName(value.type)} cannot be cast to ${typeName(type)}`, column);
  }
  return inType(type, saturated(scalar, type), column);
}

/** Rust's `as` takes the nearest number where an integer type has none for a float. */
function saturated(scalar: Scalar, type: Type): Scalar {
  const plain = plainType(type);
  const isRustInteger = plain.kind === "base" && /^[iu](?:\d+|size)$/.test(plain.name);
  if (scalar.kind !== "float" || !isRustInteger) return scalar;
  const bits = BigInt(plain.sizeBytes * 8);
  const [least, greatest] = hasSign(plain)
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
  if (Number.isNaN(scalar.value)) return { kind: "integer", value: 0n };
  if (scalar.value <= Number(least)) return { kind: "integer", value: least };
  if (scalar.value >= Number(greatest)) return { kind: "integer", value: greatest };
  return { kind: "integer", value: BigInt(Math.trunc(scalar.value)) };
}

/** Whether relations compare what a value says rather than what it is: literals, and records that hold text. */
function isText({ type, place }: Value): boolean {
  const plain = plainType(type);
  if (plain.kind === "record") return true;
  return plain.kind === "array" && place.kind === "value" && isCharacter(plainType(plain.element));
}

/** An operand without what merely stands for it. */
function* plainOperand(value: Value, column: number): Evaluation<Value> {
  return yield* referred(yield* standsFor(yield* referred(value, column)), column);
}
