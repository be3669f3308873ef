import { type LineKey, toLineKey } from "../base/brand.ts";
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

export function measureFunctions(table: LineTable, code: CodeSection): FunctionLines {
  const found: { body: number; source: number; first: LineKey; last: LineKey }[] = [];
  let row = 0;
  for (let body = 0; body < code.count && row < table.offset.length; body++) {
    const start = code.bodyStarts[body] as number;
    const end = code.bodyEnds[body] as number;
    while (row < table.offset.length && (table.offset[row] as number) < start) row++;
    const from = row;
    while (row < table.offset.length && (table.offset[row] as number) < end) row++;
    const extent = extentOf(table, from, row);
    if (extent) found.push({ body, ...extent });
  }
  return {
    body: Uint32Array.from(found, (of) => of.body),
    source: Uint32Array.from(found, (of) => of.source),
    first: Uint32Array.from(found, (of) => of.first),
    last: Uint32Array.from(found, (of) => of.last),
  };
}

/** Extent of the rows `from` ≤ row < `to`; `undefined` when none has a line. */
function extentOf(
  table: LineTable,
  from: number,
  to: number,
): { source: number; first: LineKey; last: LineKey } | undefined {
  let row = from;
  while (row < to && table.line[row] === 0) row++;
  if (row === to) return undefined;
  const first = toLineKey(table.line[row] as number);
  const { source } = table.keys.positionOf(first);
  const range = table.keys.rangeOf(source);
  let last = first;
  for (; row < to; row++) {
    const key = toLineKey(table.line[row] as number);
    if (key > last && key < range.to) last = key;
  }
  return { source, first, last };
}
