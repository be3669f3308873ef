import type { EncodedValue } from "./messages.ts";

const view = new DataView(new ArrayBuffer(8));

const hex = (bytes: number): string => {
  let text = "";
  for (let i = 0; i < bytes; i++) text += view.getUint8(i).toString(16).padStart(2, "0");
  return text;
};

/** A JavaScript value of a Wasm type as exact text. Floats keep every bit JavaScript kept. */
export function encodeValue(type: "i32" | "i64" | "f32" | "f64", value: number | bigint): EncodedValue {
  switch (type) {
    case "i32":
      view.setInt32(0, Number(value));
      return { t: type, bits: hex(4) };
    case "f32":
      view.setFloat32(0, Number(value));
      return { t: type, bits: hex(4) };
    case "f64":
      view.setFloat64(0, Number(value));
      return { t: type, bits: hex(8) };
    case "i64":
      view.setBigInt64(0, BigInt(value));
      return { t: type, bits: hex(8) };
  }
}

/** The inverse of `encodeValue`. i32 comes back signed, i64 as a signed bigint. */
export function decodeValue(encoded: Extract<EncodedValue, { readonly bits: string }>): number | bigint {
  view.setBigUint64(0, BigInt(`0x${encoded.bits}`) << (encoded.bits.length === 8 ? 32n : 0n));
  switch (encoded.t) {
    case "i32":
      return view.getInt32(0);
    case "f32":
      return view.getFloat32(0);
    case "f64":
      return view.getFloat64(0);
    case "i64":
      return view.getBigInt64(0);
  }
}
