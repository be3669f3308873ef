import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { integer, member, pointer } from "./layout.ts";
import type { LibraryFormatters } from "./library-formatters.ts";
import { contiguousView, stringView } from "./sequence.ts";

/** What D has in the language itself: slices, strings and delegates are records to debug info. */
export const dFormatters: LibraryFormatters = {
  byName: new Map([
    ["string", slice],
    ["wstring", slice],
    ["dstring", slice],
  ]),
  byPattern: [
    [/\[\]\)?$/, slice],
    [/ delegate\(/, delegate],
  ],
};

/** `T[]`: a length and where it begins; of characters, a string. */
async function slice(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "ptr"));
  const length = await integer(frame, await member(frame, value, "length"));
  const element = plainType(target);
  return element.kind === "base" && element.encoding === "utf"
    ? stringView(frame, element, address, length, "indexed")
    : contiguousView(frame, target, address, length);
}

/** A function with what it is called on: shown as the function, its frame or object is among the fields. */
async function delegate(frame: SymbolFrame, value: Value): Promise<View> {
  return { shape: { kind: "pointer", pointer: await member(frame, value, "funcptr"), facts: "" } };
}
