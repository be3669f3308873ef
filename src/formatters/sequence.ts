import { unavailable } from "../base/unavailable.ts";
import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { BaseType, Type } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Part, Parts, View } from "../symbols/views/view.ts";
import { memorySize, sizeOfType, Unreadable, valueAt } from "./layout.ts";

/** Parts offered of one container, whatever it says of itself. */
export const maxCount = 16_777_216;
/** Nodes followed from the start of a container. */
const maxNodes = 1 << 20;
/** Nodes looked at before anything is said about a container. */
const lookAhead = 40;

/** A container's view: `size=3 {1, 2, 3}`. `damage` says why there are fewer parts than it counts. */
export function containerView(parts: Parts, size: bigint, damage = ""): View {
  const open = damage ? `size=${size} <${damage}> {` : `size=${size} {`;
  return { shape: { kind: "parts", open, close: "}", parts }, size };
}

/** Elements made by a function of their index. */
export function elements(count: number, at: (index: number) => Value | Promise<Value>): Parts {
  return {
    kind: "indexed",
    count,
    at: async (index) => (index < count ? { kind: "element", value: await at(index) } : undefined),
  };
}

/**
 * A container whose elements lie one after another. Those that memory has no room for are left out, and that is
 * said; so are those past `capacity`, which is what the container has room for by its own account.
 */
export async function contiguousView(
  frame: SymbolFrame,
  type: Type,
  address: bigint,
  size: bigint,
  capacity: bigint = size,
): Promise<View> {
  const stride = sizeOfType(type);
  const isOverfull = stride > 0 && capacity >= 0n && size > capacity;
  const fits = await fitting(frame, address, isOverfull ? capacity : size, stride);
  const { count } = fits;
  const damage = isOverfull && !fits.damage ? `damaged: there is room for ${capacity}` : fits.damage;
  const parts = elements(count, (index) => valueAt(type, address + BigInt(index * stride)));
  // Of what takes no room, the address says nothing.
  const empty = elements(count, () => ({ type, place: { kind: "memory", address } }));
  return containerView(stride === 0 ? empty : parts, size, damage);
}

/** How many of `size` things of `stride` bytes can be from an address on. */
export async function fitting(
  frame: SymbolFrame,
  address: bigint,
  size: bigint,
  stride: number,
): Promise<{ readonly count: number; readonly damage: string }> {
  if (size < 0n) throw new Unreadable(`damaged: its size is ${size}`);
  const end = await memorySize(frame);
  const room = address > end ? 0n : end - address;
  const most = stride === 0 ? BigInt(maxCount) : room / BigInt(stride);
  if (size <= most) return { count: Math.min(Number(size), maxCount), damage: "" };
  return {
    count: Math.min(Number(most), maxCount),
    damage: stride === 0 ? "damaged: too many" : `damaged: memory ends after ${most}`,
  };
}

/** Text of a known length. @throws {Unreadable} for a length that it, or memory, has no room for. */
export async function stringView(
  frame: SymbolFrame,
  unit: BaseType,
  address: bigint,
  count: bigint,
  access: "indexed" | "whole",
  capacity: bigint = count,
): Promise<View> {
  if (count > capacity) {
    throw new Unreadable(`damaged: its length is ${count}, and there is room for ${capacity}`);
  }
  const end = await memorySize(frame);
  if (count < 0n || (count > 0n && address + count * BigInt(unit.sizeBytes) > end)) {
    throw new Unreadable(`damaged: its length is ${count}, and memory ends before`);
  }
  return {
    shape: {
      kind: "string",
      place: { kind: "memory", address },
      unit,
      count: Number(count),
      isIndexed: access === "indexed",
    },
    size: count,
  };
}

/** The parts of what holds one thing. */
export function target(value: Value): Parts {
  return {
    kind: "named",
    count: 1,
    at: async (index) => (index === 0 ? { kind: "target", value } : undefined),
  };
}

/** What is needed to go through a container node by node. */
export interface Nodes<Node> {
  /** `undefined` when there is none. */
  readonly first: () => Promise<Node | undefined>;
  /** `undefined` after the last. @throws {Unreadable} for a node that leads nowhere. */
  readonly next: (node: Node) => Promise<Node | undefined>;
  /** What makes a node that one and no other. */
  readonly key: (node: Node) => bigint | number;
  readonly part: (node: Node) => Promise<Part>;
}

/**
 * A container of nodes, of which it counts `size`; `undefined` where it does not.
 *
 * Nodes are followed as far as they are asked for, and kept. A node met twice, one outside of memory, and an
 * end before the last are said so in place of the element, and nothing comes after.
 */
export async function nodesView<Node>(
  frame: SymbolFrame,
  nodes: Nodes<Node>,
  size: bigint | undefined,
  nodeBytes: number,
): Promise<View> {
  const walk = new Walk(nodes, size);
  if (size === undefined) {
    await walk.reach(maxNodes);
    const count = walk.count;
    const isWhole = walk.ended === "at the end";
    const damage = isWhole ? "" : (walk.ended ?? "too many to count");
    return containerView(walk.parts(isWhole ? count : count + 1), BigInt(count), damage);
  }
  if (size < 0n) throw new Unreadable(`damaged: its size is ${size}`);
  const { count, damage } = await fitting(frame, 0n, size, nodeBytes);
  await walk.reach(Math.min(count, lookAhead));
  if (walk.ended === undefined) return containerView(walk.parts(count), size, damage);
  if (walk.ended === "at the end") {
    // An end that comes too early was read as a reason; one in time is none.
    return containerView(walk.parts(walk.count), size, "");
  }
  return containerView(walk.parts(walk.count + 1), size, walk.ended);
}

class Walk<Node> {
  readonly #nodes: Nodes<Node>;
  readonly #size: bigint | undefined;
  readonly #found: Node[] = [];
  readonly #seen = new Set<bigint | number>();
  #tail: Promise<void> = Promise.resolve();
  /** Why there are no more nodes than were found. */
  ended: string | undefined;

  constructor(nodes: Nodes<Node>, size: bigint | undefined) {
    this.#nodes = nodes;
    this.#size = size;
  }

  /** Nodes found so far. */
  get count(): number {
    return this.#found.length;
  }

  /** Follows nodes until there are `count`, one caller after another. */
  reach(count: number): Promise<void> {
    if (this.ended !== undefined || this.#found.length >= count) return this.#tail;
    this.#tail = this.#tail.then(() => this.#follow(count));
    return this.#tail;
  }

  parts(count: number): Parts {
    return {
      kind: "indexed",
      count,
      at: async (index) => {
        if (index >= count) return undefined;
        await this.reach(index + 1);
        const node = this.#found[index];
        if (node !== undefined) return this.#nodes.part(node);
        if (index > this.#found.length || this.ended === "at the end") return undefined;
        const place = unavailable(this.ended ?? "too far in");
        return { kind: "element", value: { type: { kind: "void", name: "?" }, place } };
      },
    };
  }

  async #follow(count: number): Promise<void> {
    const limit = Math.min(count, maxNodes);
    while (this.ended === undefined && this.#found.length < limit) {
      try {
        const last = this.#found.at(-1);
        const node = last === undefined ? await this.#nodes.first() : await this.#nodes.next(last);
        this.#add(node);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        this.ended = `damaged: ${error.message}`;
      }
    }
  }

  #add(node: Node | undefined): void {
    const count = this.#found.length;
    if (node === undefined) {
      const isEarly = this.#size !== undefined && BigInt(count) < this.#size;
      this.ended = isEarly ? `damaged: ends after ${count}` : "at the end";
      return;
    }
    const key = this.#nodes.key(node);
    if (this.#seen.has(key)) {
      this.ended = `damaged: goes in circles after ${count}`;
      return;
    }
    this.#seen.add(key);
    this.#found.push(node);
  }
}
