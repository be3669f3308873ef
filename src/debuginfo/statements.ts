import { lowerBound } from "../base/binary-search.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { StatementColumns } from "./debug-info.ts";
import { type LineTable, RowFlag } from "./line-table.ts";

/** Statements with the row of the line table that each stands for. */
export interface Statements extends StatementColumns {
  /** Row of the line table. */
  readonly row: Uint32Array;
}

/**
 * The places of a module where its guest may be stopped, one per statement.
 *
 * A statement begins at a row with a line that the compiler recommends for breakpoints (`is_stmt`), when that row
 * holds: a later row at the same offset for another line takes the place. Rows before the end of a function's
 * prologue are none, since neither its parameters nor its frame are set up there; if nothing else is left of a
 * function, they count all the same.
 */
export function collectStatements(table: LineTable, code: CodeSection): Statements {
  const rows: FoundRows = { row: new Uint32Array(table.offset.length), count: 0 };
  let row = 0;
  for (let body = 0; body < code.count; body++) {
    const end = code.bodyEnds[body] as number;
    row = skipTo(table, row, code.bodyStarts[body] as number);
    if (row >= table.offset.length) break;
    if ((table.offset[row] as number) >= end) continue;
    row = addFunction(table, row, end, rows);
  }
  const statementRows = rows.row.slice(0, rows.count);
  return {
    row: statementRows,
    offset: statementRows.map((of) => table.offset[of] as number),
    line: statementRows.map((of) => table.line[of] as number),
  };
}

/** Rows of the line table, the first `count` of `row`. */
interface FoundRows {
  readonly row: Uint32Array;
  count: number;
}

/** Rows between bodies are few: a step is cheaper than a search. */
function skipTo(table: LineTable, row: number, offset: number): number {
  let at = row;
  while (at < table.offset.length && (table.offset[at] as number) < offset) at++;
  return at;
}

/** Adds the statements of the function whose rows begin with `first` and lie before `end`; answers the row behind them. */
function addFunction(table: LineTable, first: number, end: number, rows: FoundRows): number {
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
    if (group.isStatement) rows.row[rows.count++] = group.last;
  }
  if (afterPrologue > before && afterPrologue < rows.count) {
    rows.row.copyWithin(before, afterPrologue, rows.count);
    rows.count -= afterPrologue - before;
  }
  return row;
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
