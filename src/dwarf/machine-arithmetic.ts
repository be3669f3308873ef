import {
  DW_OP_abs,
  DW_OP_and,
  DW_OP_div,
  DW_OP_eq,
  DW_OP_ge,
  DW_OP_gt,
  DW_OP_le,
  DW_OP_lt,
  DW_OP_minus,
  DW_OP_mod,
  DW_OP_mul,
  DW_OP_ne,
  DW_OP_neg,
  DW_OP_not,
  DW_OP_or,
  DW_OP_plus,
  DW_OP_shl,
  DW_OP_shr,
  DW_OP_shra,
  DW_OP_xor,
} from "./constants.ts";
import {
  constantValue,
  floatOf,
  floatValue,
  MachineFault,
  type MachineType,
  type MachineValue,
  signedOf,
} from "./machine-value.ts";

/** `DW_OP_abs`, `DW_OP_neg` or `DW_OP_not` of one entry. @throws {MachineFault} */
export function unary(opcode: number, value: MachineValue): MachineValue {
  if (value.encoding === "float") {
    if (opcode === DW_OP_not) throw new MachineFault("a floating-point number has no bits to invert");
    const number = floatOf(value);
    return floatValue(opcode === DW_OP_abs ? Math.abs(number) : -number, value.size);
  }
  const signed = signedOf(value);
  switch (opcode) {
    case DW_OP_abs:
      return sized(signed < 0n ? -signed : signed, value);
    case DW_OP_neg:
      return sized(-signed, value);
    default:
      return sized(~signed, value);
  }
}

/**
 * An arithmetic, logical or relational operator of two entries; `left` was pushed first.
 *
 * Operands of different widths meet in the wider one, and an untyped operand takes the other's type:
 * LLVM mixes 64-bit locals with constants, which the standard's single generic width does not foresee.
 * @throws {MachineFault} for a division by zero or operands the operator cannot take.
 */
export function binary(opcode: number, left: MachineValue, right: MachineValue): MachineValue {
  const type = meetingType(left, right);
  if (type.encoding === "float") return floatBinary(opcode, left, right, type.size);
  const a = inType(left, type);
  const b = inType(right, type);
  switch (opcode) {
    case DW_OP_and:
      return sized(a & b, type);
    case DW_OP_or:
      return sized(a | b, type);
    case DW_OP_xor:
      return sized(a ^ b, type);
    case DW_OP_plus:
      return sized(a + b, type);
    case DW_OP_minus:
      return sized(a - b, type);
    case DW_OP_mul:
      return sized(a * b, type);
    case DW_OP_div:
      if (b === 0n) throw new MachineFault("the expression divides by zero");
      return sized(a / b, type);
    case DW_OP_mod:
      if (b === 0n) throw new MachineFault("the expression divides by zero");
      return sized(type.encoding === "signed" ? a % b : unsigned(a, type) % unsigned(b, type), type);
    case DW_OP_shl:
      return sized(a << shiftCount(right, type), type);
    case DW_OP_shr:
      return sized(unsigned(a, type) >> shiftCount(right, type), type);
    case DW_OP_shra:
      return sized(signedOf(sized(a, type)) >> shiftCount(right, type), type);
    default:
      return truth(compares(opcode, a, b));
  }
}

function floatBinary(opcode: number, left: MachineValue, right: MachineValue, size: number): MachineValue {
  const a = left.encoding === "float" ? floatOf(left) : Number(signedOf(left));
  const b = right.encoding === "float" ? floatOf(right) : Number(signedOf(right));
  switch (opcode) {
    case DW_OP_plus:
      return floatValue(a + b, size);
    case DW_OP_minus:
      return floatValue(a - b, size);
    case DW_OP_mul:
      return floatValue(a * b, size);
    case DW_OP_div:
      return floatValue(a / b, size);
    case DW_OP_eq:
    case DW_OP_ge:
    case DW_OP_gt:
    case DW_OP_le:
    case DW_OP_lt:
    case DW_OP_ne:
      return truth(compares(opcode, a, b));
    default:
      throw new MachineFault("an integer operator is applied to floating-point numbers");
  }
}

function compares<T extends number | bigint>(opcode: number, a: T, b: T): boolean {
  switch (opcode) {
    case DW_OP_eq:
      return a === b;
    case DW_OP_ne:
      return a !== b;
    case DW_OP_ge:
      return a >= b;
    case DW_OP_gt:
      return a > b;
    case DW_OP_le:
      return a <= b;
    default:
      return a < b;
  }
}

function truth(holds: boolean): MachineValue {
  return constantValue(holds ? 1n : 0n);
}

function meetingType(left: MachineValue, right: MachineValue): MachineType {
  const size = Math.max(left.size, right.size);
  if (left.encoding === "float") return left;
  if (right.encoding === "float") return right;
  return { size, encoding: left.encoding === "generic" ? right.encoding : left.encoding };
}

/** Integer of `value` in a type at least as wide; untyped entries count as signed. */
function inType(value: MachineValue, type: MachineType): bigint {
  const signed = signedOf(value);
  if (type.encoding !== "unsigned" || type.size === 0) return signed;
  return BigInt.asUintN(type.size * 8, signed);
}

function unsigned(value: bigint, type: MachineType): bigint {
  return BigInt.asUintN((type.size || 8) * 8, value);
}

/** Shifting by the width or more gives 0 (or the sign), as shifting by the width does. */
function shiftCount(value: MachineValue, type: MachineType): bigint {
  const width = BigInt((type.size || 8) * 8);
  const count = value.size === 0 ? value.bits : BigInt.asUintN(value.size * 8, value.bits);
  return count < 0n || count > width ? width : count;
}

/** `value` wrapped to the width of `type`; untyped constants stay as they are, within 64 bits. */
function sized(value: bigint, { size, encoding }: MachineType): MachineValue {
  if (size === 0) return constantValue(value < 0n ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value));
  return { bits: BigInt.asUintN(size * 8, value), size, encoding };
}
