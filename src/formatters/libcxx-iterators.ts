import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  findMember,
  LayoutMismatch,
  member,
  pointer,
  pointerView,
  sizeOfType,
  typeArgument,
  valueAt,
} from "./layout.ts";
import { valueOffset } from "./libcxx-sequence.ts";

/** Iterators that are a pointer: those of vectors, strings, deques. */
export async function pointerIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return pointerView(
    frame,
    await pointer(frame, await member(frame, value, ["__i_", "__i", "__ptr_", "__current_"])),
  );
}

/** Iterators of `std::list`: a node of two pointers and the value. */
export async function listIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return nodeView(frame, value, 2);
}

/** Iterators of `std::forward_list`. */
export async function forwardListIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return nodeView(frame, value, 1);
}

async function nodeView(frame: SymbolFrame, value: Value, pointers: number): Promise<View> {
  const argument = typeArgument(value.type, 0);
  const node = await pointer(frame, await member(frame, value, ["__ptr_", "__node_"]));
  const target = plainType(argument);
  // The argument is the value's type, or a pointer to the node's.
  if (target.kind === "pointer") return heldView(frame, target.target, node.address);
  const address = node.address + BigInt(valueOffset(frame, pointers, argument));
  return pointerView(frame, { address, target: argument });
}

/** Iterators of sets and hash sets: the type of their nodes is among their arguments. */
export async function nodeIterator(frame: SymbolFrame, value: Value): Promise<View> {
  const { address } = await pointer(frame, await member(frame, value, ["__ptr_", "__node_"]));
  for (const index of [0, 1]) {
    const argument = plainType(typeArgument(value.type, index));
    if (argument.kind === "pointer") return heldView(frame, argument.target, address);
  }
  throw new LayoutMismatch("no node");
}

/** Iterators of maps, which have one of what the map is made of in them. */
export async function mapIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return nodeIterator(frame, await member(frame, value, ["__i_"]));
}

async function heldView(frame: SymbolFrame, node: Type, address: bigint): Promise<View> {
  const held = await member(frame, valueAt(node, address), "__value_");
  // Maps once kept their pairs in a class of their own.
  const inner = (await findMember(frame, held, ["__cc_", "__cc"])) ?? held;
  if (inner.place.kind !== "memory") throw new LayoutMismatch("not in memory");
  return pointerView(frame, { address: inner.place.address, target: inner.type });
}

/** `std::reverse_iterator`: what it stands for lies one before where it stands; of pointers, that is told. */
export async function reverseIterator(frame: SymbolFrame, value: Value): Promise<View> {
  const current = await member(frame, value, ["current", "__t_", "__t"]);
  const inner =
    plainType(current.type).kind === "pointer" ? current : await member(frame, current, ["__i_", "__i"]);
  const { address, target } = await pointer(frame, inner);
  return pointerView(frame, { address: address - BigInt(sizeOfType(target)), target });
}
