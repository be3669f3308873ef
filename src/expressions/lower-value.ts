import type { StaticPlace, StaticValue } from "../symbols/static/static-place.ts";
import { constant, sum } from "../symbols/static/static-place.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { readScalar } from "../symbols/values/convert.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { GuestCode, GuestNumber } from "../target/guest-code.ts";
import { apply, extended, type NumberShape, shapeOf, wrapped } from "./lower-number.ts";

/** Thrown for what only a stop can evaluate. */
export class NeedsStop extends Error {
  override readonly name = "NeedsStop";
}

/** A number of the language's, with the code that finds it. */
export interface LoweredNumber {
  readonly type: Type;
  readonly shape: NumberShape;
  readonly code: GuestCode;
}

/** A number as a value. */
export function asValue({ type, shape, code }: LoweredNumber): StaticValue {
  return { type, place: { kind: "code", type: shape.wasm, code } };
}

/** The number in a value. @throws {NeedsStop} @throws {ExpressionError} for what is never there. */
export function numberIn(value: StaticValue, column: number): LoweredNumber {
  const { type, place, bits } = value;
  if (place.kind === "unavailable") throw new ExpressionError(place.reason, column);
  const shape = shapeOf(type);
  if (!shape) throw new NeedsStop();
  if (bits) return { type, shape, code: bitField(place, bits, shape) };
  switch (place.kind) {
    case "memory": {
      const { address, offset } = place;
      const { wasm, size, sign } = shape;
      return { type, shape, code: { op: "load", type: wasm, size, sign, address, offset } };
    }
    case "code":
      return { type, shape, code: lowBytes(place.code, place.type, shape) };
    case "bytes":
      return { type, shape, code: constantIn(type, place.bytes, shape) };
    default:
      throw new NeedsStop();
  }
}

/** Where a value in memory is. */
export function addressIn({ place }: StaticValue, type: "i32" | "i64"): GuestCode {
  if (place.kind !== "memory") throw new NeedsStop();
  return sum(type, place.address, constant(type, place.offset));
}

/** A part of a place. */
export function within(place: StaticPlace, offset: number, size: number): StaticPlace {
  switch (place.kind) {
    case "memory":
      return { ...place, offset: place.offset + offset };
    case "bytes":
      return offset + size <= place.bytes.length
        ? { kind: "bytes", bytes: place.bytes.subarray(offset, offset + size) }
        : { kind: "unknown" };
    case "code":
      return offset === 0 ? place : { kind: "unknown" };
    default:
      return place;
  }
}

/** A value of less than its slot's bytes is in the low ones. */
function lowBytes(code: GuestCode, slot: GuestNumber, shape: NumberShape): GuestCode {
  if (slot === shape.wasm) return isExact(code) ? code : extended(code, shape);
  if (slot === "i64" && shape.wasm === "i32") return extended(wrapped(code), shape);
  throw new NeedsStop();
}

/** What is computed here is extended already; what a compiler keeps in a slot may not be. */
const isExact = (code: GuestCode): boolean => code.op !== "local" && code.op !== "global";

function constantIn(type: Type, bytes: Uint8Array, shape: NumberShape): GuestCode {
  if (bytes.length < shape.size) throw new NeedsStop();
  const scalar = readScalar(type, bytes.subarray(0, shape.size));
  if (!scalar) throw new NeedsStop();
  if (shape.wasm === "i32" || shape.wasm === "i64") return constant(shape.wasm, BigInt(scalar.value));
  return { op: "const", type: shape.wasm, value: Number(scalar.value) };
}

function bitField(place: StaticPlace, bits: NonNullable<StaticValue["bits"]>, shape: NumberShape): GuestCode {
  const plain = shape.wasm === "i32" || shape.wasm === "i64";
  const bytes = Math.ceil(((bits.offset % 8) + bits.size) / 8);
  if (place.kind !== "memory" || !plain || bytes > 8 || bits.size > shape.size * 8) throw new NeedsStop();
  const size = bytes > 4 ? 8 : bytes > 2 ? 4 : (bytes as 1 | 2);
  const wasm = size === 8 ? "i64" : "i32";
  const width = size === 8 ? 64 : 32;
  const { address, offset } = within(place, Math.floor(bits.offset / 8), bytes) as typeof place;
  const storage: GuestCode = { op: "load", type: wasm, size, sign: "unsigned", address, offset };
  const up = apply(`${wasm}.shl`, storage, constant(wasm, width - (bits.offset % 8) - bits.size));
  const sign = shape.sign === "signed" ? "s" : "u";
  const field = apply(`${wasm}.shr_${sign}`, up, constant(wasm, width - bits.size));
  if (wasm === shape.wasm) return field;
  if (wasm === "i64") return wrapped(field);
  return apply(shape.sign === "signed" ? "i64.extend_i32_s" : "i64.extend_i32_u", field);
}

/** Whether a type is used as an address: pointers and arrays. */
export function isAddressLike({ type }: StaticValue): boolean {
  const { kind } = plainType(type);
  return kind === "pointer" || kind === "array";
}
