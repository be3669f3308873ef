import { lowerBound } from "../base/binary-search.ts";
import { toLineKey } from "../base/brand.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { StatementColumns } from "./debug-info.ts";
import { type LineTable, RowFlag } from "./line-table.ts";
import { behindParameterStores } from "./parameter-stores.ts";

/** Statements with the row of the line table that each stands for. */
export interface Statements extends StatementColumns {
  /** Row of the line table. */
  readonly row: Uint32Array;
  /** 0-based column + 1; 0 where it is not known. */
  readonly column: Uint16Array | Uint32Array;
}

/**
 * The places of a module where its guest may be stopped, one per statement.
 *
 * A statement begins at a row with a line that the compiler recommends for breakpoints (`is_stmt`), when that row
 * holds: a later row at the same offset for another line takes the place. Rows before the end of a function's
 * prologue are none, since neither its parameters nor its frame are set up there; if nothing else is left of a
 * function, they count all the same. `bytes`, of the module, tell where the prologue goes on behind the end that is marked:
 * see `behindParameterStores`.
 */
export function collectStatements(table: LineTable, code: CodeSection, bytes?: Uint8Array): Statements {
  const rows: FoundRows = { row: new Uint32Array(table.offset.length), count: 0, moved: new Map() };
  let row = 0;
  for (let body = 0; body < code.count; body++) {
    const end = code.bodyEnds[body] as number;
    row = skipTo(table, row, code.bodyStarts[body] as number);
    if (row >= table.offset.length) break;
    if ((table.offset[row] as number) >= end) continue;
    row = addFunction(table, row, end, rows, bytes);
  }
  const statementRows = rows.row.slice(0, rows.count);
  const column =
    table.column instanceof Uint16Array ? new Uint16Array(rows.count) : new Uint32Array(rows.count);
  for (let at = 0; at < rows.count; at++) column[at] = table.column[statementRows[at] as number] as number;
  return {
    row: statementRows,
    offset: statementRows.map((of, at) => rows.moved.get(at) ?? (table.offset[of] as number)),
    line: statementRows.map((of) => table.line[of] as number),
    column,
  };
}

/** Rows of the line table, the first `count` of `row`; by index, where statements begin that do not begin with their row. */
interface FoundRows {
  readonly row: Uint32Array;
  count: number;
  readonly moved: Map<number, number>;
}

/** Rows between bodies are few: a step is cheaper than a search. */
function skipTo(table: LineTable, row: number, offset: number): number {
  let at = row;
  while (at < table.offset.length && (table.offset[at] as number) < offset) at++;
  return at;
}

/** Adds the statements of the function whose rows begin with `first` and lie before `end`; answers the row behind them. */
function addFunction(
  table: LineTable,
  first: number,
  end: number,
  rows: FoundRows,
  bytes: Uint8Array | undefined,
): number {
  const before = rows.count;
  let afterPrologue = before;
  let prologueEnded = false;
  let row = first;
  while (row < table.offset.length && (table.offset[row] as number) < end) {
    const group = groupAt(table, row);
    if (group.endsPrologue && !prologueEnded) {
      prologueEnded = true;
      afterPrologue = rows.count;
    }
    row = group.last + 1;
    if (!group.isStatement) continue;
    rows.row[rows.count++] = group.last;
  }
  if (!prologueEnded || afterPrologue >= rows.count) return row;
  removeFirst(rows, before, afterPrologue - before);
  if (bytes) moveBehindStores(table, first, end, before, rows, bytes);
  return row;
}

function removeFirst(rows: FoundRows, from: number, count: number): void {
  if (count === 0) return;
  rows.row.copyWithin(from, from + count, rows.count);
  rows.count -= count;
}

/** Has the first statement of a function begin where its parameters are in place; it is none where the next begins there. */
function moveBehindStores(
  table: LineTable,
  first: number,
  end: number,
  at: number,
  rows: FoundRows,
  bytes: Uint8Array,
): void {
  // It is about the parameters only where it is on the function's own line; what looks like it in optimised C is not.
  const line = table.line[first] as number;
  if (table.line[rows.row[at] as number] !== line || !isOfSuchCompilers(table, line)) return;
  const offset = table.offset[rows.row[at] as number] as number;
  const behind = behindParameterStores(bytes, offset, end);
  if (behind === offset) return;
  const next = at + 1 < rows.count ? (table.offset[rows.row[at + 1] as number] as number) : end;
  if (behind >= next) {
    if (at + 1 < rows.count) removeFirst(rows, at, 1);
    return;
  }
  let row = rows.row[at] as number;
  while (row + 1 < table.offset.length && (table.offset[row + 1] as number) <= behind) row++;
  if (table.line[row] !== line) return;
  rows.row[at] = row;
  if (table.offset[row] !== behind) rows.moved.set(at, behind);
}

/** Whether a line is of a language whose compilers end the prologue before parameters are stored: D or Zig. */
function isOfSuchCompilers({ keys, sources }: LineTable, line: number): boolean {
  return line > 0 && /\.(?:d|zig)$/i.test(sources[keys.positionOf(toLineKey(line)).source]?.path ?? "");
}

/** The rows that share the offset of `row`: which one holds, and what they say together. */
function groupAt(
  table: LineTable,
  row: number,
): { last: number; isStatement: boolean; endsPrologue: boolean } {
  const offset = table.offset[row] as number;
  let last = row;
  while (table.offset[last + 1] === offset) last++;
  const line = table.line[last];
  let isStatement = false;
  let endsPrologue = false;
  for (let of = row; of <= last; of++) {
    const flags = table.flags[of] as number;
    if ((flags & RowFlag.prologueEnd) !== 0) endsPrologue = true;
    if ((flags & RowFlag.isStmt) !== 0 && line !== 0 && table.line[of] === line) isStatement = true;
  }
  return { last, isStatement, endsPrologue };
}

/** Statements `from` ≤ index < `to` lie in the bytes `start` ≤ offset < `end`. */
export function statementsWithin(
  statements: Statements,
  start: number,
  end: number,
): { from: number; to: number } {
  return { from: lowerBound(statements.offset, start), to: lowerBound(statements.offset, end) };
}
