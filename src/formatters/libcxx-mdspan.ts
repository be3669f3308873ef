import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  findMember,
  integer,
  LayoutMismatch,
  member,
  memorySize,
  pointer,
  recordOf,
  sameAs,
  sizeOfType,
  Unreadable,
  valueAt,
} from "./layout.ts";

/** Dimensions of an array shown. */
const maxRank = 16;

/** `std::mdspan`: the array of arrays it stands for, whichever way that lies in memory. */
export async function mdspan(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "__ptr_"));
  const mapping = await member(frame, value, "__map_");
  const extents = await extentsOf(frame, mapping);
  const strides = await stridesOf(frame, mapping, extents);
  const size = sizeOfType(target);
  const last = extents.reduce((sum, extent, at) => sum + Math.max(0, extent - 1) * (strides[at] ?? 0), 0);
  const isEmpty = extents.includes(0);
  if (!isEmpty && address + BigInt(last + 1) * BigInt(size) > (await memorySize(frame))) {
    throw new Unreadable(`damaged: it is ${extents.join(" × ")}, and memory ends before`);
  }
  const type = extents.reduceRight<Type>(
    (element, count, at) => ({ kind: "array", element, count, strideBytes: (strides[at] ?? 0) * size }),
    target,
  );
  return sameAs(valueAt(type, address));
}

/** How many there are in each dimension: those known when it was compiled are in the name only. */
async function extentsOf(frame: SymbolFrame, mapping: Value): Promise<readonly number[]> {
  const extents = await member(frame, mapping, "__extents_");
  const [, list = ""] =
    /(?:^|::)extents<[^,<>]+((?:, \d+[uUlL]*)*) ?>$/.exec(recordOf(extents.type).name ?? "") ?? [];
  const given = [...list.matchAll(/\d+/g)].map(([digits]) => BigInt(digits));
  if (given.length > maxRank) throw new LayoutMismatch("too many dimensions");
  // The library's own word for one that is known at run time only: the greatest of its numbers.
  const dynamic = (1n << BigInt(frame.types.unsignedLong.sizeBytes * 8)) - 1n;
  const known = await findMember(frame, extents, "__vals_", "__dyn_vals_", "__vals_");
  let next = 0;
  const counts: number[] = [];
  for (const extent of given) {
    const count = extent === dynamic ? await numberAt(frame, known, next++) : extent;
    if (count < 0n || count > 0xffff_ffffn) throw new Unreadable(`damaged: it has ${count} in one dimension`);
    counts.push(Number(count));
  }
  return counts;
}

/** Elements from one to the next of each dimension. */
async function stridesOf(
  frame: SymbolFrame,
  mapping: Value,
  extents: readonly number[],
): Promise<readonly number[]> {
  const layout = recordOf(mapping.type).name ?? "";
  const strides = await findMember(frame, mapping, "__strides_");
  if (strides) {
    const held = await findMember(frame, strides, "__vals_");
    return Promise.all(extents.map(async (_, index) => Number(await numberAt(frame, held, index))));
  }
  const product = (counts: readonly number[]) => counts.reduce((all, count) => all * count, 1);
  if (/(?:^|::)layout_right::/.test(layout))
    return extents.map((_, index) => product(extents.slice(index + 1)));
  if (/(?:^|::)layout_left::/.test(layout))
    return extents.map((_, index) => product(extents.slice(0, index)));
  throw new LayoutMismatch("another layout");
}

async function numberAt(frame: SymbolFrame, numbers: Value | undefined, index: number): Promise<bigint> {
  const type = numbers && plainType(numbers.type);
  if (type?.kind !== "array" || numbers?.place.kind !== "memory") throw new LayoutMismatch("no extents");
  const address = numbers.place.address + BigInt(index * sizeOfType(type.element));
  return integer(frame, valueAt(type.element, address));
}

/** `std::source_location`: `main.cpp:7:5 (int main())`. */
export async function sourceLocation(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "__ptr_"));
  if (address === 0n) return { shape: { kind: "text", text: "unknown" } };
  const held = valueAt(target, address);
  const text = async (name: string): Promise<string> => {
    const bytes = await frame.stringOf(await member(frame, held, name));
    return bytes ? new TextDecoder().decode(bytes) : "?";
  };
  const line = await integer(frame, await member(frame, held, "_M_line"));
  const column = await integer(frame, await member(frame, held, "_M_column"));
  const place = `${await text("_M_file_name")}:${line}:${column}`;
  return { shape: { kind: "text", text: `${place} (${await text("_M_function_name")})` } };
}
