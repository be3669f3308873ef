import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Parts, View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressOf,
  addressSize,
  aligned,
  alignmentOf,
  findMember,
  integer,
  member,
  pointer,
  recordOf,
  sameAs,
  sizeOfType,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { containerView, contiguousView, elements, fitting, maxCount, nodesView } from "./sequence.ts";

/** `std::vector` and what else has a begin and an end: `std::valarray`. */
export async function vector(frame: SymbolFrame, value: Value): Promise<View> {
  const begin = await pointer(frame, await member(frame, value, "__begin_"));
  const elementType = plainType(typeArgument(value.type, 0));
  if (elementType.kind === "base" && elementType.encoding === "boolean") {
    const size = await findMember(frame, value, "__size_");
    if (size) return bits(frame, begin.address, await integer(frame, size), elementType);
  }
  const end = await pointer(frame, await member(frame, value, "__end_"));
  const stride = BigInt(sizeOfType(begin.target) || 1);
  const bytes = end.address - begin.address;
  if (bytes < 0n) throw new Unreadable("damaged: its end comes before its begin");
  if (bytes % stride !== 0n) throw new Unreadable("damaged: its last element is not whole");
  const cap = await findMember(frame, value, ["__cap_", "__end_cap_"]);
  const room = cap && ((await pointer(frame, cap)).address - begin.address) / stride;
  return contiguousView(frame, begin.target, begin.address, bytes / stride, room);
}

async function bits(frame: SymbolFrame, address: bigint, size: bigint, type: Type): Promise<View> {
  const { count, damage } = await fitting(frame, address, (size + 7n) / 8n, 1);
  return containerView(bitParts(address, Math.min(Number(size), count * 8), type), size, damage);
}

/** Truth values of one bit each, the lowest first. */
export function bitParts(address: bigint, count: number, type: Type): Parts {
  return elements(count, (index) => ({
    ...valueAt(type, address + BigInt(index >> 3)),
    bits: { offset: index & 7, size: 1 },
  }));
}

/** What an element of `std::vector<bool>` or `std::bitset` is got as: the bit it refers to. */
export async function bitReference(frame: SymbolFrame, value: Value): Promise<View> {
  const { address } = await pointer(frame, await member(frame, value, "__seg_"));
  const mask = await integer(frame, await member(frame, value, "__mask_"));
  if (mask <= 0n || (mask & (mask - 1n)) !== 0n) throw new Unreadable(`damaged: its mask is ${mask}`);
  const bit = { offset: mask.toString(2).length - 1, size: 1 };
  return sameAs({ ...valueAt(frame.types.bool, address), bits: bit });
}

/** `std::array`: shown as the array in it. */
export async function array(frame: SymbolFrame, value: Value): Promise<View> {
  const inner = await member(frame, value, "__elems_");
  const type = plainType(inner.type);
  const isEmpty = type.kind !== "array" || plainType(type.element) !== plainType(typeArgument(value.type, 0));
  if (!isEmpty) return { ...sameAs(inner), size: BigInt(type.count ?? 0) };
  return { shape: { kind: "parts", open: "{", close: "}", parts: elements(0, () => inner) }, size: 0n };
}

/** `std::span` and `std::initializer_list`. A span of a fixed extent has it in its name only. */
export async function span(frame: SymbolFrame, value: Value): Promise<View> {
  const data = await pointer(frame, await member(frame, value, ["__data_", "__begin_", "__data"]));
  const size = await findMember(frame, value, ["__size_", "__size"]);
  const extent = /, (\d+)[uUlL]*>$/.exec(recordOf(value.type).name ?? "")?.[1] ?? "0";
  return contiguousView(frame, data.target, data.address, size ? await integer(frame, size) : BigInt(extent));
}

/** `std::list`: a ring through the list itself. */
export async function list(frame: SymbolFrame, value: Value): Promise<View> {
  const type = typeArgument(value.type, 0);
  const end = await member(frame, value, "__end_");
  const endAddress = addressOf(end);
  const size = await integer(frame, await member(frame, value, ["__size_", "__size_alloc_"]));
  const offset = valueOffset(frame, 2, type);
  const step = async (address: bigint): Promise<bigint | undefined> =>
    address === endAddress ? undefined : address;
  return nodesView(
    frame,
    {
      first: async () => step((await pointer(frame, await member(frame, end, "__next_"))).address),
      next: async (node) => step(await addressAt(frame, node + BigInt(addressSize(frame)))),
      key: (node) => node,
      part: async (node) => ({ kind: "element", value: valueAt(type, node + BigInt(offset)) }),
    },
    size,
    offset + sizeOfType(type),
  );
}

/** `std::forward_list`, which does not count its elements. */
export async function forwardList(frame: SymbolFrame, value: Value): Promise<View> {
  const type = typeArgument(value.type, 0);
  const before = await member(frame, value, "__before_begin_");
  const offset = valueOffset(frame, 1, type);
  const step = (address: bigint): bigint | undefined => (address === 0n ? undefined : address);
  return nodesView(
    frame,
    {
      first: async () => step((await pointer(frame, await member(frame, before, "__next_"))).address),
      next: async (node) => step(await addressAt(frame, node)),
      key: (node) => node,
      part: async (node) => ({ kind: "element", value: valueAt(type, node + BigInt(offset)) }),
    },
    undefined,
    offset + sizeOfType(type),
  );
}

/** Where a node's value lies behind so many pointers. */
export function valueOffset(frame: SymbolFrame, pointers: number, type: Type): number {
  return aligned(pointers * addressSize(frame), alignmentOf(type));
}

/** Elements of so many bytes in a block of a deque. Source: libc++, `__deque_block_size`. */
export function blockLength(stride: number): number {
  return stride < 256 ? Math.floor(4096 / Math.max(1, stride)) : 16;
}

/** What a deque is made of. Indices count from the first place of its first block, where no element need be. */
interface DequeBlocks {
  /** Index of the first element, and how many there are. */
  readonly start: bigint;
  readonly size: bigint;
  /** Elements that all blocks have places for. */
  readonly room: bigint;
  /** @throws {Unreadable} where no block is. */
  addressAtIndex(index: bigint): Promise<bigint>;
}

/** @throws {Unreadable} @throws {LayoutMismatch} */
export async function dequeBlocks(frame: SymbolFrame, value: Value): Promise<DequeBlocks> {
  const map = await member(frame, value, "__map_");
  const first = (await pointer(frame, await member(frame, map, "__begin_"))).address;
  const last = (await pointer(frame, await member(frame, map, "__end_"))).address;
  const start = await integer(frame, await member(frame, value, "__start_"));
  const size = await integer(frame, await member(frame, value, "__size_"));
  const stride = sizeOfType(typeArgument(value.type, 0)) || 1;
  const perBlock = BigInt(blockLength(stride));
  const width = BigInt(addressSize(frame));
  return {
    start,
    size,
    room: ((last - first) / width) * perBlock,
    async addressAtIndex(index) {
      const block = await addressAt(frame, first + (index / perBlock) * width);
      return block + (index % perBlock) * BigInt(stride);
    },
  };
}

/** `std::deque`: blocks of elements, and an array of where they are. */
export async function deque(frame: SymbolFrame, value: Value): Promise<View> {
  const type = typeArgument(value.type, 0);
  const { start, size, room, addressAtIndex } = await dequeBlocks(frame, value);
  const most = room > start ? room - start : 0n;
  const count = Math.min(Number(size < most ? size : most), maxCount);
  const damage = size > most ? `damaged: its blocks end after ${most}` : "";
  const parts = elements(count, async (index) => {
    try {
      return valueAt(type, await addressAtIndex(start + BigInt(index)));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { type, place: { kind: "unavailable", reason: error.message } };
    }
  });
  return containerView(parts, size, damage);
}

/** `std::queue`, `std::stack` and `std::priority_queue`: shown as the container in them. */
export async function adaptor(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "c"));
}
