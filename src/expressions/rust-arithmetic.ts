import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { type BaseType, hasSign, plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { integerLimits, readScalar, type Scalar } from "../symbols/values/convert.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { compared, inType, type Operand, truthValue } from "./arithmetic.ts";
import type { ValueOperator } from "./ast.ts";
import { isRelation } from "./precedence.ts";

const integer = (name: string, sizeBytes: number): BaseType => ({
  kind: "base",
  name,
  sizeBytes,
  encoding: "signed",
});

/** Types of literals that have none yet: they take that of what they meet. Told from others by identity. */
const openIntegers = [integer("i32", 4), integer("i64", 8), integer("i128", 16)] as const;
const openFloat: BaseType = { kind: "base", name: "f64", sizeBytes: 8, encoding: "float" };

/** A number without a type. */
export function openInteger(value: bigint, column: number): Value {
  const type = openTypeFor(value);
  if (!type) throw new ExpressionError("this number is too large for an i128: give it a type", column);
  return inType(type, { kind: "integer", value }, column);
}

/** A number with a point and without a type. */
export const openFloatValue = (value: number, column: number): Value =>
  inType(openFloat, { kind: "float", value }, column);

/** The number in a value's bytes. Nothing is promoted. @throws {ExpressionError} at `column` for what is no number. */
export function rustOperandOf(type: Type, bytes: Uint8Array, types: BuiltinTypes, column: number): Operand {
  const plain = plainType(type);
  const scalar = readScalar(type, bytes);
  if (scalar && plain.kind === "base") return { type: plain, scalar };
  // A plain enum is the number it is stored as.
  if (scalar && plain.kind === "enumeration") return { type: types.longLong, scalar };
  throw new ExpressionError(`a ${typeName(type)} is no number`, column);
}

/** `-x` or `!x`, which for an integer turns its bits around. */
export function rustNegated(
  operator: "-" | "!" | "+" | "~",
  { type, scalar }: Operand,
  column: number,
): Value {
  if (operator === "+") return inType(type, scalar, column);
  if (type.encoding === "boolean" && operator === "!") {
    return inType(type, { kind: "integer", value: scalar.value ? 0n : 1n }, column);
  }
  if (scalar.kind === "float") {
    if (operator !== "-") throw new ExpressionError(`\`${operator}\` needs an integer`, column);
    return inType(type, { kind: "float", value: -scalar.value }, column);
  }
  if (operator !== "-") return inType(type, { kind: "integer", value: ~scalar.value }, column);
  return fitting(type, -scalar.value, "-", column);
}

/**
 * An operator of two numbers, by Rust's rules: a literal takes the type of what it meets, and what does not fit is an error,
 * as it is in a debug build. Numbers of two types, which the compiler refuses, meet in one that holds both.
 *
 * @throws {ExpressionError} for an overflow, a division by zero and operands it cannot take.
 */
export function rustCombined(
  operator: ValueOperator,
  left: Operand,
  right: Operand,
  types: BuiltinTypes,
  column: number,
): Value {
  if (operator === "<<" || operator === ">>") return shifted(operator, left, right, column);
  const type = commonType(left, right, types, column);
  if (type.encoding === "float") return floats(operator, left.scalar, right.scalar, type, types, column);
  if (left.scalar.kind === "float" || right.scalar.kind === "float") {
    throw new ExpressionError("this operator needs integers", column);
  }
  const [a, b] = [left.scalar.value, right.scalar.value];
  if (isRelation(operator)) return truthValue(compared(operator, a, b), types);
  const isBits = operator === "&" || operator === "|" || operator === "^";
  if (!isBits && (type.encoding === "boolean" || type.encoding === "utf")) {
    throw new ExpressionError(`\`${operator}\` cannot be applied to a ${type.name}`, column);
  }
  switch (operator) {
    case "+":
      return fitting(type, a + b, operator, column);
    case "-":
      return fitting(type, a - b, operator, column);
    case "*":
      return fitting(type, a * b, operator, column);
    case "/":
    case "%":
      if (b === 0n) throw new ExpressionError("division by zero", column);
      // The remainder overflows where the quotient does.
      if (operator === "/") return fitting(type, a / b, operator, column);
      fitting(type, a / b, operator, column);
      return fitting(type, a % b, operator, column);
    case "&":
      return inType(type, { kind: "integer", value: a & b }, column);
    case "|":
      return inType(type, { kind: "integer", value: a | b }, column);
    default:
      return inType(type, { kind: "integer", value: a ^ b }, column);
  }
}

/** The type that two numbers meet in. @throws {ExpressionError} for a literal that does not fit into the other's. */
export function commonType(left: Operand, right: Operand, types: BuiltinTypes, column: number): BaseType {
  const [a, b] = [left.type, right.type];
  if (isOpen(a) && isOpen(b)) {
    if (a.encoding === "float" || b.encoding === "float") return openFloat;
    return a.sizeBytes >= b.sizeBytes ? a : b;
  }
  if (isOpen(a)) return adapted(left, b, column);
  if (isOpen(b)) return adapted(right, a, column);
  if (a.encoding === "float" || b.encoding === "float") {
    if (b.encoding !== "float") return a;
    if (a.encoding !== "float") return b;
    return a.sizeBytes >= b.sizeBytes ? a : b;
  }
  if (a.encoding === b.encoding && a.sizeBytes === b.sizeBytes) return a;
  if (a.encoding === "boolean" || b.encoding === "boolean") {
    throw new ExpressionError(`a ${a.name} and a ${b.name} cannot be combined`, column);
  }
  if (hasSign(a) === hasSign(b)) return a.sizeBytes >= b.sizeBytes ? a : b;
  const [signed, unsigned] = hasSign(a) ? [a, b] : [b, a];
  if (signed.sizeBytes > unsigned.sizeBytes) return signed;
  const wider = unsigned.sizeBytes * 2;
  return wider > 8 ? openIntegers[2] : wider > 4 ? types.longLong : openIntegers[0];
}

/** Whether a type is that of a literal that has none of its own yet. */
export function isOpen(type: Type): boolean {
  return type === openFloat || openIntegers.some((open) => open === type);
}

function adapted({ type, scalar }: Operand, to: BaseType, column: number): BaseType {
  if (to.encoding === "float") return to;
  if (type.encoding === "float")
    throw new ExpressionError(`a ${to.name} and a f64 cannot be combined`, column);
  const limits = integerLimits(to);
  if (
    limits &&
    scalar.kind === "integer" &&
    (scalar.value < limits.least || scalar.value > limits.greatest)
  ) {
    throw new ExpressionError(`${scalar.value} does not fit into ${to.name}`, column);
  }
  return to;
}

function fitting(type: BaseType, value: bigint, operator: string, column: number): Value {
  const limits = integerLimits(type);
  if (limits && (value < limits.least || value > limits.greatest)) {
    const wider = isOpen(type) ? openTypeFor(value) : undefined;
    if (wider) return inType(wider, { kind: "integer", value }, column);
    throw new ExpressionError(`\`${operator}\` overflows: ${value} does not fit into ${type.name}`, column);
  }
  return inType(type, { kind: "integer", value }, column);
}

const openTypeFor = (value: bigint): BaseType | undefined =>
  openIntegers.find(({ sizeBytes }) => BigInt.asIntN(sizeBytes * 8, value) === value);

/** The first of the types of literals that has more than `bits` bits. */
const openTypeOver = (bits: bigint): BaseType | undefined =>
  openIntegers.find(({ sizeBytes }) => BigInt(sizeBytes * 8) > bits);

function shifted(operator: "<<" | ">>", left: Operand, right: Operand, column: number): Value {
  if (left.scalar.kind === "float" || right.scalar.kind === "float") {
    throw new ExpressionError("this operator needs integers", column);
  }
  const count = right.scalar.value;
  // A literal may yet meet a type that is wide enough.
  const type = isOpen(left.type) ? (openTypeOver(count) ?? left.type) : left.type;
  const bits = type.sizeBytes * 8;
  if (count < 0n || count >= BigInt(bits)) {
    throw new ExpressionError(`\`${operator}\` overflows: ${type.name} has ${bits} bits`, column);
  }
  const { value } = left.scalar;
  return inType(
    type,
    { kind: "integer", value: operator === "<<" ? value << count : value >> count },
    column,
  );
}

function floats(
  operator: string,
  left: Scalar,
  right: Scalar,
  type: BaseType,
  types: BuiltinTypes,
  column: number,
): Value {
  const [a, b] = [Number(left.value), Number(right.value)];
  const result: Partial<Record<string, number>> = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "%": a % b,
  };
  const value = result[operator];
  if (value !== undefined) return inType(type, { kind: "float", value }, column);
  if (isRelation(operator)) return truthValue(compared(operator, a, b), types);
  throw new ExpressionError(`\`${operator}\` needs integers`, column);
}
