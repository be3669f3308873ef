import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Part, View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressOf,
  addressSize,
  findMember,
  integer,
  LayoutMismatch,
  member,
  memorySize,
  pointer,
  recordOf,
  sizeOfType,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { payload } from "./rust-layout.ts";
import { nodesView } from "./sequence.ts";

/** Control bytes read at once. */
const chunk = 1024;

/** `HashMap`. */
export async function hashMap(frame: SymbolFrame, value: Value): Promise<View> {
  return table(frame, value, "entry");
}

/** `HashSet`: a map to nothing. */
export async function hashSet(frame: SymbolFrame, value: Value): Promise<View> {
  return table(frame, value, "element");
}

/**
 * hashbrown's table: a control byte for each bucket, which has its highest bit clear where the bucket is full.
 *
 * The buckets lie before the control bytes, the first of them last.
 */
async function table(frame: SymbolFrame, value: Value, kind: "entry" | "element"): Promise<View> {
  const raw = await rawTable(frame, value);
  const type = typeArgument(raw.type, 0);
  const inner = (await findMember(frame, raw, "table")) ?? raw;
  const { address } = await pointer(frame, await member(frame, inner, "ctrl"));
  const mask = await integer(frame, await member(frame, inner, "bucket_mask"));
  const items = await integer(frame, await member(frame, inner, "items"));
  const size = BigInt(sizeOfType(type));
  const end = await memorySize(frame);
  if (address + mask >= end || (mask + 1n) * size > address) {
    throw new Unreadable(`damaged: it has ${items} of ${mask + 1n} buckets, and memory ends before`);
  }
  const next = async (from: number): Promise<number | undefined> => {
    for (let start = from; BigInt(start) <= mask; start += chunk) {
      const length = Math.min(chunk, Number(mask) + 1 - start);
      const bytes = await frame.state.readMemory(address + BigInt(start), length);
      const full = bytes.findIndex((byte) => byte < 0x80);
      if (full >= 0) return start + full;
    }
    return undefined;
  };
  return nodesView<number>(
    frame,
    {
      first: async () => (items === 0n ? undefined : next(0)),
      next: (bucket) => next(bucket + 1),
      key: (bucket) => bucket,
      part: (bucket) => pairPart(frame, valueAt(type, address - BigInt(bucket + 1) * size), kind),
    },
    items,
    Math.max(1, Number(size)),
  );
}

/** The table inside of the maps and sets that hold it. */
async function rawTable(frame: SymbolFrame, value: Value): Promise<Value> {
  let at = value;
  for (let layers = 0; layers < 6; layers++) {
    if (/^hashbrown::raw::(?:inner::)?RawTable</.test(recordOf(at.type).name ?? "")) return at;
    at = await member(frame, at, ["base", "map", "table"]);
  }
  throw new LayoutMismatch("no table");
}

async function pairPart(frame: SymbolFrame, value: Value, kind: "entry" | "element"): Promise<Part> {
  const key = await member(frame, value, "__0");
  return kind === "element" ? { kind, value: key } : { kind, key, value: await member(frame, value, "__1") };
}

/** `BTreeMap`. */
export async function treeMap(frame: SymbolFrame, value: Value): Promise<View> {
  return tree(frame, value, "entry");
}

/** `BTreeSet`: a map to nothing. */
export async function treeSet(frame: SymbolFrame, value: Value): Promise<View> {
  return tree(frame, await member(frame, value, "map"), "element");
}

/** No tree of eleven keys a node is as high in any memory. */
const maxHeight = 16n;
/** Keys of a node. Source: Rust's library, `CAPACITY` of the B-tree's nodes. */
const capacity = 11;

/** Where a walk through a tree stands: a key of a node, and the nodes above with the edges taken. */
interface Position {
  readonly node: bigint;
  readonly index: number;
  readonly height: number;
  readonly above: readonly { readonly node: bigint; readonly edge: number }[];
}

/** Types and places within nodes, which are the same for all of a tree. */
interface NodeLayout {
  readonly keyAt: (node: bigint, index: number) => Value;
  readonly valueAt: (node: bigint, index: number) => Value;
  readonly lengthOf: (node: bigint) => Promise<number>;
  readonly childOf: (node: bigint, edge: number) => Promise<bigint>;
}

async function tree(frame: SymbolFrame, value: Value, kind: "entry" | "element"): Promise<View> {
  const length = await integer(frame, await member(frame, value, "length"));
  const root = await payload(frame, await member(frame, value, "root"));
  const height = root ? await integer(frame, await member(frame, root, "height")) : 0n;
  const start = root && (await pointer(frame, await member(frame, root, "node")));
  if (height > maxHeight) throw new Unreadable(`damaged: its height is ${height}`);
  const layout = start && (await nodeLayout(frame, start.target));
  return nodesView<Position>(
    frame,
    {
      first: async () =>
        start && layout && length > 0n
          ? settled(layout, await leftmost(layout, start.address, Number(height), []))
          : undefined,
      next: async (position) => layout && successor(layout, position),
      // Nodes are at least as large as they have keys.
      key: ({ node, index }) => node * 16n + BigInt(index),
      part: async ({ node, index }) => {
        if (!layout) throw new LayoutMismatch("no nodes");
        const key = layout.keyAt(node, index);
        return kind === "element" ? { kind, value: key } : { kind, key, value: layout.valueAt(node, index) };
      },
    },
    length,
    1,
  );
}

async function nodeLayout(frame: SymbolFrame, leaf: Type): Promise<NodeLayout> {
  const at = (address: bigint): Value => ({ type: leaf, place: { kind: "memory", address } });
  const model = at(0n);
  const [keyType, valueType] = [typeArgument(leaf, 0), typeArgument(leaf, 1)];
  const keys = addressOf(await member(frame, model, "keys"));
  const vals = addressOf(await member(frame, model, "vals"));
  const edges = await edgesOffset(frame, model);
  const width = BigInt(addressSize(frame));
  return {
    keyAt: (node, index) => valueAt(keyType, node + keys + BigInt(index * sizeOfType(keyType))),
    valueAt: (node, index) => valueAt(valueType, node + vals + BigInt(index * sizeOfType(valueType))),
    async lengthOf(node) {
      const length = Number(await integer(frame, await member(frame, at(node), "len")));
      if (length > capacity) throw new Unreadable(`a node has ${length} keys`);
      return length;
    },
    childOf: (node, edge) => addressAt(frame, node + edges + BigInt(edge) * width),
  };
}

/** Inner nodes begin like leaves and go on with their children: the type is that of a leaf's parent. */
async function edgesOffset(frame: SymbolFrame, leaf: Value): Promise<bigint> {
  const parent = await member(frame, leaf, "parent");
  for (const { member: some } of recordOf(parent.type).variants?.variants ?? []) {
    const fields = plainType(some.type);
    const held = fields.kind === "record" ? fields.members[0]?.type : undefined;
    if (!held) continue;
    const pointed = pointedBy(held);
    if (!pointed) continue;
    return addressOf(await member(frame, { type: pointed, place: { kind: "memory", address: 0n } }, "edges"));
  }
  throw new LayoutMismatch("no inner nodes");
}

function pointedBy(type: Type, depth = 0): Type | undefined {
  const plain = plainType(type);
  if (plain.kind === "pointer") return plain.target;
  const [first] = plain.kind === "record" && depth < 6 ? plain.members : [];
  return first && pointedBy(first.type, depth + 1);
}

async function leftmost(
  layout: NodeLayout,
  node: bigint,
  height: number,
  above: Position["above"],
): Promise<Position> {
  let at = node;
  const path = [...above];
  for (let left = height; left > 0; left--) {
    path.push({ node: at, edge: 0 });
    at = await layout.childOf(at, 0);
  }
  return { node: at, index: 0, height: 0, above: path };
}

/** The position itself if it has a key, else the next one further up; `undefined` at the end. */
async function settled(layout: NodeLayout, position: Position): Promise<Position | undefined> {
  let at: Position | undefined = position;
  while (at) {
    if (at.index < (await layout.lengthOf(at.node))) return at;
    const up: Position["above"][number] | undefined = at.above.at(-1);
    at = up && { node: up.node, index: up.edge, height: at.height + 1, above: at.above.slice(0, -1) };
  }
  return undefined;
}

async function successor(
  layout: NodeLayout,
  { node, index, height, above }: Position,
): Promise<Position | undefined> {
  if (height === 0) return settled(layout, { node, index: index + 1, height, above });
  const child = await layout.childOf(node, index + 1);
  const path = [...above, { node, edge: index + 1 }];
  return settled(layout, await leftmost(layout, child, height - 1, path));
}
