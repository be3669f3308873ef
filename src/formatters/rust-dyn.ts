import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { addressText } from "../symbols/text/scalar-text.ts";
import type { Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { addressSize, member, pointer, sameAs, valueAt } from "./layout.ts";

/** The type that a trait object's table of functions is for; `undefined` for a table the debug info does not have. */
export async function concreteType(frame: SymbolFrame, table: Value): Promise<Type | undefined> {
  const { address } = await pointer(frame, table);
  return frame.module.typeOfVtable(address);
}

/** An object of a type that the debug info does not have, or whose table is none: where it is. */
function unknownObject(frame: SymbolFrame, address: bigint): View {
  return { shape: { kind: "text", text: `${addressText(address, addressSize(frame))} (unknown type)` } };
}

/** `&dyn Trait` and `Box<dyn Trait>`: the value behind it, as what it really is. */
export async function traitObject(frame: SymbolFrame, value: Value): Promise<View> {
  const type = await concreteType(frame, await member(frame, value, "vtable"));
  const { address } = await pointer(frame, await member(frame, value, "pointer"));
  if (!type) return unknownObject(frame, address);
  return { ...sameAs(valueAt(type, address)), dynamicType: type };
}
