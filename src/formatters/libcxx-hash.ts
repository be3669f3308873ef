import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { addressAt, integer, member, pointer, sizeOfType, typeArgument, valueAt } from "./layout.ts";
import { valueOffset } from "./libcxx-sequence.ts";
import { entryKind, entryPart, pairType } from "./libcxx-tree.ts";
import { nodesView } from "./sequence.ts";

/** `std::unordered_map` and `std::unordered_multimap`. */
export async function unorderedMap(frame: SymbolFrame, value: Value): Promise<View> {
  return table(frame, value, pairType(value.type, 4), entryKind(value));
}

/** `std::unordered_set` and `std::unordered_multiset`. */
export async function unorderedSet(frame: SymbolFrame, value: Value): Promise<View> {
  return table(frame, value, typeArgument(value.type, 0), "element");
}

/** All nodes of a hash table hang together in one list. A node is the next one, its hash, and its value. */
async function table(
  frame: SymbolFrame,
  value: Value,
  type: Type,
  kind: "entry" | "repeatable" | "element",
): Promise<View> {
  const inner = await member(frame, value, "__table_");
  const first = await member(frame, inner, ["__first_node_", "__p1_"], "__next_");
  const size = await integer(frame, await member(frame, inner, ["__size_", "__p2_"]));
  const offset = valueOffset(frame, 2, type);
  const step = (address: bigint): bigint | undefined => (address === 0n ? undefined : address);
  return nodesView(
    frame,
    {
      first: async () => step((await pointer(frame, first)).address),
      next: async (node) => step(await addressAt(frame, node)),
      key: (node) => node,
      part: (node) => entryPart(frame, valueAt(type, node + BigInt(offset)), kind),
    },
    size,
    offset + sizeOfType(type),
  );
}
