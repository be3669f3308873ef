import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, sizeOf } from "../symbols/types/type.ts";
import { recordFields } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import { variantOf } from "../symbols/views/variant-view.ts";
import type { View } from "../symbols/views/view.ts";
import { integer, LayoutMismatch, type Pointer, pointer, pointerView, recordOf, sameAs } from "./layout.ts";

/** Records around records that Rust wraps a value in, at most. */
const maxWrappers = 12;

/** The one field of a record that takes room; `undefined` where there are several or none. */
export async function onlyField(frame: SymbolFrame, value: Value): Promise<Value | undefined> {
  const type = plainType(value.type);
  if (type.kind !== "record" || type.variants) return undefined;
  const fields = recordFields(type).filter((field) => sizeOf(field.type) !== 0);
  const [only] = fields;
  return only && fields.length === 1 ? frame.fieldOf(value, only) : undefined;
}

/** What is inside of all the records with one field only: cells, atomics, ranges of integers. */
export async function unwrapped(frame: SymbolFrame, value: Value): Promise<Value> {
  let at = value;
  for (let steps = 0; steps < maxWrappers; steps++) {
    const inner = await onlyField(frame, at);
    if (!inner) return at;
    at = inner;
  }
  return at;
}

/** The number inside of cells and the like. */
export async function count(frame: SymbolFrame, value: Value): Promise<bigint> {
  return integer(frame, await unwrapped(frame, value));
}

/** Types that stand for the one value in them. */
export async function transparent(frame: SymbolFrame, value: Value): Promise<View> {
  const inner = await onlyField(frame, value);
  if (!inner) throw new LayoutMismatch("several fields");
  return sameAs(inner);
}

/** `AtomicBool`: a byte that is a truth value. */
export async function atomicBool(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs({ type: frame.types.bool, place: (await unwrapped(frame, value)).place });
}

/** `AtomicPtr`: the pointer. */
export async function atomicPointer(frame: SymbolFrame, value: Value): Promise<View> {
  return pointerView(frame, await pointer(frame, await unwrapped(frame, value)));
}

/** The payload of `Some`; `undefined` for `None`. */
export async function payload(frame: SymbolFrame, option: Value): Promise<Value | undefined> {
  const { variants } = recordOf(option.type);
  if (!variants) throw new LayoutMismatch("no option");
  const variant = await variantOf(frame, option, variants);
  if (!variant) throw new LayoutMismatch("no variant");
  return variant.name === "Some" ? onlyField(frame, variant.fields) : undefined;
}

/** Where a pointer in an option leads; `undefined` for `None`. */
export async function optionalPointer(frame: SymbolFrame, option: Value): Promise<Pointer | undefined> {
  const inner = await payload(frame, option);
  return inner && pointer(frame, inner);
}

/** Unsigned bytes, which is what Rust's text is made of. */
export const byteType = { kind: "base", name: "u8", sizeBytes: 1, encoding: "unsigned" } as const;
