import type { CodeSection } from "../wasm/sections/code.ts";

/** Statements that begin at places of the original module: columns of one length, in any order, repetitions allowed. */
export interface SiteRequests {
  /** `ModuleOffset`s. */
  readonly offset: Uint32Array | Float64Array;
  /** `LineKey`s. */
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
  const inOrder = asTheyAre(requests, code);
  if (inOrder) return inOrder;
  const order = risingOrder(requests.offset, code);
  const offset = new Uint32Array(order.length);
  const line = new Uint32Array(order.length);
  let count = 0;
  let body = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number;
    const at = requests.offset[row] as number;
    while (body < code.count && (code.bodyEnds[body] as number) <= at) body++;
    if (body === code.count || at < (code.bodyStarts[body] as number)) continue;
    offset[count] = at;
    line[count++] = requests.line[row] ?? 0;
  }
  return { count, offset, line, outside: requests.offset.length - count };
}

/** The requests themselves, which are in order and within functions in what debug info's readers make of it. */
function asTheyAre({ offset, line }: SiteRequests, code: CodeSection): SortedRequests | undefined {
  if (!(offset instanceof Uint32Array) || line.length < offset.length) return undefined;
  let last = 0;
  let body = 0;
  for (let row = 0; row < offset.length; row++) {
    const at = offset[row] as number;
    while (body < code.count && (code.bodyEnds[body] as number) <= at) body++;
    if (at < last || body === code.count || at < (code.bodyStarts[body] as number)) return undefined;
    last = at;
  }
  return { count: offset.length, offset, line, outside: 0 };
}

/** Beyond these, a row and an offset (which is below 2³⁰) do not fit in one number. */
const ROWS_IN_KEY = 2 ** 22;

/** Numbers of the rows within the code section, in rising order of offset and then of row. */
function risingOrder(offsets: Uint32Array | Float64Array, code: CodeSection): Uint32Array {
  const rows = new Uint32Array(offsets.length);
  let count = 0;
  let isSorted = true;
  let last = 0;
  for (let row = 0; row < offsets.length; row++) {
    const offset = offsets[row] as number;
    if (!(offset >= code.start && offset < code.end)) continue;
    if (offset < last) isSorted = false;
    last = offset;
    rows[count++] = row;
  }
  const inside = rows.subarray(0, count);
  if (isSorted) return inside;
  if (offsets.length > ROWS_IN_KEY) {
    return inside.sort((a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b);
  }
  // Numbers sort several times faster without a comparing function.
  const keys = Float64Array.from(inside, (row) => (offsets[row] as number) * ROWS_IN_KEY + row).sort();
  for (let place = 0; place < count; place++) inside[place] = (keys[place] as number) % ROWS_IN_KEY;
  return inside;
}
