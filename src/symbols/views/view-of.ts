import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { type PlainType, type PointerType, plainType, type RecordType } from "../types/type.ts";
import type { Value } from "../values/value.ts";
import { dynamicView } from "./dynamic-view.ts";
import { rustRecordView } from "./rust-record-view.ts";
import { variantView } from "./variant-view.ts";
import type { View } from "./view.ts";

/** How a value is shown other than by its fields; `undefined` for most. Rejects only as the target does. */
export function viewOf(frame: SymbolFrame, value: Value): Awaitable<View | undefined> {
  if (value.isRaw || value.place.kind === "unavailable") return undefined;
  const type = plainType(value.type);
  if (type.kind !== "record") return undefined;
  const formatter = frame.module.formatterOf(type);
  if (!formatter) return ownViewOf(frame, value, type);
  return whenKnown(formatter(frame, value), (view) => view ?? ownViewOf(frame, value, type));
}

/** What languages themselves make of records. */
function ownViewOf(frame: SymbolFrame, value: Value, type: RecordType): Awaitable<View | undefined> {
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
export function shownValue(frame: SymbolFrame, value: Value): Awaitable<ShownValue> {
  const plain = plainType(value.type);
  return plain.kind === "record" || isReference(plain)
    ? lookThrough(frame, value, undefined, 0)
    : { value, view: undefined, wrapper: undefined, dynamicType: undefined, stars: 0 };
}

/** `outer` is what has been looked through on the way here, in so many steps. */
function lookThrough(
  frame: SymbolFrame,
  value: Value,
  outer: Omit<ShownValue, "value" | "view"> | undefined,
  steps: number,
): Awaitable<ShownValue> {
  return whenKnown(withoutReference(frame, value), (shown) =>
    whenKnown(steps < maxSteps ? viewOf(frame, shown) : undefined, (view) => {
      const wrapper = outer?.wrapper ?? (view && !view.isComplete ? shown : undefined);
      const { dynamicType, stars = 0 } = outer ?? {};
      if (view?.shape.kind !== "same") return { value: shown, view, wrapper, dynamicType, stars };
      const inner = view.shape.value;
      const through = {
        wrapper,
        dynamicType: dynamicType ?? view.dynamicType,
        stars: view.target === inner ? stars + 1 : stars,
      };
      return lookThrough(frame, inner, through, steps + 1);
    }),
  );
}

/** The value that a reference refers to; any other value as it is. */
export function withoutReference(frame: SymbolFrame, value: Value): Awaitable<Value> {
  const plain = plainType(value.type);
  if (!isReference(plain)) return value;
  return whenKnown(frame.read(value), (bytes) => ({
    type: plain.target,
    place: bytes instanceof Uint8Array ? { kind: "memory", address: addressIn(bytes) } : bytes,
  }));
}

function isReference(type: PlainType): type is PointerType {
  return type.kind === "pointer" && type.sigil !== "*";
}

function addressIn(bytes: Uint8Array): bigint {
  return bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
}
