import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import { dynamicClassName } from "../symbols/views/dynamic-view.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressOf,
  addressSize,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
} from "./layout.ts";
import { stringView } from "./sequence.ts";

/** `std::error_code` and `std::error_condition`: the number and whose it is, `2 (generic)`. */
export async function errorCode(frame: SymbolFrame, value: Value): Promise<View> {
  const number = await integer(frame, await member(frame, value, "__val_"));
  const { address } = await pointer(frame, await member(frame, value, "__cat_"));
  return { shape: { kind: "text", text: `${number} (${await categoryName(frame, address)})` } };
}

/** `std::error_category`: which it is. */
export async function errorCategory(frame: SymbolFrame, value: Value): Promise<View> {
  if (value.isBasePart) throw new LayoutMismatch("part of another");
  return { shape: { kind: "text", text: await categoryName(frame, addressOf(value)) } };
}

/** By its class, since its name is for the guest to compute: `generic`, `system`, or the class of a user's own. */
async function categoryName(frame: SymbolFrame, address: bigint): Promise<string> {
  const name = await dynamicClassName(frame, address);
  return name?.replace(/^std::(?:__\w+::)?__(\w+)_error_category$/, "$1") ?? "unknown category";
}

/**
 * `std::runtime_error`, `std::logic_error` and those that are nothing but these: their text.
 *
 * It lies behind its own length. Of the classes themselves a program without the library's debug info has but the names.
 */
export async function exception(frame: SymbolFrame, value: Value): Promise<View> {
  const size = BigInt(addressSize(frame));
  const held = await findMember(frame, value, "__imp_", "__imp_");
  const text = held ? (await pointer(frame, held)).address : await addressAt(frame, addressOf(value) + size);
  // Source: libc++, `_Rep_base` of refstring.h: a length, a capacity and a count of users, which end where the text begins.
  const length = await addressAt(frame, text - 3n * size);
  return stringView(frame, frame.types.char, text, length, "whole");
}
