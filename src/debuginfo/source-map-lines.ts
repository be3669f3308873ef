import { lowerBound } from "../base/binary-search.ts";
import { MalformedError } from "../base/errors.ts";
import type { SourceMap } from "../sourcemap/source-map.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { CALL, UNREACHABLE } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { SourceFile } from "./debug-info.ts";
import { LineKeys, type LineTable, RowFlag } from "./line-table.ts";

/** What claims to lie beyond is corrupt and counts as no line. */
const mostLines = 1 << 24;

/**
 * The line table that a source map describes: segments within function bodies, as rows. Where one with a line and one
 * without begin at one place, the latter is about nothing: AssemblyScript's compiler writes such pairs where it keeps a value
 * for its garbage collector.
 *
 * Compilers write a segment for every expression. A statement begins where the line becomes another one within its
 * function. Code of libraries that has been inlined into a function of the program has lines of its own, at which
 * breakpoints can be set; but steps count it to the line it was inlined into, for it is not what the user is looking at.
 */
export function readSourceMapLines(map: SourceMap, module: WasmModule): SourceMapLines {
  const { code } = module;
  const rows = rowsOf(map, module);
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

/** Segments that lie in function bodies, rising, without those that belong to the one before them. */
function rowsOf(map: SourceMap, module: WasmModule): Uint32Array {
  const { offset } = map;
  const { code } = module;
  const rows: number[] = [];
  let body = 0;
  for (let segment = 0; segment < offset.length; segment++) {
    const at = offset[segment] as number;
    while (body < code.count && (code.bodyEnds[body] as number) <= at) body++;
    if (body === code.count) break;
    const start = code.bodyStarts[body] as number;
    if (at < start) continue;
    const before = rows.at(-1);
    const follows = before !== undefined && (offset[before] as number) >= start && hasLine(map, before);
    if (!follows || hasLine(map, segment)) rows.push(segment);
    else if (offset[before] !== at && !endsInTrap(map, module, segment, body)) rows.push(segment);
  }
  return Uint32Array.from(rows);
}

/** Instructions from a call that does not return back to where its arguments begin. */
const mostArguments = 16;

/**
 * Whether code without a line, which follows code that has one, does nothing but give up: AssemblyScript's compiler writes
 * a call of `abort` and an `unreachable` so, and the line in front of them is theirs.
 */
function endsInTrap(
  { offset }: SourceMap,
  { bytes, code }: WasmModule,
  segment: number,
  body: number,
): boolean {
  const end = Math.min(offset[segment + 1] ?? Infinity, code.bodyEnds[body] as number);
  const reader = new CodeReader(bytes, offset[segment] as number, end);
  try {
    for (let count = 0; count < mostArguments && reader.next(); count++) {
      if (reader.opcode === UNREACHABLE) return true;
      // Blocks and branches have the opcodes up to the first call's.
      if (reader.opcode < CALL) return false;
    }
    return false;
  } catch (error) {
    // A segment may begin anywhere.
    if (error instanceof MalformedError) return false;
    throw error;
  }
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
