import type { GuestCode, GuestNumber } from "../../target/guest-code.ts";
import type { BitRange, Type } from "../types/type.ts";

/** A typed value that is not known yet: what it is, and how to find its bytes whenever the guest stands at one place. */
export interface StaticValue {
  readonly type: Type;
  readonly place: StaticPlace;
  /** As those of a `Value`. */
  readonly bits?: BitRange;
}

export type StaticPlace =
  /** At the address that `address` comes to, plus `offset` bytes. */
  | { readonly kind: "memory"; readonly address: GuestCode; readonly offset: number }
  /** The low bytes of what `code` comes to. */
  | { readonly kind: "code"; readonly type: GuestNumber; readonly code: GuestCode }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Never there: optimised out. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** There, but in a way that only a stop can find. */
  | { readonly kind: "unknown" };

/** Code for a constant, wrapped to its type. */
export function constant(type: "i32" | "i64", value: bigint | number): GuestCode {
  const wide = BigInt(value);
  return type === "i32"
    ? { op: "const", type, value: Number(BigInt.asIntN(32, wide)) }
    : { op: "const", type, value: BigInt.asIntN(64, wide) };
}

/** Code for a sum of two addresses or integers of one type. */
export function sum(type: "i32" | "i64", left: GuestCode, right: GuestCode): GuestCode {
  if (right.op === "const" && BigInt(right.value) === 0n) return left;
  if (left.op === "const" && right.op === "const")
    return constant(type, BigInt(left.value) + BigInt(right.value));
  return { op: "apply", instruction: `${type}.add`, operands: [left, right] };
}
