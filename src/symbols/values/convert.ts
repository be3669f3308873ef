import { hasSign, type PlainType, plainType, type Type } from "../types/type.ts";
import { floatBytes, integerBytes, readFloat, readInteger } from "./number.ts";

/** A value that fits in one number. Addresses, characters, truth values and enumerators are integers. */
export type Scalar =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number };

/** The number in a scalar's bytes; `undefined` for types that are no single number. */
export function readScalar(type: Type, bytes: Uint8Array): Scalar | undefined {
  const plain = plainType(type);
  switch (plain.kind) {
    case "base":
      if (plain.encoding === "complex" || plain.encoding === "unknown") return undefined;
      if (plain.encoding === "float") {
        const value = readFloat(bytes);
        return value === undefined ? undefined : { kind: "float", value };
      }
      return { kind: "integer", value: readInteger(bytes, hasSign(plain) ? "signed" : "unsigned") };
    case "enumeration":
      return { kind: "integer", value: readInteger(bytes, plain.isSigned ? "signed" : "unsigned") };
    case "pointer":
      return { kind: "integer", value: readInteger(bytes, "unsigned") };
    default:
      return undefined;
  }
}

/** Bytes of a number in a type, converted and wrapped as a C cast does; `undefined` for types that are no single number. */
export function scalarBytes(type: Type, scalar: Scalar): Uint8Array | undefined {
  const plain = plainType(type);
  if (plain.kind === "base" && plain.encoding === "float") {
    return floatBytes(Number(scalar.value), plain.sizeBytes);
  }
  if (plain.kind === "base" && plain.encoding === "boolean") {
    return integerBytes(isTrue(scalar) ? 1n : 0n, plain.sizeBytes);
  }
  if (!isInteger(plain)) return undefined;
  return integerBytes(toInteger(scalar), plain.sizeBytes);
}

/** C's truth: anything but zero. */
export function isTrue(scalar: Scalar): boolean {
  return scalar.kind === "float" ? scalar.value !== 0 : scalar.value !== 0n;
}

/** The integer part of a number; 0 for what has none. */
export function toInteger(scalar: Scalar): bigint {
  if (scalar.kind === "integer") return scalar.value;
  return Number.isFinite(scalar.value) ? BigInt(Math.trunc(scalar.value)) : 0n;
}

/** Least and greatest integer of a type, or of `bitSize` bits of it; `undefined` where it holds no integers. */
export function integerLimits(
  type: Type,
  bitSize?: number,
): { readonly least: bigint; readonly greatest: bigint } | undefined {
  const plain = plainType(type);
  if (!isInteger(plain)) return undefined;
  if (plain.kind === "base" && plain.encoding === "boolean") return { least: 0n, greatest: 1n };
  const bits = BigInt(bitSize ?? plain.sizeBytes * 8);
  const isSigned = plain.kind !== "pointer" && hasSign(plain);
  if (isSigned) return { least: -(1n << (bits - 1n)), greatest: (1n << (bits - 1n)) - 1n };
  return { least: 0n, greatest: (1n << bits) - 1n };
}

type IntegerType = Extract<PlainType, { kind: "base" | "enumeration" | "pointer" }>;

function isInteger(plain: PlainType): plain is IntegerType {
  if (plain.kind === "base") return !["float", "complex", "unknown"].includes(plain.encoding);
  return plain.kind === "enumeration" || plain.kind === "pointer";
}
