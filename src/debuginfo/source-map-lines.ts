import { lowerBound } from "../base/binary-search.ts";
import type { SourceMap } from "../sourcemap/source-map.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { SourceFile } from "./debug-info.ts";
import { LineKeys, type LineTable, RowFlag } from "./line-table.ts";

/** What claims to lie beyond is corrupt and counts as no line. */
const mostLines = 1 << 24;

/**
 * The line table that a source map describes: segments within function bodies, as rows.
 *
 * Compilers write a segment for every expression. A statement begins where the line becomes another one within its
 * function. Code of libraries that has been inlined into a function of the program has lines of its own, at which
 * breakpoints can be set; but steps count it to the line it was inlined into, for it is not what the user is looking at.
 */
export function readSourceMapLines(map: SourceMap, code: CodeSection): SourceMapLines {
  const rows = rowsOf(map, code);
  const keys = new LineKeys(highestLines(map, rows));
  const table = {
    sources: sourcesOf(map),
    offset: rows.map((segment) => map.offset[segment] as number),
    line: rows.map((segment) => keyOf(map, keys, segment)),
    column: rows.map((segment) => (hasLine(map, segment) ? columnOf(map, segment) + 1 : 0)),
    flags: new Uint8Array(rows.length),
    stepLine: new Uint32Array(rows.length),
    keys,
  };
  let row = 0;
  for (let body = 0; body < code.count && row < rows.length; body++) {
    const end = lowerBound(table.offset, code.bodyEnds[body] as number);
    markStatements(map, rows, table, row, end);
    row = end;
  }
  return { table, isForeign: rows.length === 0 && map.offset.length > 0 };
}

export interface SourceMapLines {
  readonly table: LineTable;
  /** Whether there are segments and none of them lies in a function. */
  readonly isForeign: boolean;
}

/**
 * Segments that lie in function bodies, rising. Where one with a line and one without begin at one place, the latter is
 * about nothing: AssemblyScript's compiler writes such pairs where it keeps a value for its garbage collector.
 */
function rowsOf(map: SourceMap, code: CodeSection): Uint32Array {
  const { offset } = map;
  const rows: number[] = [];
  let body = 0;
  for (let segment = 0; segment < offset.length; segment++) {
    const at = offset[segment] as number;
    while (body < code.count && (code.bodyEnds[body] as number) <= at) body++;
    if (body === code.count) break;
    if (at < (code.bodyStarts[body] as number)) continue;
    const before = rows.at(-1);
    const isShared = before !== undefined && offset[before] === at;
    if (!isShared || hasLine(map, segment) || !hasLine(map, before)) rows.push(segment);
  }
  return Uint32Array.from(rows);
}

function hasLine({ source, line, sources }: SourceMap, segment: number): boolean {
  const of = source[segment] as number;
  return of >= 0 && of < sources.length && (line[segment] as number) < mostLines;
}

/** Columns are kept by one too high. */
const columnOf = ({ column }: SourceMap, segment: number): number =>
  Math.min(column[segment] as number, 2 ** 32 - 2);

function highestLines(map: SourceMap, rows: Uint32Array): Uint32Array {
  const highest = new Uint32Array(map.sources.length);
  for (const segment of rows) {
    if (!hasLine(map, segment)) continue;
    const source = map.source[segment] as number;
    highest[source] = Math.max(highest[source] as number, map.line[segment] as number);
  }
  return highest;
}

function keyOf(map: SourceMap, keys: LineKeys, segment: number): number {
  if (!hasLine(map, segment)) return 0;
  return keys.keyOf(map.source[segment] as number, map.line[segment] as number);
}

function sourcesOf({ sources }: SourceMap): readonly SourceFile[] {
  return sources.map(({ path, text }, id) => ({
    ...{ id, path },
    ...(text === undefined ? {} : { text: () => text }),
  }));
}

/** Says for the rows of one function, `from` ≤ row < `to`, where statements begin and which line a step sees. */
function markStatements(
  map: SourceMap,
  rows: Uint32Array,
  { line, flags, stepLine }: { line: Uint32Array; flags: Uint8Array; stepLine: Uint32Array },
  from: number,
  to: number,
): void {
  const isForeign = (row: number): boolean =>
    map.sources[map.source[rows[row] as number] as number]?.isLibrary === true;
  let ownFunction = false;
  for (let row = from; row < to && !ownFunction; row++) ownFunction = line[row] !== 0 && !isForeign(row);
  let previousLine = 0;
  let previousStep = 0;
  for (let row = from; row < to; row++) {
    const key = line[row] as number;
    const inlined = ownFunction && key !== 0 && isForeign(row);
    const step = inlined && previousStep !== 0 ? previousStep : key;
    if (key !== 0 && key !== previousLine && (inlined || step !== previousStep)) flags[row] = RowFlag.isStmt;
    stepLine[row] = step;
    previousLine = key;
    if (step !== 0) previousStep = step;
  }
}
