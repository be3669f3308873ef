import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { LayoutMismatch, member, pointer, sameAs, valueAt } from "./layout.ts";

/** The type that a trait object's table of functions is for; `undefined` for a table the debug info does not have. */
export async function concreteType(frame: SymbolFrame, table: Value): Promise<Type | undefined> {
  const { address } = await pointer(frame, table);
  return frame.module.typeOfVtable(address);
}

/** `&dyn Trait` and `Box<dyn Trait>`: the value behind it, as what it really is. */
export async function traitObject(frame: SymbolFrame, value: Value): Promise<View> {
  const type = await concreteType(frame, await member(frame, value, "vtable"));
  if (!type) throw new LayoutMismatch("an unknown type");
  const { address } = await pointer(frame, await member(frame, value, "pointer"));
  return { ...sameAs(valueAt(type, address)), dynamicType: type };
}
