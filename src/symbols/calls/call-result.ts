import type { WasmValue } from "../../target/target.ts";
import type { FunctionSignature } from "../module-facts.ts";
import { plainType, sizeOf, type Type } from "../types/type.ts";
import { floatBytes, integerBytes } from "../values/number.ts";
import { singleNumber } from "./argument-form.ts";

/** How a function gives its result back. */
export type CallResult =
  | { readonly kind: "none" }
  /** At an address that it is given as its first parameter. */
  | { readonly kind: "in-memory"; readonly address: bigint }
  | { readonly kind: "direct"; bytes(results: readonly WasmValue[]): Uint8Array }
  /** Not as any convention has it that is known here. */
  | { readonly kind: "unknown" };

/** By its type and by what the code really gives. `reserve` makes room in memory. */
export function resultOf(type: Type, { results }: FunctionSignature, reserve: () => bigint): CallResult {
  const plain = plainType(type);
  const size = sizeOf(type) ?? 0;
  // Constructors of C++ give the object back all the same.
  if (plain.kind === "void") return { kind: "none" };
  if (plain.kind === "record" && size === 0)
    return results.length === 0 ? { kind: "none" } : { kind: "unknown" };
  const [only] = results;
  if (only === undefined) {
    const isIndirect = plain.kind === "record" || plain.kind === "array" || size > 8;
    return isIndirect ? { kind: "in-memory", address: reserve() } : { kind: "unknown" };
  }
  const direct =
    directType(type) ?? (plain.kind === "record" && plain.language === "rust" ? integerFor(size) : undefined);
  if (results.length > 1 || only !== direct) return { kind: "unknown" };
  return { kind: "direct", bytes: ([value]) => (value ? bytesOf(value, size) : new Uint8Array(size)) };
}

/** The Wasm type that a value is in by itself; `undefined` where it is in memory. A record of one number is as that number. */
function directType(type: Type): string | undefined {
  const plain = singleNumber(type);
  if (!plain) return undefined;
  const size = sizeOf(type) ?? 0;
  if (plain.kind === "base" && plain.encoding === "float")
    return size === 8 ? "f64" : size === 4 ? "f32" : undefined;
  if (plain.kind !== "base" && plain.kind !== "enumeration" && plain.kind !== "pointer") return undefined;
  return size > 8 ? undefined : size > 4 ? "i64" : "i32";
}

/** Rust gives small records back as one integer. Source: rustc_ty_utils, `fn_abi_adjust_for_abi`. */
const integerFor = (size: number): string | undefined => (size <= 4 ? "i32" : size <= 8 ? "i64" : undefined);

function bytesOf(value: WasmValue, size: number): Uint8Array {
  switch (value.type) {
    case "i32":
      return integerBytes(BigInt(value.value), size);
    case "i64":
      return integerBytes(value.value, size);
    case "f32":
    case "f64":
      return floatBytes(value.value, size) ?? new Uint8Array(size);
    default:
      return new Uint8Array(size);
  }
}
