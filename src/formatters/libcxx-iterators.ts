import { unavailable } from "../base/unavailable.ts";
import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { addressText } from "../symbols/text/scalar-text.ts";
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
import { type ContainerKind, containerEndingAt, isListOfFrame } from "./libcxx-past-end.ts";
import { blockLength, valueOffset } from "./libcxx-sequence.ts";
import { templateName } from "./library-name.ts";

/** What an iterator stands at; `end` where that is known to be nothing, a bit where that is smaller than an address. */
type Place = Pointer | { readonly bit: Value } | "end";

/** Finds out where an iterator of one kind stands, or where the one before it would. */
type Find = (frame: SymbolFrame, value: Value, which: "here" | "before") => Promise<Place>;

/**
 * Any iterator of the library's containers: shown as a pointer to what it stands at, as `end` where that is nothing.
 *
 * One that is an address alone is the end of something where the frame has a container that ends there.
 */
export async function iterator(frame: SymbolFrame, value: Value): Promise<View> {
  const place = await findPlace(frame, value, "here");
  return placeView(frame, place, await endingAt(frame, value, place, "end"));
}

/** `std::reverse_iterator`: it stands at what comes before the iterator in it, which may be nothing to have an address. */
export async function reverseIterator(frame: SymbolFrame, value: Value): Promise<View> {
  const inner = await member(frame, value, ["current", "__t_", "__t"]);
  const after = addressKinds.has(templateOf(inner)) ? await findPlace(frame, inner, "here") : "end";
  const container = await endingAt(frame, inner, after, "rend");
  if (container !== undefined) return { shape: { kind: "text", text: `end of ${container}` } };
  return placeView(frame, await findPlace(frame, inner, "before"));
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

/** @param container What is known to end where the iterator stands: there is nothing of it to be shown. */
function placeView(frame: SymbolFrame, place: Place, container?: string): View {
  if (place === "end") return { shape: { kind: "text", text: "end" } };
  if (container === undefined) return "bit" in place ? sameAs(place.bit) : pointerView(frame, place);
  const end = `end of ${container}`;
  if ("bit" in place) return { shape: { kind: "text", text: end } };
  const nothing = unavailable(`behind the last element of ${container}`);
  return {
    // Not as a pointer: one to characters has a text, which this has not.
    shape: { kind: "text", text: `${addressText(place.address, addressSize(frame))} ${end}` },
    target: { type: place.target, place: nothing },
  };
}

/** The container of the frame that ends at a place. Lists, trees and hashes know their ends themselves. */
async function endingAt(
  frame: SymbolFrame,
  iterator: Value,
  place: Place,
  which: "end" | "rend",
): Promise<string | undefined> {
  const kind = addressKinds.get(templateOf(iterator));
  if (!kind || place === "end") return undefined;
  if (!("bit" in place)) return containerEndingAt(frame, kind, place.target, place.address * 8n, which);
  const { type, place: byte, bits } = place.bit;
  if (byte.kind !== "memory") return undefined;
  return containerEndingAt(frame, kind, type, byte.address * 8n + BigInt(bits?.offset ?? 0), which);
}

/** Iterators that are addresses, and what they may be iterators of. Those of arrays are plain pointers. */
const addressKinds = new Map<string, ContainerKind>([
  ["", "contiguous"],
  ["std::__wrap_iter", "contiguous"],
  ["std::__deque_iterator", "deque"],
  ["std::__bit_iterator", "contiguous"],
]);

/** The name of the template that an iterator is made of; empty for a pointer. */
function templateOf(iterator: Value): string {
  const type = plainType(iterator.type);
  return type.kind === "pointer" ? "" : templateName(recordOf(type).name ?? "");
}

async function findPlace(frame: SymbolFrame, value: Value, which: "here" | "before"): Promise<Place> {
  if (plainType(value.type).kind === "pointer") return pointerPlace(frame, value, which);
  const find = kinds.get(templateOf(value));
  if (!find) throw new LayoutMismatch("another iterator");
  return find(frame, value, which);
}

/** Iterators that are a pointer: those of vectors, strings, arrays. What lies behind the last is not told from the rest. */
const pointerPlace: Find = async (frame, value, which) => {
  const at = await pointerIn(frame, value);
  return which === "here" ? at : { ...at, address: at.address - BigInt(sizeOfType(at.target)) };
};

async function pointerIn(frame: SymbolFrame, value: Value): Promise<Pointer> {
  const isPointer = plainType(value.type).kind === "pointer";
  return pointer(frame, isPointer ? value : await member(frame, value, ["__i_", "__i"]));
}

/** Iterators that are one of the above and between which others it may be. */
const boundedPlace: Find = async (frame, value, which) => {
  const holder = (await findMember(frame, value, "__storage_")) ?? value;
  const current = await member(frame, holder, "__current_");
  const at = await pointerIn(frame, current);
  const first = await pointerIn(frame, (await findMember(frame, holder, "__begin_")) ?? current);
  const stride = BigInt(sizeOfType(at.target));
  if (which === "before") {
    return at.address === first.address ? "end" : { ...at, address: at.address - stride };
  }
  const end = await findMember(frame, holder, "__end_");
  const size = /, (\d+)[uUlL]*>$/.exec(recordOf(value.type).name ?? "")?.[1] ?? "0";
  const last = end ? (await pointerIn(frame, end)).address : first.address + BigInt(size) * stride;
  return at.address === last ? "end" : at;
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
    if (node === 0n) return "end";
    if (pointers === 2 && ((await isListEnd(frame, node)) || (await isListOfFrame(frame, node))))
      return "end";
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
  ["std::__bounded_iter", boundedPlace],
  ["std::__static_bounded_iter", boundedPlace],
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
