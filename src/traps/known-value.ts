/** A value of a Wasm number type. Integers are unsigned, whatever is done with them. */
export type KnownValue =
  | { readonly type: "i32" | "i64"; readonly value: bigint }
  | { readonly type: "f32" | "f64"; readonly value: number };

export type NumberType = KnownValue["type"];

/** An integer of a type, whatever its sign: it is cut to the type's bits. */
export const integer = (type: "i32" | "i64", value: bigint | number): KnownValue => ({
  type,
  value: BigInt.asUintN(bitsOf(type), BigInt(value)),
});

/** A float of a type, rounded to it. */
export const float = (type: "f32" | "f64", value: number): KnownValue => ({
  type,
  value: type === "f32" ? Math.fround(value) : value,
});

/** Of an integer: with its sign. */
export const signed = (type: "i32" | "i64", value: bigint): bigint => BigInt.asIntN(bitsOf(type), value);

/**
 * The result of a numeric instruction, by its name in the text format; `undefined` for one that is not among those
 * that compilers compute operands with, for operands of other types than its own, and where it traps.
 */
export function compute(mnemonic: string, operands: readonly KnownValue[]): KnownValue | undefined {
  const [type, operation = ""] = mnemonic.split(".");
  const [first, second] = operands;
  if (!first || (type !== "i32" && type !== "i64" && type !== "f32" && type !== "f64")) return undefined;
  if (operands.length === 2) {
    if (second === undefined || first.type !== second.type || first.type !== type) return undefined;
    return isInteger(first) && isInteger(second)
      ? ofIntegers(first.type, operation, first.value, second.value)
      : isFloat(first) && isFloat(second)
        ? ofFloats(first.type, operation, first.value, second.value)
        : undefined;
  }
  return type === "i32" || type === "i64"
    ? toInteger(type, operation, first)
    : toFloat(type, operation, first);
}

const bitsOf = (type: "i32" | "i64"): number => (type === "i32" ? 32 : 64);
const truth = (value: boolean): KnownValue => integer("i32", value ? 1 : 0);

type IntegerValue = Extract<KnownValue, { readonly type: "i32" | "i64" }>;
type FloatValue = Extract<KnownValue, { readonly type: "f32" | "f64" }>;
const isInteger = (value: KnownValue): value is IntegerValue => value.type === "i32" || value.type === "i64";
const isFloat = (value: KnownValue): value is FloatValue => !isInteger(value);

function ofIntegers(
  type: "i32" | "i64",
  operation: string,
  left: bigint,
  right: bigint,
): KnownValue | undefined {
  const bits = BigInt(bitsOf(type));
  const [a, b] = [signed(type, left), signed(type, right)];
  const whole = (value: bigint) => integer(type, value);
  switch (operation) {
    case "add":
      return whole(left + right);
    case "sub":
      return whole(left - right);
    case "mul":
      return whole(left * right);
    case "and":
      return whole(left & right);
    case "or":
      return whole(left | right);
    case "xor":
      return whole(left ^ right);
    case "shl":
      return whole(left << (right % bits));
    case "shr_s":
      return whole(a >> (right % bits));
    case "shr_u":
      return whole(left >> (right % bits));
    case "div_s":
      return b === 0n || (b === -1n && -a === 1n << (bits - 1n)) ? undefined : whole(a / b);
    case "div_u":
      return right === 0n ? undefined : whole(left / right);
    case "rem_s":
      return b === 0n ? undefined : whole(a % b);
    case "rem_u":
      return right === 0n ? undefined : whole(left % right);
    case "eq":
      return truth(left === right);
    case "ne":
      return truth(left !== right);
    case "lt_s":
      return truth(a < b);
    case "lt_u":
      return truth(left < right);
    case "gt_s":
      return truth(a > b);
    case "gt_u":
      return truth(left > right);
    case "le_s":
      return truth(a <= b);
    case "le_u":
      return truth(left <= right);
    case "ge_s":
      return truth(a >= b);
    case "ge_u":
      return truth(left >= right);
    default:
      return undefined;
  }
}

function ofFloats(
  type: "f32" | "f64",
  operation: string,
  left: number,
  right: number,
): KnownValue | undefined {
  switch (operation) {
    case "add":
      return float(type, left + right);
    case "sub":
      return float(type, left - right);
    case "mul":
      return float(type, left * right);
    case "div":
      return float(type, left / right);
    case "eq":
      return truth(left === right);
    case "ne":
      return truth(left !== right);
    case "lt":
      return truth(left < right);
    case "gt":
      return truth(left > right);
    case "le":
      return truth(left <= right);
    case "ge":
      return truth(left >= right);
    default:
      return undefined;
  }
}

/** An instruction with one operand that leaves an integer. */
function toInteger(type: "i32" | "i64", operation: string, operand: KnownValue): KnownValue | undefined {
  if (isFloat(operand)) {
    if (!operation.startsWith("trunc_f") || !Number.isFinite(operand.value)) return undefined;
    const value = BigInt(Math.trunc(operand.value));
    const result = integer(type, value);
    const back = operation.endsWith("_s") ? signed(type, BigInt(result.value)) : BigInt(result.value);
    return back === value ? result : undefined;
  }
  const { value } = operand;
  switch (operation) {
    case "eqz":
      return operand.type === type ? truth(value === 0n) : undefined;
    case "wrap_i64":
    case "extend_i32_u":
      return integer(type, value);
    case "extend_i32_s":
      return integer(type, signed("i32", value));
    case "extend8_s":
      return integer(type, BigInt.asIntN(8, value));
    case "extend16_s":
      return integer(type, BigInt.asIntN(16, value));
    case "extend32_s":
      return integer(type, BigInt.asIntN(32, value));
    default:
      return undefined;
  }
}

/** An instruction with one operand that leaves a float. */
function toFloat(type: "f32" | "f64", operation: string, operand: KnownValue): KnownValue | undefined {
  if (isInteger(operand)) {
    if (!operation.startsWith("convert_i")) return undefined;
    // From 64 bits to f32 there are two roundings here and one in the instruction: not the same.
    if (type === "f32" && operand.type === "i64") return undefined;
    const value = operation.endsWith("_s") ? signed(operand.type, operand.value) : operand.value;
    return float(type, Number(value));
  }
  switch (operation) {
    case "neg":
      return float(type, -operand.value);
    case "abs":
      return float(type, Math.abs(operand.value));
    case "sqrt":
      return float(type, Math.sqrt(operand.value));
    case "promote_f32":
    case "demote_f64":
      return float(type, operand.value);
    default:
      return undefined;
  }
}
