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
  const rows = new Uint32Array(offsets.length);
  let isSorted = true;
  let isSmall = offsets.length <= ROWS_IN_KEY;
  let last = 0;
  for (let row = 0; row < rows.length; row++) {
    rows[row] = row;
    const offset = offsets[row] as number;
    if (!(offset >= last)) isSorted = false;
    if (!(offset < OFFSETS_IN_KEY)) isSmall = false;
    last = offset;
  }
  if (isSorted) return rows;
  if (!isSmall) return rows.sort((a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b);
  // Numbers sort several times faster without a comparing function.
  const keys = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) keys[row] = (offsets[row] as number) * ROWS_IN_KEY + row;
  keys.sort();
  for (let place = 0; place < rows.length; place++) rows[place] = (keys[place] as number) % ROWS_IN_KEY;
  return rows;
}
