import { constant } from "../symbols/static/static-place.ts";
import { hasSign, plainType, type Type } from "../symbols/types/type.ts";
import type { GuestCode, GuestInstruction, GuestNumber } from "../target/guest-code.ts";

/** How the numbers of a type lie in memory and in a Wasm value, in which those of less than 4 bytes are extended. */
export interface NumberShape {
  readonly wasm: GuestNumber;
  readonly size: 1 | 2 | 4 | 8;
  readonly sign: "signed" | "unsigned";
  readonly isBoolean: boolean;
}

/** `undefined` for a type that is no single number, or one that a Wasm value cannot hold. */
export function shapeOf(type: Type): NumberShape | undefined {
  const plain = plainType(type);
  if (plain.kind !== "base" && plain.kind !== "enumeration" && plain.kind !== "pointer") return undefined;
  const size = sizes.find((known) => known === plain.sizeBytes);
  if (size === undefined) return undefined;
  const encoding = plain.kind === "base" ? plain.encoding : "unsigned";
  if (encoding === "complex" || encoding === "unknown") return undefined;
  if (encoding === "float")
    return size < 4
      ? undefined
      : { wasm: size === 8 ? "f64" : "f32", size, sign: "signed", isBoolean: false };
  const sign = plain.kind !== "pointer" && hasSign(plain) ? "signed" : "unsigned";
  return { wasm: size === 8 ? "i64" : "i32", size, sign, isBoolean: encoding === "boolean" };
}

const sizes = [1, 2, 4, 8] as const;

export const apply = (instruction: GuestInstruction, ...operands: readonly GuestCode[]): GuestCode => ({
  op: "apply",
  instruction,
  operands,
});

/** A number as an i64 that holds all its values but those of 8 unsigned bytes. */
export function asI64(code: GuestCode, { wasm, sign }: NumberShape): GuestCode {
  if (wasm === "i64") return code;
  if (code.op === "const")
    return constant("i64", sign === "signed" ? code.value : BigInt.asUintN(32, BigInt(code.value)));
  return apply(sign === "signed" ? "i64.extend_i32_s" : "i64.extend_i32_u", code);
}

/** A number as the nearest f64. */
export function asF64(code: GuestCode, { wasm, sign }: NumberShape): GuestCode {
  if (wasm === "f64") return code;
  if (wasm === "f32") return apply("f64.promote_f32", code);
  return apply(`f64.convert_${wasm}_${sign === "signed" ? "s" : "u"}`, code);
}

/** A number in another type, as a cast in C converts it. */
export function converted(code: GuestCode, from: NumberShape, to: NumberShape): GuestCode {
  if (to.isBoolean) return truthOfNumber(code, from);
  if (to.wasm === "f64") return asF64(code, from);
  if (to.wasm === "f32") return from.wasm === "f32" ? code : apply("f32.demote_f64", asF64(code, from));
  const isFloat = from.wasm === "f32" || from.wasm === "f64";
  if (to.wasm === "i64") return isFloat ? { op: "truncate", value: asF64(code, from) } : asI64(code, from);
  const wide = isFloat ? ({ op: "truncate", value: asF64(code, from) } as const) : code;
  const narrow = isFloat || from.wasm === "i64" ? wrapped(wide) : wide;
  // What fits before and after needs no more.
  const fits =
    !isFloat &&
    from.wasm === "i32" &&
    from.size <= to.size &&
    (from.sign === to.sign || (from.size < to.size && from.sign === "unsigned"));
  return fits ? narrow : extended(narrow, to);
}

/** The low bytes of an i32 as a number of a type. */
export function extended(code: GuestCode, { size, sign }: NumberShape): GuestCode {
  if (size >= 4) return code;
  if (sign === "signed") return apply(size === 1 ? "i32.extend8_s" : "i32.extend16_s", code);
  return apply("i32.and", code, constant("i32", size === 1 ? 0xff : 0xffff));
}

/** An i32 of the low half of an i64. */
export function wrapped(code: GuestCode): GuestCode {
  return code.op === "const" ? constant("i32", code.value) : apply("i32.wrap_i64", code);
}

/** C's truth of a number, as an i32 that is 0 or 1. */
export function truthOfNumber(code: GuestCode, { wasm }: NumberShape): GuestCode {
  // A comparison is one already.
  if (code.op === "apply" && /\.(?:eqz?|ne|[lg][te](?:_[su])?)$/.test(code.instruction)) return code;
  if (wasm === "f32" || wasm === "f64") {
    const wide = wasm === "f32" ? apply("f64.promote_f32", code) : code;
    return apply("f64.ne", wide, { op: "const", type: "f64", value: 0 });
  }
  return apply(`${wasm}.ne`, code, constant(wasm, 0));
}
