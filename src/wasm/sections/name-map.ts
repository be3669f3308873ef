import { lowerBound } from "../../base/binary-search.ts";

/** Names by index: their places in the file, each decoded when asked for. */
export class NameMap {
  readonly #nameFrom: (start: number) => string;
  readonly #columns: IndexColumns;

  /** `nameFrom` decodes a name from one of `columns.starts`, where its size stands. */
  constructor(columns: IndexColumns, nameFrom: (start: number) => string) {
    this.#nameFrom = nameFrom;
    this.#columns = columns;
  }

  /** How many indexes have a name. */
  get size(): number {
    return this.#columns.indexes.length;
  }

  /** Indexes that have a name, ascending. */
  get indexes(): Uint32Array {
    return this.#columns.indexes;
  }

  /** The name of an index, or `undefined` when it has none. */
  find(index: number): string | undefined {
    const at = findIndex(this.#columns.indexes, index);
    return at < 0 ? undefined : this.#nameAt(at);
  }

  /** Index and name of all, by ascending index. */
  *entries(): Generator<readonly [number, string]> {
    for (const [at, index] of this.#columns.indexes.entries()) yield [index, this.#nameAt(at)];
  }

  #nameAt(at: number): string {
    return this.#nameFrom(this.#columns.starts[at] as number);
  }
}

/** Entries of a map, by ascending index, each index once. */
export interface IndexColumns {
  readonly indexes: Uint32Array;
  /** Offset in the file of what the entry holds. */
  readonly starts: Uint32Array;
}

/** By ascending index; of entries with one index, the first. */
export function sortedOnce({ indexes, starts }: IndexColumns): IndexColumns {
  const first = new Map<number, number>();
  indexes.forEach((index, at) => {
    if (!first.has(index)) first.set(index, starts[at] as number);
  });
  const sorted = Uint32Array.from(first.keys()).sort();
  return { indexes: sorted, starts: sorted.map((index) => first.get(index) ?? 0) };
}

/** Position of a value in an ascending array, or -1. */
export function findIndex(indexes: Uint32Array, wanted: number): number {
  const position = lowerBound(indexes, wanted);
  return indexes[position] === wanted ? position : -1;
}

/** Of nothing. */
export const noColumns: IndexColumns = { indexes: new Uint32Array(0), starts: new Uint32Array(0) };
/** Of nothing. */
export const noNames = new NameMap(noColumns, () => "");
