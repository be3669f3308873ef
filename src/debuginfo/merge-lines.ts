import { lowerBound } from "../base/binary-search.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import { LineKeys, type LineTable } from "./line-table.ts";

/**
 * The line table of functions of which either table knows some line: `first` is believed where both do. Sources of
 * `second` are numbered behind those of `first`.
 */
export function mergeLines(first: LineTable, second: LineTable, code: CodeSection): LineTable {
  if (second.offset.length === 0) return first;
  if (first.offset.length === 0) return second;
  const stretches = chooseByFunction(first, second, code);
  const count = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const sources = [
    ...first.sources,
    ...second.sources.map((source) => ({ ...source, id: source.id + first.sources.length })),
  ];
  const keys = new LineKeys([...highestLines(first), ...highestLines(second)]);
  const merged = {
    sources,
    offset: new Uint32Array(count),
    line: new Uint32Array(count),
    column: new Uint32Array(count),
    flags: new Uint8Array(count),
    stepLine: new Uint32Array(count),
    keys,
  };
  let at = 0;
  for (const { table, from, to } of stretches) {
    merged.offset.set(table.offset.subarray(from, to), at);
    merged.column.set(table.column.subarray(from, to), at);
    merged.flags.set(table.flags.subarray(from, to), at);
    // Keys of the second table follow those of the first, as its sources do.
    const shift = table === first ? 0 : keys.rangeOf(first.sources.length).from - 1;
    const moved = (key: number): number => (key === 0 ? 0 : key + shift);
    merged.line.set(table.line.subarray(from, to).map(moved), at);
    merged.stepLine.set((table.stepLine ?? table.line).subarray(from, to).map(moved), at);
    at += to - from;
  }
  return merged;
}

/** Rows `from` ≤ row < `to` of a table. */
interface Stretch {
  readonly table: LineTable;
  readonly from: number;
  readonly to: number;
}

function chooseByFunction(first: LineTable, second: LineTable, code: CodeSection): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let body = 0; body < code.count; body++) {
    const within = (table: LineTable): Stretch => ({
      table,
      from: lowerBound(table.offset, code.bodyStarts[body] as number),
      to: lowerBound(table.offset, code.bodyEnds[body] as number),
    });
    const ours = within(first);
    stretches.push(hasLine(ours) ? ours : within(second));
  }
  return stretches;
}

function hasLine({ table, from, to }: Stretch): boolean {
  for (let row = from; row < to; row++) if (table.line[row] !== 0) return true;
  return false;
}

/** By source, as `LineKeys` wants it. */
function highestLines({ sources, keys }: LineTable): readonly number[] {
  return sources.map((_, source) => {
    const { from, to } = keys.rangeOf(source);
    return to - from - 1;
  });
}
