import type { StaticNames } from "../symbols/static/static-names.ts";
import { constant, type StaticValue } from "../symbols/static/static-place.ts";
import { type BaseType, plainType } from "../symbols/types/type.ts";
import { integerLimits, type Scalar } from "../symbols/values/convert.ts";
import type { GuestCode } from "../target/guest-code.ts";
import type { Operand } from "./arithmetic.ts";
import type { ValueOperator } from "./ast.ts";
import { integerCode } from "./lower-integers.ts";
import { apply, asI64, converted, type NumberShape, shapeOf, wrapped } from "./lower-number.ts";
import { asValue, type LoweredNumber, NeedsStop, numberIn } from "./lower-value.ts";
import { isRelation } from "./precedence.ts";
import { commonType, isOpen } from "./rust-arithmetic.ts";

/** An operator of two numbers by Rust's rules, as `rustCombined` of the evaluator; what does not fit fails. */
export function rustCombinedStatic(
  operator: ValueOperator,
  left: StaticValue,
  right: StaticValue,
  names: StaticNames,
  column: number,
): StaticValue {
  const [a, b] = [numberIn(left, column), numberIn(right, column)];
  const type = typeOf(operator, a, b, names, column);
  const shape = shapeOf(type);
  if (!shape || (shape.wasm !== "i32" && shape.wasm !== "i64")) throw new NeedsStop();
  const x = converted(a.code, a.shape, shape);
  const isShift = operator === "<<" || operator === ">>";
  const y = converted(b.code, b.shape, isShift ? { ...shape, sign: b.shape.sign } : shape);
  if (isRelation(operator)) {
    const code = integerCode(operator, shape, x, y);
    return { type: names.types.bool, place: { kind: "code", type: "i32", code } };
  }
  if (operator === "+" || operator === "-" || operator === "*") {
    return asValue({ type, shape, code: exactly(operator, type, shape, x, y) });
  }
  // By such a number nothing overflows, and none but such a one is known beforehand.
  const divisor = b.code.op === "const" ? BigInt(b.code.value) : undefined;
  if (
    (operator === "/" || operator === "%") &&
    (divisor === undefined || divisor === 0n || divisor === -1n)
  ) {
    throw new NeedsStop();
  }
  if (isShift && (divisor === undefined || divisor < 0n || divisor >= BigInt(shape.size * 8))) {
    throw new NeedsStop();
  }
  const code = integerCode(operator, shape, x, y);
  return asValue({
    type,
    shape,
    code: operator === "<<" && shape.wasm === "i32" ? extendedTo(code, shape) : code,
  });
}

/** `-x` and `!x`. */
export function rustNegatedStatic(
  operator: "-" | "!" | "+" | "~",
  value: StaticValue,
  column: number,
): StaticValue {
  const number = numberIn(value, column);
  const { shape, code } = number;
  const type = baseOf(number);
  if (shape.wasm === "f32" || shape.wasm === "f64") {
    if (operator !== "-") throw new NeedsStop();
    return asValue({ type, shape, code: apply(`${shape.wasm}.neg`, code) });
  }
  if (operator === "!" && type.encoding === "boolean") {
    return { type, place: { kind: "code", type: "i32", code: apply("i32.eqz", code) } };
  }
  if (operator === "-") {
    const zero = constant(shape.wasm, 0);
    return asValue({ type, shape, code: exactly("-", type, shape, zero, code) });
  }
  if (operator === "+") return asValue(number);
  const inverted = apply(`${shape.wasm}.xor`, code, constant(shape.wasm, -1));
  return asValue({ type, shape, code: extendedTo(inverted, shape) });
}

/** The type in which the evaluator computes: only where both operands are of it, or a literal takes it. */
function typeOf(
  operator: ValueOperator,
  a: LoweredNumber,
  b: LoweredNumber,
  names: StaticNames,
  column: number,
): BaseType {
  const [left, right] = [baseOf(a), baseOf(b)];
  if (operator === "<<" || operator === ">>") return left;
  if (isOpen(left) && isOpen(right)) throw new NeedsStop();
  const isSame = left.encoding === right.encoding && left.sizeBytes === right.sizeBytes;
  if (!isSame && !isOpen(left) && !isOpen(right)) throw new NeedsStop();
  const type = commonType(operandOf(left, a.code), operandOf(right, b.code), names.types, column);
  const isNumber = type.encoding === "signed" || type.encoding === "unsigned";
  if (!isNumber && !isRelation(operator)) throw new NeedsStop();
  return type;
}

function operandOf(type: BaseType, code: GuestCode): Operand {
  // A literal that has no type yet is a constant, or computed from some.
  if (isOpen(type) && code.op !== "const") throw new NeedsStop();
  const scalar: Scalar =
    code.op !== "const"
      ? { kind: "integer", value: 0n }
      : type.encoding === "float"
        ? { kind: "float", value: Number(code.value) }
        : { kind: "integer", value: BigInt(code.value) };
  return { type, scalar };
}

function baseOf({ type }: LoweredNumber): BaseType {
  const plain = plainType(type);
  if (plain.kind !== "base") throw new NeedsStop();
  return plain;
}

/** A sum, difference or product that must fit: computed in 64 bits, in which those of 32 are exact. */
function exactly(
  operator: "+" | "-" | "*",
  type: BaseType,
  shape: NumberShape,
  x: GuestCode,
  y: GuestCode,
): GuestCode {
  const limits = integerLimits(type);
  // Products of 32 unsigned bits need all 64, without a sign.
  if (
    !limits ||
    shape.wasm !== "i32" ||
    (operator === "*" && shape.size === 4 && shape.sign === "unsigned")
  ) {
    throw new NeedsStop();
  }
  const instruction = { "+": "i64.add", "-": "i64.sub", "*": "i64.mul" } as const;
  const value = apply(instruction[operator], asI64(x, shape), asI64(y, shape));
  return wrapped({ op: "within", value, ...limits });
}

function extendedTo(code: GuestCode, shape: NumberShape): GuestCode {
  if (shape.wasm !== "i32") return code;
  const wide: NumberShape = { wasm: "i32", size: 4, sign: "signed", isBoolean: false };
  return converted(code, wide, shape);
}
