import type { Awaitable } from "../../base/awaitable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, type Variant, type VariantPart } from "../types/type.ts";
import { readInteger } from "../values/number.ts";
import type { Value } from "../values/value.ts";
import { rustFields } from "./rust-record-view.ts";
import type { View } from "./view.ts";

/** A Rust enum as its variant: `None`, `Some(5)`, `Circle {radius = 2.5}`. */
export async function variantView(frame: SymbolFrame, value: Value, part: VariantPart): Promise<View> {
  const variant = await activeVariant(frame, value, part);
  if (typeof variant === "string") return { shape: { kind: "damaged", reason: variant } };
  const { name = "?" } = variant.member;
  const fields = await memberValue(frame, value, variant.member);
  const type = plainType(fields.type);
  if (type.kind !== "record") return { shape: { kind: "text", text: name }, isComplete: true };
  const { parts, isTuple } = rustFields(frame, fields, type);
  if (parts.count === 0) return { shape: { kind: "text", text: name }, isComplete: true };
  return {
    shape: { kind: "parts", open: isTuple ? `${name}(` : `${name} {`, close: isTuple ? ")" : "}", parts },
    isComplete: true,
  };
}

/** The name of the variant a value is of, and the record of its fields; `undefined` for none. */
export async function variantOf(
  frame: SymbolFrame,
  value: Value,
  part: VariantPart,
): Promise<{ readonly name: string; readonly fields: Value } | undefined> {
  const variant = await activeVariant(frame, value, part);
  if (typeof variant === "string") return undefined;
  return { name: variant.member.name ?? "?", fields: await memberValue(frame, value, variant.member) };
}

async function activeVariant(
  frame: SymbolFrame,
  value: Value,
  { discriminant, variants }: VariantPart,
): Promise<Variant | string> {
  const others = variants.find(({ values }) => values === undefined);
  if (!discriminant) return variants[0] ?? "its type has no values";
  const bytes = await frame.read(await memberValue(frame, value, discriminant));
  if (!(bytes instanceof Uint8Array)) return bytes.reason;
  const tag = readInteger(bytes, "unsigned");
  const bits = bytes.length * 8;
  const matching = variants.find(({ values }) =>
    values?.some(([least, greatest]) => {
      // Whether a tag has a sign is not said: both ends count modulo its size.
      const [low, high] = [BigInt.asUintN(bits, least), BigInt.asUintN(bits, greatest)];
      return low <= high ? low <= tag && tag <= high : tag >= low || tag <= high;
    }),
  );
  return matching ?? others ?? `no variant has the tag ${tag}`;
}

function memberValue(frame: SymbolFrame, value: Value, member: Variant["member"]): Awaitable<Value> {
  return frame.fieldOf(value, { ...member, name: member.name ?? "" });
}
