import { unavailable } from "../base/unavailable.ts";
import type { WasmHome } from "../dwarf/location-description.ts";
import { floatValue, genericValue, type MachineValue } from "../dwarf/machine-value.ts";
import type { RawValue, WasmValue } from "../target/target.ts";
import type { BaseType, Encoding, Type } from "./types/type.ts";
import { floatBytes, integerBytes, readFloat, readInteger } from "./values/number.ts";
import type { Value } from "./values/value.ts";

const base = (name: string, sizeBytes: number, encoding: Encoding): BaseType => ({
  kind: "base",
  name,
  sizeBytes,
  encoding,
});

const i32 = base("i32", 4, "signed");
const i64 = base("i64", 8, "signed");
const f32 = base("f32", 4, "float");
const f64 = base("f64", 8, "float");
const v128 = base("v128", 16, "unknown");
const reference: Type = { kind: "broken", name: "ref", reason: "a reference" };

/** The type of values in a local or global of a Wasm type, by that one's name. */
export function wasmType(name: string): Type {
  return [i32, i64, f32, f64, v128].find((type) => type.name === name) ?? reference;
}

/** A Wasm value as the expression machine takes it; `undefined` for references. */
export function machineValueOf(value: WasmValue): MachineValue | undefined {
  switch (value.type) {
    case "i32":
      return genericValue(BigInt(value.value), 4);
    case "i64":
      return genericValue(value.value, 8);
    case "f32":
      return floatValue(value.value, 4);
    case "f64":
      return floatValue(value.value, 8);
    case "v128":
      return { bits: readInteger(value.value, "unsigned"), size: 16, encoding: "unsigned" };
    case "ref":
      return undefined;
  }
}

/** A Wasm value as a typed one, at home in its slot. References are text: their type says so. */
export function typedValueOf(raw: RawValue, home: WasmHome): Value {
  switch (raw.type) {
    case "i32":
      return { type: i32, place: { kind: "value", bytes: integerBytes(BigInt(raw.value), 4), home } };
    case "i64":
      return { type: i64, place: { kind: "value", bytes: integerBytes(raw.value, 8), home } };
    case "f32":
      return {
        type: f32,
        place: { kind: "value", bytes: floatBytes(raw.value, 4) ?? new Uint8Array(4), home },
      };
    case "f64":
      return {
        type: f64,
        place: { kind: "value", bytes: floatBytes(raw.value, 8) ?? new Uint8Array(8), home },
      };
    case "v128":
      return { type: v128, place: { kind: "value", bytes: raw.value, home } };
    case "ref":
      return { type: reference, place: unavailable(raw.value) };
    case "unavailable":
      return { type: base("?", 0, "unknown"), place: unavailable(raw.reason) };
  }
}

/**
 * The Wasm value to put in a slot that holds `current` so that its low bytes are `bytes`; `undefined`
 * where that cannot be done. Integers are extended to the slot's width by `sign`.
 */
export function slotValue(
  current: RawValue,
  bytes: Uint8Array,
  sign: "signed" | "unsigned",
): WasmValue | undefined {
  switch (current.type) {
    case "i32":
      if (bytes.length > 4) return undefined;
      return { type: "i32", value: Number(BigInt.asIntN(32, readInteger(bytes, sign))) };
    case "i64":
      if (bytes.length > 8) return undefined;
      return { type: "i64", value: BigInt.asIntN(64, readInteger(bytes, sign)) };
    case "f32":
    case "f64": {
      const value = bytes.length === (current.type === "f32" ? 4 : 8) ? readFloat(bytes) : undefined;
      return value === undefined ? undefined : { type: current.type, value };
    }
    case "v128":
      return bytes.length === 16 ? { type: "v128", value: bytes } : undefined;
    default:
      return undefined;
  }
}
