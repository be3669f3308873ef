import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressSize,
  findMember,
  integer,
  member,
  pointer,
  pointerView,
  sameAs,
  valueAt,
} from "./layout.ts";

/** `std::unique_ptr`. */
export async function uniquePointer(frame: SymbolFrame, value: Value): Promise<View> {
  return pointerView(frame, await pointer(frame, await member(frame, value, "__ptr_")));
}

/** `std::shared_ptr` and `std::weak_ptr`, with how many of each there are. */
export async function sharedPointer(frame: SymbolFrame, value: Value): Promise<View> {
  const target = await pointer(frame, await member(frame, value, "__ptr_"));
  const control = await pointer(frame, await member(frame, value, "__cntrl_"));
  if (control.address === 0n) return pointerView(frame, target);
  const block = valueAt(control.target, control.address);
  const strong = (await count(frame, block, ["__shared_owners_"], 1)) + 1n;
  const weakOwners = await count(frame, block, ["__shared_weak_owners_"], 2);
  // All strong pointers together hold one weak count, which is the one not counted from zero.
  const weak = strong > 0n ? weakOwners : weakOwners + 1n;
  return pointerView(frame, target, `strong=${strong} weak=${weak}`);
}

/** A counter by its name; where only the declaration of its class is known, by its place behind the table of functions. */
async function count(
  frame: SymbolFrame,
  block: Value,
  names: readonly string[],
  word: number,
): Promise<bigint> {
  const found = await findMember(frame, block, names);
  if (found) return integer(frame, found);
  if (block.place.kind !== "memory") return 0n;
  const size = addressSize(frame);
  const bits = await addressAt(frame, block.place.address + BigInt(word * size));
  return BigInt.asIntN(size * 8, bits);
}

/** `std::reference_wrapper`: what it refers to. */
export async function referenceWrapper(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "__f_"));
  return sameAs(valueAt(target, address));
}
