import { accessSizeBytes } from "../wasm/disassemble.ts";
import { float, integer, type KnownValue, type NumberType } from "./known-value.ts";

/** What a load does with the bytes at its address. */
export interface LoadShape {
  readonly type: NumberType;
  /** Bytes. */
  readonly size: number;
  readonly isSigned: boolean;
}

/** Of a load of a number, by its name in the text format. */
export function findLoad(mnemonic: string): LoadShape | undefined {
  const found = /^(i32|i64|f32|f64)\.(?:atomic\.)?load(?:8|16|32)?(_s|_u)?$/.exec(mnemonic);
  if (!found) return undefined;
  return { type: found[1] as NumberType, size: accessSizeBytes(mnemonic), isSigned: found[2] === "_s" };
}

/** Bytes that a store writes; `undefined` for other instructions. */
export function storeSize(mnemonic: string): number | undefined {
  return /^(?:[if](?:32|64)|v128)\.(?:atomic\.)?store/.test(mnemonic) ? accessSizeBytes(mnemonic) : undefined;
}

/** What a load leaves of these bytes, as many as it reads. */
export function readLoaded({ type, size, isSigned }: LoadShape, bytes: Uint8Array): KnownValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "f32") return float(type, view.getFloat32(0, true));
  if (type === "f64") return float(type, view.getFloat64(0, true));
  let value = 0n;
  for (let at = size - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] as number);
  return integer(type, isSigned ? BigInt.asIntN(size * 8, value) : value);
}
