import { type BaseType, type EnumerationType, isCharacter } from "../types/type.ts";
import { readInteger } from "../values/number.ts";
import { charText } from "./char-text.ts";
import { floatText } from "./float-text.ts";

/** How integers are written; `decimal-only` writes whatever is one inside as a number: characters, enumerators, addresses. */
export type IntegerFormat = "decimal" | "hexadecimal" | "binary" | "octal" | "character" | "decimal-only";

/** A value of a base type: `42`, `97 'a'`, `3.5`, `true`, `1.5 - 2i`. `bytes` are as many as the type has, `bitSize` as many of their bits as are its own. */
export function baseText(
  type: BaseType,
  bytes: Uint8Array,
  format: IntegerFormat,
  bitSize: number = bytes.length * 8,
): string {
  if (type.name === "()") return "()";
  switch (type.encoding) {
    case "boolean": {
      const value = readInteger(bytes, "unsigned");
      // Any other number in a truth value is worth seeing: it is a bug in the guest, or not a truth value.
      const isTruth = value <= 1n && format !== "decimal-only";
      return isTruth ? String(value === 1n) : integerText(value, bytes.length, format, bitSize);
    }
    case "signed":
    case "unsigned":
    case "signed-char":
    case "unsigned-char":
    case "utf": {
      const value = readInteger(bytes, type.encoding.startsWith("signed") ? "signed" : "unsigned");
      const number = integerText(value, bytes.length, format, bitSize);
      const isNumber = (type.encoding === "signed" || type.encoding === "unsigned") && !isCharacter(type);
      if (isNumber) return number;
      if (bytes.length > 4 || (format !== "decimal" && format !== "hexadecimal")) return number;
      return `${number} ${charText(Number(readInteger(bytes, "unsigned")), bytes.length)}`;
    }
    case "float":
      return floatText(bytes) ?? hexText(bytes);
    case "complex": {
      const half = bytes.length / 2;
      const real = floatText(bytes.subarray(0, half));
      const imaginary = floatText(bytes.subarray(half));
      if (real === undefined || imaginary === undefined) return hexText(bytes);
      return imaginary.startsWith("-") ? `${real} - ${imaginary.slice(1)}i` : `${real} + ${imaginary}i`;
    }
    case "unknown":
      return hexText(bytes);
  }
}

/** An integer; in other bases than ten as the bits of its type or bit-field, without a sign. */
export function integerText(
  value: bigint,
  sizeBytes: number,
  format: IntegerFormat,
  bitSize: number = sizeBytes * 8,
): string {
  const bits = BigInt.asUintN(bitSize, value);
  switch (format) {
    case "decimal":
    case "decimal-only":
      return value.toString();
    case "hexadecimal":
      return `0x${bits.toString(16)}`;
    case "binary":
      return `0b${bits.toString(2)}`;
    case "octal":
      return `0o${bits.toString(8)}`;
    case "character":
      return bits <= 0x10ffffn ? charText(Number(bits), Math.min(sizeBytes, 4)) : value.toString();
  }
}

/** An address with all the digits its type has: `0x00001234`; as a number like any other only in formats that are for these. */
export function addressText(address: bigint, sizeBytes: number, format: IntegerFormat = "decimal"): string {
  if (format !== "decimal" && format !== "hexadecimal" && format !== "character") {
    return integerText(address, sizeBytes, format);
  }
  return `0x${address.toString(16).padStart(sizeBytes * 2, "0")}`;
}

/** An enumerator's name, `READ | EXECUTE` for flags, or the number when no name fits. */
export function enumerationText(
  type: EnumerationType,
  bytes: Uint8Array,
  format: IntegerFormat,
  bitSize: number = bytes.length * 8,
): string {
  const value = readInteger(bytes, type.isSigned ? "signed" : "unsigned");
  if (format !== "decimal" && format !== "hexadecimal")
    return integerText(value, bytes.length, format, bitSize);
  const exact = type.enumerators.find((enumerator) => enumerator.value === value);
  if (exact) return exact.name;
  return flagsText(type, value) ?? integerText(value, bytes.length, format, bitSize);
}

/** Bytes of a value nobody can read: `0x0102…` from the lowest address up. */
function hexText(bytes: Uint8Array): string {
  return `0x${Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function flagsText(type: EnumerationType, value: bigint): string | undefined {
  if (value <= 0n || !areFlags(type)) return undefined;
  const names: string[] = [];
  let rest = value;
  for (const enumerator of type.enumerators) {
    if (!isSingleBit(enumerator.value) || (rest & enumerator.value) === 0n) continue;
    names.push(enumerator.name);
    rest &= ~enumerator.value;
  }
  if (names.length === 0) return undefined;
  if (rest !== 0n) names.push(`0x${rest.toString(16)}`);
  return names.join(" | ");
}

/**
 * Whether the enumerators are bits to be combined rather than choices.
 *
 * They are when all are single bits, zero, or unions of the single bits, unless they merely count: 0, 1, 2
 * are choices, and so are 1, 2, 3, 4.
 */
function areFlags({ enumerators }: EnumerationType): boolean {
  let singles = 0n;
  let singleCount = 0;
  for (const { value } of enumerators) {
    if (value < 0n) return false;
    if (isSingleBit(value) && (singles & value) === 0n) {
      singles |= value;
      singleCount++;
    }
  }
  if (singleCount < 2 || enumerators.some(({ value }) => (value & ~singles) !== 0n)) return false;
  const values = [...new Set(enumerators.map(({ value }) => value))].sort((a, b) => (a < b ? -1 : 1));
  const counts = values.every((value, index) => index === 0 || value === (values[index - 1] as bigint) + 1n);
  return !counts || (values.length === 2 && values[0] === 1n);
}

function isSingleBit(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}
