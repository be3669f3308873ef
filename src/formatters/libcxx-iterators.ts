import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressSize,
  findMember,
  integer,
  LayoutMismatch,
  member,
  memorySize,
  type Pointer,
  pointer,
  pointerView,
  recordOf,
  sameAs,
  sizeOfType,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { isListEnd, isTreeEnd, previousInTree } from "./libcxx-ends.ts";
import { blockLength, valueOffset } from "./libcxx-sequence.ts";
import { libraryName } from "./library-name.ts";

/** What an iterator stands at; `end` where that is known to be nothing, a bit where that is smaller than an address. */
type Place = Pointer | { readonly bit: Value } | "end";

/** Finds out where an iterator of one kind stands, or where the one before it would. */
type Find = (frame: SymbolFrame, value: Value, which: "here" | "before") => Promise<Place>;

/** Any iterator of the library's containers: shown as a pointer to what it stands at, as `end` where that is nothing. */
export async function iterator(frame: SymbolFrame, value: Value): Promise<View> {
  return placeView(frame, await findPlace(frame, value, "here"));
}

/** `std::reverse_iterator`: it stands at what comes before the iterator in it. */
export async function reverseIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return placeView(
    frame,
    await findPlace(frame, await member(frame, value, ["current", "__t_", "__t"]), "before"),
  );
}

/** `std::move_iterator`: the iterator in it. */
export async function moveIterator(frame: SymbolFrame, value: Value): Promise<View> {
  return iterator(frame, await member(frame, value, ["__current_", "__i"]));
}

/** Iterators of flat maps: two side by side, shown as the pair that they stand at. */
export async function pairIterator(frame: SymbolFrame, value: Value): Promise<View> {
  const at = async (name: string): Promise<Value> => {
    const place = await findPlace(frame, await member(frame, value, name), "here");
    if (place === "end" || "bit" in place) throw new LayoutMismatch("no pointer");
    return valueAt(place.target, place.address);
  };
  const fields = [
    { name: "first", value: await at("__key_iter_") },
    { name: "second", value: await at("__mapped_iter_") },
  ];
  const parts = {
    kind: "named" as const,
    count: 2,
    at: async (index: number) => fields[index] && { kind: "field" as const, ...fields[index] },
  };
  return { shape: { kind: "parts", open: "{", close: "}", parts } };
}

function placeView(frame: SymbolFrame, place: Place): View {
  if (place === "end") return { shape: { kind: "text", text: "end" } };
  return "bit" in place ? sameAs(place.bit) : pointerView(frame, place);
}

async function findPlace(frame: SymbolFrame, value: Value, which: "here" | "before"): Promise<Place> {
  const type = plainType(value.type);
  if (type.kind === "pointer") return pointerPlace(frame, value, which);
  const name = libraryName(recordOf(type).name ?? "").replace(/<.*$/s, "");
  const find = kinds.get(name);
  if (!find) throw new LayoutMismatch("another iterator");
  return find(frame, value, which);
}

/** Iterators that are a pointer: those of vectors, strings, arrays. What lies behind the last is not told from the rest. */
const pointerPlace: Find = async (frame, value, which) => {
  const inner =
    plainType(value.type).kind === "pointer"
      ? value
      : await member(frame, value, ["__i_", "__i", "__current_"]);
  const at = await pointer(frame, inner);
  return which === "here" ? at : { ...at, address: at.address - BigInt(sizeOfType(at.target)) };
};

/** Iterators of deques know their block, before whose first element comes the last of another. */
const dequePlace: Find = async (frame, value, which) => {
  const at = await pointer(frame, await member(frame, value, ["__ptr_", "__ptr"]));
  if (which === "here") return at;
  const stride = sizeOfType(at.target);
  const { address: entry } = await pointer(frame, await member(frame, value, ["__m_iter_", "__m_iter"]));
  if (at.address !== (await addressAt(frame, entry))) return { ...at, address: at.address - BigInt(stride) };
  const block = await addressAt(frame, entry - BigInt(addressSize(frame)));
  return { ...at, address: block + BigInt((blockLength(stride) - 1) * stride) };
};

/** Iterators of `std::vector<bool>` and `std::bitset`: a word, and a bit of it. */
const bitPlace: Find = async (frame, value, which) => {
  const word = await pointer(frame, await member(frame, value, "__seg_"));
  const bit = await integer(frame, await member(frame, value, "__ctz_"));
  const bits = BigInt(sizeOfType(word.target) * 8);
  if (bit < 0n || bit >= bits) throw new LayoutMismatch("no bit of its word");
  const at = word.address * 8n + bit - (which === "here" ? 0n : 1n);
  return { bit: { ...valueAt(frame.types.bool, at / 8n), bits: { offset: Number(at % 8n), size: 1 } } };
};

/** Iterators of lists: a node of one or two pointers and the value. */
const listPlace =
  (pointers: 1 | 2): Find =>
  async (frame, value, which) => {
    const argument = typeArgument(value.type, 0);
    const held = await pointer(frame, await member(frame, value, ["__ptr_", "__node_"]));
    const node = which === "here" ? held.address : await addressAt(frame, held.address);
    if (node === 0n || (pointers === 2 && (await isListEnd(frame, node)))) return "end";
    await inMemory(frame, node);
    const target = plainType(argument);
    // The argument is the value's type, or a pointer to the node's.
    if (target.kind === "pointer" && isNode(target.target)) return heldAt(frame, target.target, node);
    return { address: node + BigInt(valueOffset(frame, pointers, argument)), target: argument };
  };

/** Iterators of sets: the type of their nodes is among their arguments. */
const treePlace: Find = async (frame, value, which) => {
  const { address } = await pointer(frame, await member(frame, value, "__ptr_"));
  const node = which === "here" ? address : await previousInTree(frame, address);
  return node === undefined || (await isTreeEnd(frame, node)) ? "end" : heldAt(frame, nodeType(value), node);
};

/** Iterators of hash sets. */
const hashPlace: Find = async (frame, value) => {
  const { address } = await pointer(frame, await member(frame, value, "__node_"));
  return address === 0n ? "end" : heldAt(frame, nodeType(value), address);
};

/** Iterators of maps, which have one of what the map is made of in them. */
const mapPlace: Find = async (frame, value, which) =>
  findPlace(frame, await member(frame, value, "__i_"), which);

const kinds = new Map<string, Find>([
  ["std::__wrap_iter", pointerPlace],
  ["std::__bounded_iter", pointerPlace],
  ["std::__static_bounded_iter", pointerPlace],
  ["std::__deque_iterator", dequePlace],
  ["std::__bit_iterator", bitPlace],
  ["std::__list_iterator", listPlace(2)],
  ["std::__list_const_iterator", listPlace(2)],
  ["std::__forward_list_iterator", listPlace(1)],
  ["std::__forward_list_const_iterator", listPlace(1)],
  ["std::__tree_iterator", treePlace],
  ["std::__tree_const_iterator", treePlace],
  ["std::__hash_iterator", hashPlace],
  ["std::__hash_const_iterator", hashPlace],
  ["std::__map_iterator", mapPlace],
  ["std::__map_const_iterator", mapPlace],
  ["std::__hash_map_iterator", mapPlace],
  ["std::__hash_map_const_iterator", mapPlace],
]);

function nodeType(value: Value): Type {
  for (const index of [0, 1]) {
    const argument = plainType(typeArgument(value.type, index));
    if (argument.kind === "pointer" && isNode(argument.target)) return argument.target;
  }
  throw new LayoutMismatch("no node");
}

function isNode(type: Type): boolean {
  const plain = plainType(type);
  return plain.kind === "record" && /(?:^|::)__\w*node\w*</.test(plain.name ?? "");
}

async function heldAt(frame: SymbolFrame, node: Type, address: bigint): Promise<Place> {
  await inMemory(frame, address);
  const held = await member(frame, valueAt(node, address), "__value_");
  // Maps once kept their pairs in a class of their own.
  const inner = (await findMember(frame, held, ["__cc_", "__cc"])) ?? held;
  if (inner.place.kind !== "memory") throw new LayoutMismatch("not in memory");
  return { address: inner.place.address, target: inner.type };
}

/** A value that lies behind the end of memory would get an address that begins again at 0. @throws {Unreadable} */
async function inMemory(frame: SymbolFrame, address: bigint): Promise<void> {
  if (address >= (await memorySize(frame))) throw new Unreadable(frame.state.whyShort);
}
