import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { addressAt, addressSize, Unreadable } from "./layout.ts";
import { maxHeight } from "./libcxx-tree.ts";

// An iterator behind the last element stands at a node that is part of the container itself and has no value. Nothing
// in the iterator says so; the nodes around it do.

/** Nodes followed to find the one that is none. */
const maxNodes = 4096;

/**
 * Whether a node of a `std::list` is the list itself: of all in the ring, the only one behind which the number of the
 * others stands. `false` where that cannot be told: elements may be numbers too, and a ring may be long or damaged.
 */
export async function isListEnd(frame: SymbolFrame, node: bigint): Promise<boolean> {
  const size = BigInt(addressSize(frame));
  return tolerant(async () => {
    const ring = [node];
    for (let at = await addressAt(frame, node + size); at !== node; at = await addressAt(frame, at + size)) {
      if (ring.length >= maxNodes) return false;
      ring.push(at);
    }
    const others = BigInt(ring.length - 1);
    if ((await addressAt(frame, node + 2n * size)) !== others) return false;
    for (const other of ring.slice(1)) {
      if ((await addressAt(frame, other + 2n * size)) === others) return false;
    }
    return true;
  });
}

/**
 * Whether a node of a tree is the one that all trees have above their root, in the container itself: it is its child's
 * parent and no child of its own. An empty tree begins with it.
 */
export async function isTreeEnd(frame: SymbolFrame, node: bigint): Promise<boolean> {
  const size = BigInt(addressSize(frame));
  if (await tolerant(() => isChild(frame, node))) return false;
  return tolerant(async () => {
    const root = await addressAt(frame, node);
    const child =
      root === 0n ? await addressAt(frame, node - size) : await addressAt(frame, root + 2n * size);
    return child === node;
  });
}

/** Whether a node is one of the two children of what it calls its parent. */
async function isChild(frame: SymbolFrame, node: bigint): Promise<boolean> {
  const size = BigInt(addressSize(frame));
  const parent = await addressAt(frame, node + 2n * size);
  const [left, right] = [await addressAt(frame, parent), await addressAt(frame, parent + size)];
  return left === node || right === node;
}

/** The node before another in the order of the tree; `undefined` before the first. @throws {Unreadable} */
export async function previousInTree(frame: SymbolFrame, node: bigint): Promise<bigint | undefined> {
  const size = BigInt(addressSize(frame));
  const left = await addressAt(frame, node);
  if (left !== 0n) return rightmost(frame, left);
  let at = node;
  for (let height = 0; height < maxHeight; height++) {
    // What is no child is the end, before which there is nothing on the way up.
    if (!(await tolerant(() => isChild(frame, at)))) return undefined;
    const parent = await addressAt(frame, at + 2n * size);
    if ((await addressAt(frame, parent)) !== at) return parent;
    at = parent;
  }
  throw new Unreadable("its nodes lead nowhere");
}

async function rightmost(frame: SymbolFrame, node: bigint): Promise<bigint> {
  const size = BigInt(addressSize(frame));
  let at = node;
  for (let height = 0; height < maxHeight; height++) {
    const right = await addressAt(frame, at + size);
    if (right === 0n) return at;
    at = right;
  }
  throw new Unreadable("its nodes lead nowhere");
}

/** What memory has no answer to is not so. */
async function tolerant(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}
