import type { WasmValue } from "../../target/target.ts";
import type { FunctionSignature } from "../symbols-parts.ts";
import { plainType, sizeOf, type Type } from "../types/type.ts";
import { floatBytes, integerBytes } from "../values/number.ts";

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
  const isNothing = plain.kind === "void" || (plain.kind === "record" && size === 0);
  if (isNothing) return results.length === 0 ? { kind: "none" } : { kind: "unknown" };
  const [only] = results;
  if (only === undefined) {
    const isIndirect = plain.kind === "record" || plain.kind === "array" || size > 8;
    return isIndirect ? { kind: "in-memory", address: reserve() } : { kind: "unknown" };
  }
  if (results.length > 1 || only !== directType(type)) return { kind: "unknown" };
  return { kind: "direct", bytes: ([value]) => (value ? bytesOf(value, size) : new Uint8Array(size)) };
}

/** The Wasm type that a value is in by itself; `undefined` where it is in memory. A record of one number is as that number. */
function directType(type: Type): string | undefined {
  const plain = plainType(type);
  const size = sizeOf(type) ?? 0;
  if (plain.kind === "record") {
    const [field] = plain.members;
    const isAlone = plain.members.length === 1 && field && sizeOf(field.type) === size && !plain.variants;
    return isAlone ? directType(field.type) : undefined;
  }
  if (plain.kind === "base" && plain.encoding === "float")
    return size === 8 ? "f64" : size === 4 ? "f32" : undefined;
  if (plain.kind !== "base" && plain.kind !== "enumeration" && plain.kind !== "pointer") return undefined;
  return size > 8 ? undefined : size > 4 ? "i64" : "i32";
}

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
