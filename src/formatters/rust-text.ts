import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { findMember, integer, LayoutMismatch, member, pointer, recordOf } from "./layout.ts";
import { byteType, onlyField } from "./rust-layout.ts";
import { rangeLeft, vectorParts } from "./rust-sequence.ts";
import { stringView } from "./sequence.ts";

/** Pointers to `str`, `Path`, `OsStr` and `CStr`, which carry the length; that of a `CStr` counts its zero. */
export async function text(frame: SymbolFrame, value: Value): Promise<View> {
  const { address } = await pointer(frame, await member(frame, value, "data_ptr"));
  const length = await integer(frame, await member(frame, value, "length"));
  const isTerminated = /CStr\b/.test(recordOf(value.type).name ?? "") && length > 0n;
  return stringView(frame, byteType, address, isTerminated ? length - 1n : length, "whole");
}

/** `String`, `OsString` and `PathBuf`: a vector of bytes, some layers down. */
export async function ownedText(frame: SymbolFrame, value: Value): Promise<View> {
  let at = value;
  for (let layers = 0; layers < 6; layers++) {
    if (await findMember(frame, at, "len")) {
      const { address, length, capacity } = await vectorParts(frame, at);
      const view = await stringView(frame, byteType, address, length, "whole", capacity);
      const { shape } = view;
      if (shape.kind !== "string" || capacity === undefined) return view;
      const room = { capacity: Number(capacity), count: await member(frame, at, "len"), isTerminated: false };
      return { ...view, shape: { ...shape, room } };
    }
    const inner = (await findMember(frame, at, ["vec", "inner"])) ?? (await onlyField(frame, at));
    if (!inner) break;
    at = inner;
  }
  throw new LayoutMismatch("no vector");
}

/** `CString`: a boxed slice with a zero at its end. */
export async function cString(frame: SymbolFrame, value: Value): Promise<View> {
  const slice = await member(frame, value, "inner");
  const { address } = await pointer(frame, await member(frame, slice, "data_ptr"));
  const length = await integer(frame, await member(frame, slice, "length"));
  return stringView(frame, byteType, address, length > 0n ? length - 1n : 0n, "whole");
}

/** `Chars`, an iterator of text: the text still to come. */
export async function textLeft(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, length } = await rangeLeft(frame, await member(frame, value, "iter"));
  return stringView(frame, byteType, address, length, "whole");
}
