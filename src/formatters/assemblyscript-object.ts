import type { ManagedObjects } from "../symbols/module-facts.ts";
import type { SymbolFrame } from "../symbols/symbol-frame.ts";

/** An object of AssemblyScript's runtime, by what stands in front of it. */
export interface ManagedObject {
  /** Where references to it lead. */
  readonly address: bigint;
  readonly classId: number;
  /** Bytes it takes, without what stands in front. */
  readonly size: number;
  /**
   * Whether there is an object for sure: the compiler has put it there, the collector's list leads to it and back, or without
   * a collector, what has been allocated before it ends there.
   * Otherwise memory only looks as if there were one.
   */
  readonly isProven: boolean;
}

const headerBytes = 20;
/** Source: AssemblyScript, `~lib/rt/common`: objects are aligned, and a block is no larger. */
const alignment = 16n;
const largestBlock = 1 << 30;

/** The object that a reference leads to; `undefined` where memory holds none. Rejects only as the target does. */
export async function findObject(
  frame: SymbolFrame,
  managed: ManagedObjects,
  address: bigint,
): Promise<ManagedObject | undefined> {
  if (address < BigInt(headerBytes) || address % alignment !== 0n) return undefined;
  const header = await words(frame, address - BigInt(headerBytes), headerBytes);
  if (!header) return undefined;
  const [block = 0, next = 0, previous = 0, classId = 0, size = 0] = header;
  // The lowest bits say whether a block, and the one before it, is free.
  const blockSize = block & ~3;
  const isFree = (block & 1) !== 0;
  if (isFree || blockSize % 16 !== 12 || blockSize > largestBlock || size + 16 > blockSize) return undefined;
  if (classId > mostClasses || (classId === stringClass && size % 2 !== 0)) return undefined;
  const end = (await frame.state.memorySizes())[0] ?? 0n;
  if (address + BigInt(size) > end) return undefined;
  const isProven =
    managed.isStatic(address) ||
    (await isLinked(frame, address, next, previous)) ||
    (await isInHeap(frame, managed, address));
  // Without the runtime's table only the classes that have the same number in every program are known.
  const isKnown =
    managed.flagsOf(classId) !== undefined || classId === stringClass || classId === bufferClass;
  return isKnown || isProven ? { address, classId, size, isProven } : undefined;
}

/** What claims to be of a higher one is no object. */
const mostClasses = 1 << 20;

/** Ids that the compiler gives first. */
export const bufferClass = 1;
export const stringClass = 2;

/** Whether the objects before and behind one in the collector's list know it. */
async function isLinked(
  frame: SymbolFrame,
  address: bigint,
  nextWithColor: number,
  previous: number,
): Promise<boolean> {
  const self = Number(address) - headerBytes;
  const next = (nextWithColor & ~3) >>> 0;
  if (next === 0 || previous === 0) return false;
  const [behind, before] = await Promise.all([
    words(frame, BigInt(next), headerBytes),
    words(frame, BigInt(previous >>> 0), headerBytes),
  ]);
  return (behind?.[2] ?? 0) >>> 0 === self && ((before?.[1] ?? 0) & ~3) >>> 0 === self;
}

/** Bytes read at once on the way through the heap, and the most that is gone through. */
const heapChunk = 1 << 16;
const largestHeap = 1 << 26;
/** Source: AssemblyScript, `~lib/rt/stub`: in front of each block stands its size, and the next begins behind it. */
const blockOverhead = 4;

/** Where blocks begin, as far as has been looked, by the state of a stop: they never move. */
const heaps = new WeakMap<object, { readonly blocks: Set<number>; end: number }>();

/** Whether a block begins in front of an object, in a heap where blocks stand one behind another. */
async function isInHeap(frame: SymbolFrame, managed: ManagedObjects, address: bigint): Promise<boolean> {
  const { heapStart } = managed;
  if (heapStart === undefined) return false;
  const block = Number(address) - headerBytes;
  const start = Math.ceil((heapStart + blockOverhead) / 16) * 16 - blockOverhead;
  if (block < start || block - start > largestHeap) return false;
  let heap = heaps.get(frame.state);
  if (!heap) {
    heap = { blocks: new Set(), end: start };
    heaps.set(frame.state, heap);
  }
  while (heap.end <= block) {
    const from = heap.end;
    const chunk = await frame.state.readMemory(BigInt(from), heapChunk);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    while (heap.end <= block && heap.end - from + blockOverhead <= chunk.length) {
      const size = view.getUint32(heap.end - from, true);
      if (size % 16 !== 12) return false;
      heap.blocks.add(heap.end);
      heap.end += blockOverhead + size;
    }
    if (heap.end === from) return false;
  }
  return heap.blocks.has(block);
}

/** Unsigned 32-bit words; `undefined` where memory ends before. */
export async function words(
  frame: SymbolFrame,
  address: bigint,
  bytes: number,
): Promise<readonly number[] | undefined> {
  const read = await frame.state.readMemory(address, bytes);
  if (read.length < bytes) return undefined;
  const view = new DataView(read.buffer, read.byteOffset, read.length);
  return Array.from({ length: bytes / 4 }, (_, at) => view.getUint32(at * 4, true));
}
