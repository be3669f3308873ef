import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { type BaseType, hasSign, plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { isTrue, readScalar, type Scalar, scalarBytes } from "../symbols/values/convert.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { ValueOperator } from "./ast.ts";

/** A number with the C type it is computed in, after integer promotion. */
export interface Operand {
  readonly type: BaseType;
  readonly scalar: Scalar;
}

/** The number in a value's bytes, promoted as C does: anything smaller than `int` becomes `int`. @throws {ExpressionError} at `column` for what is no number. */
export function operandOf(
  type: Type,
  bytes: Uint8Array,
  types: BuiltinTypes,
  column: number,
  bits?: number,
): Operand {
  const plain = plainType(type);
  const scalar = readScalar(type, bytes);
  if (!scalar || plain.kind === "pointer" || (plain.kind !== "base" && plain.kind !== "enumeration")) {
    throw new ExpressionError(`a ${typeName(type)} is no number`, column);
  }
  if (scalar.kind === "float") return { type: plain.kind === "base" ? plain : types.double, scalar };
  const narrow = plain.sizeBytes < 4 || (bits !== undefined && bits < 32);
  const isBoolean = plain.kind === "base" && plain.encoding === "boolean";
  if (narrow || isBoolean) return { type: types.int, scalar };
  return { type: integerType(plain, hasSign(plain) ? "signed" : "unsigned", types), scalar };
}

/** `-x`, `+x` or `~x`. */
export function negated(operator: "-" | "+" | "~", { type, scalar }: Operand, column: number): Value {
  if (scalar.kind === "float") {
    if (operator === "~") throw new ExpressionError("`~` needs an integer", column);
    return inType(type, { kind: "float", value: operator === "-" ? -scalar.value : scalar.value }, column);
  }
  const value = operator === "-" ? -scalar.value : operator === "~" ? ~scalar.value : scalar.value;
  return inType(type, { kind: "integer", value }, column);
}

/** An operator of two numbers other than `&&`, `||` and `,`. @throws {ExpressionError} for a division by zero and operands it cannot take. */
export function combined(
  operator: ValueOperator,
  left: Operand,
  right: Operand,
  types: BuiltinTypes,
  column: number,
): Value {
  if (operator === "<<" || operator === ">>") return shifted(operator, left, right, column);
  const type = commonType(left.type, right.type, types);
  if (type.encoding === "float") {
    return combinedFloats(operator, numberOf(left.scalar), numberOf(right.scalar), type, types, column);
  }
  const a = wrapped(integerOf(left, column), type);
  const b = wrapped(integerOf(right, column), type);
  switch (operator) {
    case "+":
      return inType(type, { kind: "integer", value: a + b }, column);
    case "-":
      return inType(type, { kind: "integer", value: a - b }, column);
    case "*":
      return inType(type, { kind: "integer", value: a * b }, column);
    case "/":
    case "%":
      if (b === 0n) throw new ExpressionError("division by zero", column);
      return inType(type, { kind: "integer", value: operator === "/" ? a / b : a % b }, column);
    case "&":
      return inType(type, { kind: "integer", value: a & b }, column);
    case "|":
      return inType(type, { kind: "integer", value: a | b }, column);
    case "^":
      return inType(type, { kind: "integer", value: a ^ b }, column);
    default:
      return truthValue(compared(operator, a, b), types);
  }
}

/** Whether a relation holds. */
export function compared<T extends number | bigint>(operator: string, a: T, b: T): boolean {
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    default:
      return a >= b;
  }
}

/** A truth value: C's `int` 0 or 1, shown as what it means. */
export function truthValue(holds: boolean, types: BuiltinTypes): Value {
  return computedValue(types.bool, new Uint8Array([holds ? 1 : 0]));
}

/** C's truth of a scalar's bytes. @throws {ExpressionError} at `column` for what has none. */
export function truthOf(type: Type, bytes: Uint8Array, column: number): boolean {
  const scalar = readScalar(type, bytes);
  if (!scalar) throw new ExpressionError(`a ${typeName(type)} is neither true nor false`, column);
  return isTrue(scalar);
}

/** A number in a type, wrapped to its width. */
export function inType(type: Type, scalar: Scalar, column: number): Value {
  const bytes = scalarBytes(type, scalar);
  if (!bytes) throw new ExpressionError(`a ${typeName(type)} cannot be computed with`, column);
  return computedValue(type, bytes);
}

/** The type both operands of an operator are converted to: C's usual arithmetic conversions. */
export function commonType(left: BaseType, right: BaseType, types: BuiltinTypes): BaseType {
  if (left.encoding === "float" || right.encoding === "float") {
    if (right.encoding !== "float") return left;
    if (left.encoding !== "float") return right;
    return left.sizeBytes >= right.sizeBytes ? left : right;
  }
  const [higher, lower] = rankOf(left, types) >= rankOf(right, types) ? [left, right] : [right, left];
  if (hasSign(higher) === hasSign(lower) || !hasSign(higher) || higher.sizeBytes > lower.sizeBytes)
    return higher;
  return integerType(higher, "unsigned", types);
}

function shifted(operator: "<<" | ">>", left: Operand, right: Operand, column: number): Value {
  const { type } = left;
  const value = integerOf(left, column);
  // As the machine does it: only the low bits of the count matter.
  const count = BigInt.asUintN(64, integerOf(right, column)) % BigInt(type.sizeBytes * 8);
  return inType(
    type,
    { kind: "integer", value: operator === "<<" ? value << count : value >> count },
    column,
  );
}

function combinedFloats(
  operator: string,
  a: number,
  b: number,
  type: BaseType,
  types: BuiltinTypes,
  column: number,
): Value {
  switch (operator) {
    case "+":
      return inType(type, { kind: "float", value: a + b }, column);
    case "-":
      return inType(type, { kind: "float", value: a - b }, column);
    case "*":
      return inType(type, { kind: "float", value: a * b }, column);
    case "/":
      return inType(type, { kind: "float", value: a / b }, column);
    case "%":
    case "&":
    case "|":
    case "^":
      throw new ExpressionError(`\`${operator}\` needs integers`, column);
    default:
      return truthValue(compared(operator, a, b), types);
  }
}

/** C's own integer type of this width; types of one width but different rank, `int` and `long`, stay apart. */
function integerType(
  {
    kind,
    name,
    sizeBytes,
  }: { readonly kind: string; readonly name: string | undefined; readonly sizeBytes: number },
  sign: "signed" | "unsigned",
  types: BuiltinTypes,
): BaseType {
  if (sizeBytes > 8) {
    const wide = types.byName.get(sign === "signed" ? "__int128" : "unsigned __int128");
    if (wide?.kind === "base") return wide;
  }
  if (sizeBytes > 4 && !(types.long.sizeBytes === 8 && isLong(name))) {
    return sign === "signed" ? types.longLong : types.unsignedLongLong;
  }
  if (kind === "base" && isLong(name)) return sign === "signed" ? types.long : types.unsignedLong;
  return sign === "signed" ? types.int : types.unsignedInt;
}

function isLong(name: string | undefined): boolean {
  return name !== undefined && /\blong\b/.test(name) && !/long long/.test(name);
}

function rankOf(type: BaseType, types: BuiltinTypes): number {
  if (type.sizeBytes > 8) return 4;
  if (type === types.longLong || type === types.unsignedLongLong) return 3;
  return type === types.long || type === types.unsignedLong ? 2 : 1;
}

function wrapped(value: bigint, type: BaseType): bigint {
  const bits = type.sizeBytes * 8;
  return hasSign(type) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function integerOf({ scalar }: Operand, column: number): bigint {
  if (scalar.kind === "integer") return scalar.value;
  throw new ExpressionError("this operator needs integers", column);
}

function numberOf(scalar: Scalar): number {
  return Number(scalar.value);
}
