import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType } from "../types/type.ts";
import type { Value } from "../values/value.ts";
import { dynamicView } from "./dynamic-view.ts";
import { rustRecordView } from "./rust-record-view.ts";
import { variantView } from "./variant-view.ts";
import type { View } from "./view.ts";

/** How a value is shown other than by its fields; `undefined` for most. Rejects only as the target does. */
export async function viewOf(frame: SymbolFrame, value: Value): Promise<View | undefined> {
  if (value.isRaw || value.place.kind === "unavailable") return undefined;
  const type = plainType(value.type);
  if (type.kind !== "record") return undefined;
  const formatter = frame.module.formatterOf(type);
  const view = await formatter?.(frame, value);
  if (view) return view;
  if (type.variants) return variantView(frame, value, type.variants);
  if (type.language === "rust") return type.form === "union" ? undefined : rustRecordView(frame, value, type);
  return dynamicView(frame, value, type);
}

/** A value with all that only stands for it looked through: references, boxes, cells. */
export interface ShownValue {
  readonly value: Value;
  /** Of `value`; never one of shape `same`. */
  readonly view: View | undefined;
  /** The outermost value that was looked through and has fields of its own to offer. */
  readonly wrapper: Value | undefined;
  readonly dynamicType: View["dynamicType"];
  /** How many `*` in front of the expression of what was looked through give `value`, where these do. */
  readonly stars: number;
}

/** Values looked through one after another: a chain that leads in circles ends somewhere. */
const maxSteps = 16;

/** Looks through what merely stands for another value. Rejects only as the target does. */
export async function shownValue(frame: SymbolFrame, value: Value): Promise<ShownValue> {
  let shown = value;
  let wrapper: Value | undefined;
  let dynamicType: View["dynamicType"];
  let stars = 0;
  for (let steps = 0; ; steps++) {
    shown = await withoutReference(frame, shown);
    const view = steps < maxSteps ? await viewOf(frame, shown) : undefined;
    if (view && !view.isComplete) wrapper ??= shown;
    if (view?.shape.kind !== "same") return { value: shown, view, wrapper, dynamicType, stars };
    dynamicType ??= view.dynamicType;
    if (view.target === view.shape.value) stars++;
    shown = view.shape.value;
  }
}

/** The value that a reference refers to; any other value as it is. */
export async function withoutReference(frame: SymbolFrame, value: Value): Promise<Value> {
  const plain = plainType(value.type);
  if (plain.kind !== "pointer" || plain.sigil === "*") return value;
  const bytes = await frame.read(value);
  if (!(bytes instanceof Uint8Array)) return { type: plain.target, place: bytes };
  return { type: plain.target, place: { kind: "memory", address: addressIn(bytes) } };
}

function addressIn(bytes: Uint8Array): bigint {
  return bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
}
