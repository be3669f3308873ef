import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  findMember,
  integer,
  member,
  type Pointer,
  pointer,
  sameAs,
  sizeOfType,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { count, optionalPointer } from "./rust-layout.ts";
import { containerView, contiguousView, elements, fitting, maxCount, nodesView } from "./sequence.ts";

/** Where the elements of a `Vec` are, how many it has, and how many it has room for. */
export async function vectorParts(
  frame: SymbolFrame,
  value: Value,
): Promise<{ readonly address: bigint; readonly length: bigint; readonly capacity: bigint }> {
  const { address, capacity } = await bufferOf(frame, value);
  return { address, capacity, length: await integer(frame, await member(frame, value, "len")) };
}

/** The buffer of a vector: since 1.77 it has an inner part that does not know the elements' type. */
async function bufferOf(
  frame: SymbolFrame,
  value: Value,
): Promise<{ readonly address: bigint; readonly capacity: bigint }> {
  const outer = await member(frame, value, "buf");
  const buffer = (await findMember(frame, outer, "inner")) ?? outer;
  const { address } = await pointer(frame, await member(frame, buffer, "ptr"));
  return { address, capacity: await count(frame, await member(frame, buffer, "cap")) };
}

/** `Vec`. */
export async function vec(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, length, capacity } = await vectorParts(frame, value);
  return contiguousView(frame, typeArgument(value.type, 0), address, length, capacity);
}

/** `BinaryHeap`: the vector in it. */
export async function heap(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "data"));
}

/** Pointers to slices. */
export async function slice(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "data_ptr"));
  return contiguousView(frame, target, address, await integer(frame, await member(frame, value, "length")));
}

/** `VecDeque`: a ring. It once kept where it ends, with one place always free; now it keeps its length. */
export async function deque(frame: SymbolFrame, value: Value): Promise<View> {
  const type = typeArgument(value.type, 0);
  const { address, capacity } = await bufferOf(frame, value);
  const head = await integer(frame, await member(frame, value, "head"));
  const tail = await findMember(frame, value, "tail");
  const stride = sizeOfType(type);
  const ring = stride === 0 ? BigInt(maxCount) : capacity;
  const start = tail ? await integer(frame, tail) : head;
  const length = tail
    ? ring === 0n
      ? 0n
      : (((head - start) % ring) + ring) % ring
    : await integer(frame, await member(frame, value, "len"));
  const { count: most, damage } = await fitting(frame, address, length < ring ? length : ring, stride);
  const parts = elements(most, (index) => {
    const position = ring === 0n ? 0n : (start + BigInt(index)) % ring;
    return stride === 0
      ? { type, place: { kind: "memory", address } }
      : valueAt(type, address + position * BigInt(stride));
  });
  const isTooLong = length > ring;
  const isOutside = ring > 0n && (start >= ring || (tail !== undefined && head >= ring));
  if (isOutside) throw new Unreadable(`damaged: it begins or ends outside of its room for ${ring}`);
  return containerView(parts, length, isTooLong ? `damaged: there is room for ${ring}` : damage);
}

/** `LinkedList`. */
export async function linkedList(frame: SymbolFrame, value: Value): Promise<View> {
  const type = typeArgument(value.type, 0);
  const head = await member(frame, value, "head");
  return nodesView<Pointer>(
    frame,
    {
      first: () => optionalPointer(frame, head),
      next: async (node) =>
        optionalPointer(frame, await member(frame, valueAt(node.target, node.address), "next")),
      key: (node) => node.address,
      part: async (node) => ({
        kind: "element",
        value: await member(frame, valueAt(node.target, node.address), "element"),
      }),
    },
    await integer(frame, await member(frame, value, "len")),
    sizeOfType(type) + 1,
  );
}

/** Iterators of slices and vectors: the elements still to come. */
export async function elementsLeft(frame: SymbolFrame, value: Value): Promise<View> {
  const { type, address, length } = await rangeLeft(frame, value);
  return contiguousView(frame, type, address, length);
}

/** What is between the two pointers of an iterator; of elements without a size, the second counts them. */
export async function rangeLeft(
  frame: SymbolFrame,
  value: Value,
): Promise<{ readonly type: Type; readonly address: bigint; readonly length: bigint }> {
  const type = typeArgument(value.type, 0);
  const { address } = await pointer(frame, await member(frame, value, "ptr"));
  const end = await pointer(frame, await member(frame, value, ["end_or_len", "end"]));
  const stride = BigInt(sizeOfType(type));
  if (stride === 0n) {
    const counts = (await findMember(frame, value, "end_or_len")) !== undefined;
    return { type, address, length: counts ? end.address : end.address - address };
  }
  const bytes = end.address - address;
  if (bytes < 0n) throw new Unreadable("damaged: its end comes before its begin");
  if (bytes % stride !== 0n) throw new Unreadable("damaged: its last element is not whole");
  return { type, address, length: bytes / stride };
}
