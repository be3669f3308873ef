import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Part, View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressOf,
  addressSize,
  aligned,
  alignmentOf,
  integer,
  member,
  pointer,
  recordOf,
  sizeOfType,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { nodesView } from "./sequence.ts";

/** No tree in memory is higher: the path that one would take through it is longer than memory. */
export const maxHeight = 128;

/** `std::map` and `std::multimap`. */
export async function map(frame: SymbolFrame, value: Value): Promise<View> {
  return tree(frame, value, pairType(value.type, 3));
}

/** `std::set` and `std::multiset`. */
export async function set(frame: SymbolFrame, value: Value): Promise<View> {
  return tree(frame, value, typeArgument(value.type, 0));
}

/** The type of a map's entries: what its allocator, of which type argument it may be, is for. */
export function pairType(type: Type, allocator: number): Type {
  return typeArgument(typeArgument(type, allocator), 0);
}

/** Whether keys of a map repeat. */
export function entryKind(map: Value): "entry" | "repeatable" {
  return /multimap</.test(recordOf(map.type).name ?? "") ? "repeatable" : "entry";
}

/** A pair as an entry of a map, anything else as an element. */
export async function entryPart(
  frame: SymbolFrame,
  value: Value,
  kind: "entry" | "repeatable" | "element",
): Promise<Part> {
  if (kind === "element") return { kind, value };
  const key = await member(frame, value, "first");
  return {
    kind: "entry",
    key,
    value: await member(frame, value, "second"),
    isRepeatable: kind === "repeatable",
  };
}

/**
 * A red-black tree, from its leftmost node on.
 *
 * A node is its left child, its right one, its parent, its colour, and its value. The end's left child is the root.
 */
async function tree(frame: SymbolFrame, value: Value, type: Type): Promise<View> {
  const inner = await member(frame, value, "__tree_");
  const end = addressOf(await member(frame, inner, ["__end_node_", "__pair1_"]));
  const begin = await pointer(frame, await member(frame, inner, "__begin_node_"));
  const size = await integer(frame, await member(frame, inner, ["__size_", "__pair3_"]));
  const offset = treeValueOffset(frame, type);
  const kind = type === typeArgument(value.type, 0) ? "element" : entryKind(value);
  const step = (address: bigint): bigint | undefined => (address === end ? undefined : address);
  return nodesView(
    frame,
    {
      first: async () => step(begin.address),
      next: async (node) => step(await successor(frame, node)),
      key: (node) => node,
      part: (node) => entryPart(frame, valueAt(type, node + BigInt(offset)), kind),
    },
    size,
    offset + sizeOfType(type),
  );
}

/** Where a node's value lies: a value of small alignment follows the colour at once. */
export function treeValueOffset(frame: SymbolFrame, type: Type): number {
  return aligned(3 * addressSize(frame) + 1, alignmentOf(type));
}

async function successor(frame: SymbolFrame, node: bigint): Promise<bigint> {
  const size = BigInt(addressSize(frame));
  const left = (at: bigint) => addressAt(frame, at);
  const right = (at: bigint) => addressAt(frame, at + size);
  const parent = (at: bigint) => addressAt(frame, at + 2n * size);
  let at = await right(node);
  if (at !== 0n) {
    for (let height = 0; height < maxHeight; height++) {
      const next = await left(at);
      if (next === 0n) return at;
      at = next;
    }
    throw new Unreadable("its nodes lead nowhere");
  }
  at = node;
  for (let height = 0; height < maxHeight; height++) {
    const above = await parent(at);
    if (above === 0n) break;
    if ((await left(above)) === at) return above;
    at = above;
  }
  throw new Unreadable("its nodes lead nowhere");
}
