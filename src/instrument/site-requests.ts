import type { LineKey, ModuleOffset } from "../base/brand.ts";
import type { CodeSection } from "../wasm/sections/code.ts";

/** A statement that begins at a place of the original module. */
export interface SiteRequest {
  readonly offset: ModuleOffset;
  readonly line: LineKey;
}

/** Site requests as columns of one length, in any order, repetitions allowed. */
export interface SiteRequests {
  readonly offset: Uint32Array | Float64Array;
  readonly line: Uint32Array;
}

/** Requests in rising order of offset, those of one offset in the order they came, all within function bodies. */
export interface SortedRequests {
  readonly count: number;
  readonly offset: Uint32Array;
  readonly line: Uint32Array;
  /** Requests left out because they lie in no function body. */
  readonly outside: number;
}

/** Sorts requests and leaves out those outside of function bodies (line tables hold rows of functions the linker removed). */
export function sortRequests(requests: SiteRequests, code: CodeSection): SortedRequests {
  const order = risingOrder(requests.offset);
  const offset = new Uint32Array(order.length);
  const line = new Uint32Array(order.length);
  let count = 0;
  let body = 0;
  for (const row of order) {
    const at = requests.offset[row] as number;
    while (body < code.count && (code.bodyEnds[body] as number) <= at) body++;
    if (body === code.count || !(at >= (code.bodyStarts[body] as number))) continue;
    offset[count] = at;
    line[count++] = requests.line[row] ?? 0;
  }
  return { count, offset, line, outside: order.length - count };
}

/** Beyond these, row and offset do not fit in one number. */
const ROWS_IN_KEY = 2 ** 22;
const OFFSETS_IN_KEY = 2 ** 31;

/** Row numbers, in rising order of offset and then of row. */
function risingOrder(offsets: Uint32Array | Float64Array): Uint32Array {
  const rows = Uint32Array.from(offsets, (_, row) => row);
  if (offsets.every((offset, row) => row === 0 || offset >= (offsets[row - 1] as number))) return rows;
  if (rows.length > ROWS_IN_KEY || offsets.some((offset) => !(offset >= 0 && offset < OFFSETS_IN_KEY))) {
    return rows.sort((a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b);
  }
  // Numbers sort several times faster without a comparing function.
  const keys = Float64Array.from(offsets, (offset, row) => offset * ROWS_IN_KEY + row).sort();
  return rows.map((_, place) => (keys[place] as number) % ROWS_IN_KEY);
}
