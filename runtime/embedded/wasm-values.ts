import type { RawValue, WasmValue } from "../../src/target/target.ts";
import type { EncodedValue } from "../suspend/messages.ts";
import { decodeValue, encodeValue } from "../suspend/value-codec.ts";

/** A value of the module's declared type from what the guest thread sent: two i64 halves for a v128, low first. */
export function decodeRaw(type: string, parts: readonly EncodedValue[]): RawValue {
  const [first, second] = parts;
  if (first === undefined) return { type: "unavailable", reason: "the engine does not keep it" };
  if (first.t === "none") return { type: "unavailable", reason: first.reason };
  if (first.t === "ref") return { type: "ref", value: first.text };
  const value = decodeValue(first);
  switch (type) {
    case "i32":
      return { type, value: Number(value) | 0 };
    case "i64":
      return { type, value: BigInt(value) };
    case "f32":
    case "f64":
      return { type, value: Number(value) };
    case "v128":
      return second === undefined || !("bits" in second)
        ? { type: "unavailable", reason: "half of it is missing" }
        : { type, value: halves(BigInt(value), BigInt(decodeValue(second))) };
    default:
      return { type: "unavailable", reason: `values of type ${type} cannot be read` };
  }
}

/** The inverse of `decodeRaw`, for values that can be written. */
export function encodeWasm(value: WasmValue): readonly EncodedValue[] {
  switch (value.type) {
    case "i32":
    case "i64":
    case "f32":
    case "f64":
      return [encodeValue(value.type, value.value)];
    case "v128": {
      const view = new DataView(value.value.buffer, value.value.byteOffset, 16);
      return [encodeValue("i64", view.getBigInt64(0, true)), encodeValue("i64", view.getBigInt64(8, true))];
    }
    case "ref":
      return [];
  }
}

function halves(low: bigint, high: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigInt64(0, low, true);
  view.setBigInt64(8, high, true);
  return new Uint8Array(view.buffer);
}
