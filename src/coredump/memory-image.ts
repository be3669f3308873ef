import type { MemoryType } from "../wasm/sections/memory.ts";
import type { ByteSource } from "./byte-source.ts";

/** Where a coredump keeps bytes of its memories, in the order of the file: flat columns, there may be a hundred thousand. */
export interface DataColumns {
  readonly count: number;
  readonly memory: Uint32Array;
  /** Address of the first byte. */
  readonly address: Float64Array;
  /** Where the bytes are in the file, and how many. */
  readonly offset: Float64Array;
  readonly length: Uint32Array;
}

/**
 * One memory of a coredump: what its data segments say, and zero in between.
 *
 * A gap may also be memory that a producer left out; the format does not tell. Segments may overlap, and the later one
 * counts then, as at instantiation. Bytes stay in the file until they are read.
 */
export class MemoryImage {
  readonly type: MemoryType;
  /** Bytes of memory that segments give, overlaps counted twice. 0: the dump has nothing of this memory. */
  readonly writtenBytes: number;
  readonly #source: ByteSource;
  readonly #columns: DataColumns;
  /** Indexes of this memory's segments by rising address, those of one address in the order of the file. */
  readonly #order: Uint32Array;
  /** Up to each place of `#order`, the highest address behind a segment. */
  readonly #ends: Float64Array;

  constructor(source: ByteSource, type: MemoryType, columns: DataColumns, order: Uint32Array) {
    this.#source = source;
    this.type = type;
    this.#columns = columns;
    this.#order = order;
    this.#ends = new Float64Array(order.length);
    let end = 0;
    let written = 0;
    for (const [at, segment] of order.entries()) {
      const length = columns.length[segment] as number;
      end = Math.max(end, (columns.address[segment] as number) + length);
      this.#ends[at] = end;
      written += length;
    }
    this.writtenBytes = written;
  }

  /**
   * Bytes of the memory with pages of 2^`pageSizeLog2` bytes, where the dump says nothing of them. A producer may give
   * the size as the maximum and none as the minimum; there is as much memory as there is data, in any case.
   */
  sizeBytes(pageSizeLog2 = 16): bigint {
    const { minimum, maximum = 0n, pageSizeLog2: own = pageSizeLog2 } = this.type;
    const pageBytes = 1n << BigInt(Math.min(own, 64));
    const pages = minimum > 0n ? minimum : this.writtenBytes > 0 ? maximum : 0n;
    const written = (BigInt(this.#ends.at(-1) ?? 0) + pageBytes - 1n) / pageBytes;
    return (pages > written ? pages : written) * pageBytes;
  }

  /** The lowest address that the dump has a byte of, or `undefined`. */
  get firstAddress(): number | undefined {
    const first = this.#order[0];
    return first === undefined ? undefined : this.#columns.address[first];
  }

  /**
   * The bytes at `address`, in memory of their own. The caller keeps to the memory's bounds, which may be those of the
   * module rather than the dump's.
   */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const found: number[] = [];
    for (let at = this.#firstFrom(address + length) - 1; at >= 0; at--) {
      if ((this.#ends[at] as number) <= address) break;
      found.push(this.#order[at] as number);
    }
    for (const segment of found.sort((a, b) => a - b)) this.#copy(segment, address, bytes);
    return bytes;
  }

  #copy(segment: number, address: number, into: Uint8Array): void {
    const start = this.#columns.address[segment] as number;
    const end = start + (this.#columns.length[segment] as number);
    const from = Math.max(start, address);
    const to = Math.min(end, address + into.length);
    if (from >= to) return;
    into.set(
      this.#source.read((this.#columns.offset[segment] as number) + from - start, to - from),
      from - address,
    );
  }

  /** The first place in `#order` whose segment begins at `address` or above. */
  #firstFrom(address: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#columns.address[this.#order[middle] as number] as number) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The images of a dump's memories, by index. */
export function memoryImages(
  source: ByteSource,
  types: readonly MemoryType[],
  columns: DataColumns,
): readonly MemoryImage[] {
  const counts = new Uint32Array(types.length);
  for (let segment = 0; segment < columns.count; segment++) {
    const memory = columns.memory[segment] as number;
    counts[memory] = (counts[memory] ?? 0) + 1;
  }
  const orders = types.map((_, memory) => new Uint32Array(counts[memory] ?? 0));
  const filled = new Uint32Array(types.length);
  for (let segment = 0; segment < columns.count; segment++) {
    const memory = columns.memory[segment] as number;
    const order = orders[memory];
    if (order) order[filled[memory] as number] = segment;
    filled[memory] = (filled[memory] as number) + 1;
  }
  return types.map((type, memory) => {
    const order = orders[memory] ?? new Uint32Array(0);
    return new MemoryImage(source, type, columns, sortedByAddress(order, columns.address));
  });
}

/** Producers write by rising address, so that there is hardly ever anything to sort. */
function sortedByAddress(order: Uint32Array, address: Float64Array): Uint32Array {
  const at = (index: number): number => address[order[index] as number] as number;
  for (let index = 1; index < order.length; index++) {
    if (at(index - 1) > at(index)) {
      return order.sort((a, b) => (address[a] as number) - (address[b] as number) || a - b);
    }
  }
  return order;
}
