import { type Dwarf, DwarfError, LineFlag, type LineTableColumns, NONE } from "gimli-wasm";
import { upperBound } from "../base/binary-search.ts";
import { inOrderOf, rowsInOrder } from "../base/rows-in-order.ts";
import { type LineFile, LineFiles, type ReportProblem } from "../dwarf/line-programs.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { SourceFile } from "./debug-info.ts";
import { LineKeys, type LineTable, RowFlag } from "./line-table.ts";

/**
 * The line table that a module's DWARF describes.
 *
 * Sequences of functions that are not in the module are left out: the linker gives most of them addresses past the
 * section, but some producers give them 0, from where they would run into the first functions.
 * A program that cannot be read is reported and costs its own lines only.
 */
export function readDwarfLines(dwarf: Dwarf, code: CodeSection, report: ReportProblem): DwarfLines {
  const columns = dwarf.lineTable(bodiesOf(code));
  for (const [program, failed] of columns.failed.entries()) {
    if (failed !== 0) report(whyFailed(dwarf, columns.programs[program] ?? 0));
  }
  const files = new LineFiles(dwarf, report);
  const sources = new SourceTable(files, columns, report);
  return { table: toTable(columns, code, sources), foreign: columns.foreign, files };
}

export interface DwarfLines {
  readonly table: LineTable;
  /** How many sequences were left out because no function of the module is where they say. */
  readonly foreign: number;
  /** For whoever else has a number of a file. */
  readonly files: LineFiles;
}

/** Code addresses where functions begin and end, in turns. */
function bodiesOf(code: CodeSection): Uint32Array {
  const bodies = new Uint32Array(code.count * 2);
  for (let body = 0; body < code.count; body++) {
    bodies[body * 2] = (code.bodyStarts[body] as number) - code.start;
    bodies[body * 2 + 1] = (code.bodyEnds[body] as number) - code.start;
  }
  return bodies;
}

function whyFailed(dwarf: Dwarf, program: number): string {
  let reason = "it is malformed";
  try {
    dwarf.lineRows(program);
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    reason = error.message;
  }
  return `A line table cannot be read, so that its files have no lines: ${reason}.`;
}

/** Turns the columns into those of a `LineTable`, in place: there may be a million rows. */
function toTable(columns: LineTableColumns, code: CodeSection, sources: SourceTable): LineTable {
  const { address: offset, slot, line, column, flags } = columns;
  const highest: number[] = [];
  for (let row = 0; row < offset.length; row++) {
    offset[row] = code.start + (offset[row] as number);
    const of = slot[row] as number;
    if (of === NONE) continue;
    const source = sources.idOf(of);
    slot[row] = source;
    const index = (line[row] as number) - 1;
    if (index > (highest[source] ?? -1)) highest[source] = index;
    const bits = flags[row] as number;
    flags[row] =
      (bits & LineFlag.isStmt ? RowFlag.isStmt : 0) | (bits & LineFlag.prologueEnd ? RowFlag.prologueEnd : 0);
  }
  const keys = new LineKeys(highest);
  const first = Uint32Array.from(highest, (_, source) => keys.rangeOf(source).from);
  for (let row = 0; row < offset.length; row++) {
    const number = line[row] as number;
    if (number > 0) line[row] = (first[slot[row] as number] as number) + number - 1;
  }
  return inOrder({ sources: sources.files, offset, line, column, flags, keys });
}

/** Sequences may overlap in what a careless tool has rewritten; then rows are sorted one by one. */
function inOrder(table: LineTable): LineTable {
  const order = rowsInOrder(table.offset);
  if (order === undefined) return table;
  return {
    ...table,
    offset: inOrderOf(table.offset, order),
    line: inOrderOf(table.line, order),
    column: inOrderOf(table.column, order),
    flags: inOrderOf(table.flags, order),
  };
}

/** The files of all programs, one entry per distinct path. */
class SourceTable {
  readonly files: SourceFile[] = [];
  readonly #columns: LineTableColumns;
  readonly #lineFiles: LineFiles;
  readonly #report: ReportProblem;
  readonly #byPath = new Map<string, number>();
  /** By slot; −1 where it has not been asked for. */
  readonly #ids: Int32Array;

  constructor(lineFiles: LineFiles, columns: LineTableColumns, report: ReportProblem) {
    this.#columns = columns;
    this.#lineFiles = lineFiles;
    this.#report = report;
    this.#ids = new Int32Array(columns.firstSlot.at(-1) ?? 0).fill(-1);
  }

  /** Number of the source that a slot stands for. */
  idOf(slot: number): number {
    const known = this.#ids[slot] as number;
    if (known >= 0) return known;
    const id = this.#idOf(this.#read(slot));
    this.#ids[slot] = id;
    return id;
  }

  #read(slot: number): LineFile {
    const { firstSlot, programs } = this.#columns;
    const program = upperBound(firstSlot, slot) - 1;
    try {
      return this.#lineFiles.file(programs[program] ?? 0, slot - (firstSlot[program] ?? 0)) ?? unnamed;
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.#report(`The name of a source cannot be read: ${error.message}.`);
      return unnamed;
    }
  }

  #idOf({ path, md5, text }: LineFile): number {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const id = this.files.length;
    const report = this.#report;
    this.files.push({
      id,
      path,
      ...(md5 === undefined ? {} : { md5 }),
      ...(text === undefined
        ? {}
        : {
            text: () => {
              try {
                return text();
              } catch (error) {
                report(`The embedded text of ${path} cannot be read: ${(error as Error).message}.`);
                return undefined;
              }
            },
          }),
    });
    this.#byPath.set(path, id);
    return id;
  }
}

const unnamed: LineFile = { path: "(unnamed source)" };
