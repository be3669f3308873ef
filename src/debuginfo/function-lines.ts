import { toLineKey } from "../base/brand.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { LineTable } from "./line-table.ts";

/**
 * The stretch of its source that each function with lines takes up: from the line it opens on (its first row,
 * which is the prologue's) to the last line of that source it has code for. One entry per such function.
 */
export interface FunctionLines {
  /** DefinedFuncIndex, rising. */
  readonly body: Uint32Array;
  readonly source: Uint32Array;
  /** Of the line it opens on. */
  readonly first: Uint32Array;
  /** Of the last line, inclusive: a key of the same source. */
  readonly last: Uint32Array;
}

/** Measures all functions, into columns at once: a large program has more than a hundred thousand. */
export function measureFunctions(table: LineTable, code: CodeSection): FunctionLines {
  const { offset, line, keys } = table;
  const columns = {
    body: new Uint32Array(code.count),
    source: new Uint32Array(code.count),
    first: new Uint32Array(code.count),
    last: new Uint32Array(code.count),
  };
  let count = 0;
  let row = 0;
  for (let body = 0; body < code.count && row < offset.length; body++) {
    const start = code.bodyStarts[body] as number;
    const end = code.bodyEnds[body] as number;
    while (row < offset.length && (offset[row] as number) < start) row++;
    // Rows without a line are not where it opens.
    while (row < offset.length && (offset[row] as number) < end && line[row] === 0) row++;
    if (row >= offset.length || (offset[row] as number) >= end) continue;
    const first = line[row] as number;
    const source = keys.sourceOf(toLineKey(first));
    const behind = keys.endOf(source);
    let last = first;
    for (; row < offset.length && (offset[row] as number) < end; row++) {
      const key = line[row] as number;
      if (key > last && key < behind) last = key;
    }
    columns.body[count] = body;
    columns.source[count] = source;
    columns.first[count] = first;
    columns.last[count++] = last;
  }
  return {
    body: columns.body.subarray(0, count),
    source: columns.source.subarray(0, count),
    first: columns.first.subarray(0, count),
    last: columns.last.subarray(0, count),
  };
}
