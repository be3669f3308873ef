/**
 * An entry of the expression machine's stack: an integer or a floating-point number of some width.
 *
 * `bits` is the pattern as an unsigned number when `size` > 0. `size` is in bytes; 0 is a constant that
 * takes on the width of whatever it meets, and its `bits` then hold the signed value as written.
 * DWARF gives untyped entries the size of an address; entries read from 64-bit Wasm locals are wider than
 * that, and LLVM computes with them all the same.
 */
export interface MachineValue {
  readonly bits: bigint;
  readonly size: number;
  readonly encoding: MachineEncoding;
}

/** `generic` is DWARF's untyped integer, whose sign is up to the operator. */
export type MachineEncoding = "generic" | "signed" | "unsigned" | "float";

/** A base type as the machine needs to know it. `size` in bytes. */
export interface MachineType {
  readonly size: number;
  readonly encoding: MachineEncoding;
}

/** Operands that an operator cannot take, such as a division by zero. Caught by the machine. */
export class MachineFault extends Error {}

/** An untyped integer of `size` bytes from any integer, wrapped to that width. */
export function genericValue(value: bigint, size: number): MachineValue {
  return { bits: BigInt.asUintN(size * 8, value), size, encoding: "generic" };
}

/** An untyped constant, kept as written until it meets an operand that has a width. */
export function constantValue(value: bigint): MachineValue {
  return { bits: value, size: 0, encoding: "generic" };
}

/** A value of a type from its little-endian bytes, of which there must be enough. */
export function valueFromBytes(bytes: Uint8Array, { size, encoding }: MachineType): MachineValue {
  if (bytes.length < size) throw new MachineFault("a typed value has too few bytes");
  let bits = 0n;
  for (let index = size - 1; index >= 0; index--) bits = (bits << 8n) | BigInt(bytes[index] as number);
  return { bits, size, encoding };
}

/** Little-endian bytes: as many as the value has, integers extended to at least eight since types are wider at times. */
export function bytesOfValue(value: MachineValue): Uint8Array<ArrayBuffer> {
  const isFloat = value.encoding === "float";
  const bytes = new Uint8Array(isFloat ? value.size : Math.max(value.size, 8));
  let rest = BigInt.asUintN(bytes.length * 8, value.encoding === "signed" ? signedOf(value) : value.bits);
  for (let index = 0; index < bytes.length; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

/** The value as an unsigned address of `addressSize` bytes. @throws {MachineFault} for a floating-point number. */
export function addressOfValue(value: MachineValue, addressSize: number): bigint {
  if (value.encoding === "float") throw new MachineFault("a floating-point number is used as an address");
  return BigInt.asUintN(addressSize * 8, value.bits);
}

/** The integer with its sign: untyped values count as signed. */
export function signedOf(value: MachineValue): bigint {
  if (value.size === 0 || value.encoding === "unsigned") return value.bits;
  return BigInt.asIntN(value.size * 8, value.bits);
}

/** The number a floating-point entry holds. @throws {MachineFault} unless it has 4 or 8 bytes. */
export function floatOf({ bits, size }: MachineValue): number {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) {
    view.setUint32(0, Number(bits));
    return view.getFloat32(0);
  }
  if (size !== 8) throw new MachineFault(`a floating-point number of ${size} bytes cannot be computed with`);
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** The entry for a number in a floating-point type. @throws {MachineFault} unless `size` is 4 or 8. */
export function floatValue(value: number, size: number): MachineValue {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) {
    view.setFloat32(0, value);
    return { bits: BigInt(view.getUint32(0)), size, encoding: "float" };
  }
  if (size !== 8) throw new MachineFault(`a floating-point number of ${size} bytes cannot be computed with`);
  view.setFloat64(0, value);
  return { bits: view.getBigUint64(0), size, encoding: "float" };
}

/** The same number in another type (`DW_OP_convert`): C's conversion rules. */
export function convertValue(value: MachineValue, to: MachineType): MachineValue {
  if (to.encoding === "float") {
    return floatValue(value.encoding === "float" ? floatOf(value) : Number(signedOf(value)), to.size);
  }
  let integer: bigint;
  if (value.encoding === "float") {
    const number = Math.trunc(floatOf(value));
    if (!Number.isFinite(number))
      throw new MachineFault("a value that is no number is converted to an integer");
    integer = BigInt(number);
  } else {
    // Untyped values are unsigned here, since the standard converts them as the address-sized unsigned type.
    integer = value.encoding === "signed" ? signedOf(value) : value.bits;
  }
  return { bits: BigInt.asUintN(to.size * 8, integer), size: to.size, encoding: to.encoding };
}

/** The same bits as another type (`DW_OP_reinterpret`); cut or filled with zeros where sizes differ. */
export function reinterpretValue(value: MachineValue, to: MachineType): MachineValue {
  return { bits: BigInt.asUintN(to.size * 8, value.bits), size: to.size, encoding: to.encoding };
}
