import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { BaseType, RecordType, Type } from "../symbols/types/type.ts";
import type { View } from "../symbols/views/view.ts";
import { words } from "./assemblyscript-object.ts";
import { Unreadable, valueAt } from "./layout.ts";
import { nodesView } from "./sequence.ts";

/** What the flags of a class say. Source: AssemblyScript 0.28, `~lib/shared/typeinfo`, "TypeinfoFlags". */
export const Flag = {
  view: 1 << 0,
  array: 1 << 1,
  staticArray: 1 << 2,
  set: 1 << 3,
  map: 1 << 4,
} as const;

/** Within the bits of a value or a key: five for its size, then these. */
const SIGNED = 1 << 5;
const FLOAT = 1 << 6;
const MANAGED = 1 << 8;
const firstValueBit = 6;
const firstKeyBit = 15;

/** The type of a collection's values, `reference` for objects; `undefined` for a class that is no collection. */
export const valueType = (flags: number, reference: RecordType): Type | undefined =>
  elementType(flags >>> firstValueBit, reference);

/** The type of a map's keys. */
export const keyType = (flags: number, reference: RecordType): Type | undefined =>
  elementType(flags >>> firstKeyBit, reference);

function elementType(bits: number, reference: RecordType): Type | undefined {
  const log2 = [0, 1, 2, 3, 4].find((size) => (bits & (1 << size)) !== 0);
  if (log2 === undefined) return undefined;
  if (bits & MANAGED) return reference;
  const sizeBytes = 1 << log2;
  const plain = (letter: string, encoding: BaseType["encoding"]): BaseType => ({
    ...{ kind: "base", name: `${letter}${sizeBytes * 8}`, sizeBytes, encoding },
  });
  if (sizeBytes === 16) return plain("v", "unknown");
  if (bits & FLOAT) return plain("f", "float");
  return bits & SIGNED ? plain("i", "signed") : plain("u", "unsigned");
}

/**
 * A `Map`, or without `value` a `Set`: entries one behind another, some of them deleted.
 *
 * Source: AssemblyScript 0.28, `~lib/map` and `~lib/set`.
 */
export async function hashView(
  frame: SymbolFrame,
  address: bigint,
  key: Type,
  value: Type | undefined,
): Promise<View> {
  const head = await words(frame, address, 24);
  if (!head) throw new Unreadable("damaged: memory ends within it");
  const [, , entries = 0, , used = 0, count = 0] = head;
  const layout = entryLayout(sizeOf(key), value && sizeOf(value));
  const entryAt = async (index: number): Promise<number | undefined> => {
    for (let at = index; at < used; at++) {
      const tag = await words(frame, BigInt(entries + at * layout.size + layout.tag), 4);
      if (!tag) throw new Unreadable("memory ends within its entries");
      if (((tag[0] as number) & 1) === 0) return at;
    }
    return undefined;
  };
  const nodes = {
    first: () => entryAt(0),
    next: (index: number) => entryAt(index + 1),
    key: (index: number) => index,
    part: async (index: number) => {
      const at = BigInt(entries + index * layout.size);
      const keyValue = valueAt(key, at);
      if (!value) return { kind: "element", value: keyValue } as const;
      return { kind: "entry", key: keyValue, value: valueAt(value, at + BigInt(layout.value)) } as const;
    },
  };
  return nodesView(frame, nodes, BigInt(count), layout.size);
}

/** Offsets within an entry: its key, its value, and a word whose lowest bit says that it is deleted. */
function entryLayout(key: number, value: number | undefined) {
  const align = (offset: number, to: number): number => Math.ceil(offset / to) * to;
  const valueOffset = value === undefined ? 0 : align(key, value);
  const tag = align(value === undefined ? key : valueOffset + value, 4);
  const size = align(tag + 4, Math.max(key, value ?? 0, 4));
  return { value: valueOffset, tag, size };
}

const sizeOf = (type: Type): number => ("sizeBytes" in type ? (type.sizeBytes ?? 1) : 1);
