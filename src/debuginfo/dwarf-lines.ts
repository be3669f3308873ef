import { type Dwarf, type LineColumns, LineFlag } from "gimli-wasm";
import { toCodeOffset, toModuleOffset } from "../base/brand.ts";
import {
  type LineFile,
  type LineProgram,
  type ReportProblem,
  readLinePrograms,
} from "../dwarf/line-programs.ts";
import { type CodeSection, findBodyAt } from "../wasm/sections/code.ts";
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
  const sources = new SourceTable(report);
  const sequences: Sequence[] = [];
  let foreign = 0;
  for (const program of readLinePrograms(dwarf, report)) {
    const filesOf = sources.resolver(program);
    for (const sequence of sequencesOf(program.rows, filesOf)) {
      if (belongs(sequence, code)) sequences.push(sequence);
      else foreign++;
    }
  }
  sequences.sort((a, b) => startOf(a) - startOf(b));
  return { table: mergeSequences(onePerFunction(sequences, code), code, sources), foreign };
}

export interface DwarfLines {
  readonly table: LineTable;
  /** How many sequences were left out because no function of the module is where they say. */
  readonly foreign: number;
}

/** Rows `from` ≤ row < `to` of one program; the last one ends the sequence. */
interface Sequence {
  readonly rows: LineColumns;
  readonly from: number;
  readonly to: number;
  readonly sourceOf: (fileNumber: number) => number;
}

function* sequencesOf(
  rows: LineColumns,
  sourceOf: Sequence["sourceOf"],
): Generator<Sequence, void, undefined> {
  let from = 0;
  for (let row = 0; row < rows.flags.length; row++) {
    if (((rows.flags[row] as number) & LineFlag.endSequence) === 0) continue;
    if (row > from) yield { rows, from, to: row + 1, sourceOf };
    from = row + 1;
  }
}

/** Code addresses of a sequence's first byte, and behind its last. */
const startOf = ({ rows, from }: Sequence): number => rows.address[from] as number;
const endOf = ({ rows, to }: Sequence): number => rows.address[to - 1] as number;

function belongs(sequence: Sequence, code: CodeSection): boolean {
  const start = toModuleOffset(startOf(sequence) + code.start);
  return endOf(sequence) + code.start <= code.end && findBodyAt(code, start) !== undefined;
}

/**
 * Of sequences that begin at one place, the one for the function that is there.
 *
 * Each file that uses an inline function brings a copy with lines of its own; the linker keeps one copy and has the lines
 * of all of them point at it. Files may have been compiled differently, so that not all of them fit: the right
 * one ends where the function does. Of several that do, the first, which is the file whose copy was kept.
 */
function onePerFunction(sorted: readonly Sequence[], code: CodeSection): readonly Sequence[] {
  const kept: Sequence[] = [];
  let fits = false;
  for (const sequence of sorted) {
    const last = kept.at(-1);
    const isCopy = last !== undefined && startOf(last) === startOf(sequence);
    if (isCopy && (fits || !endsWithFunction(sequence, code))) continue;
    if (isCopy) kept.pop();
    kept.push(sequence);
    fits = endsWithFunction(sequence, code);
  }
  return kept;
}

function endsWithFunction(sequence: Sequence, code: CodeSection): boolean {
  const body = findBodyAt(code, toModuleOffset(startOf(sequence) + code.start));
  return body !== undefined && code.bodyEnds[body] === endOf(sequence) + code.start;
}

function mergeSequences(sequences: readonly Sequence[], code: CodeSection, sources: SourceTable): LineTable {
  let count = 0;
  for (const { from, to } of sequences) count += to - from;
  const offset = new Uint32Array(count);
  const source = new Uint32Array(count);
  const line = new Uint32Array(count);
  const column = new Uint32Array(count);
  const flags = new Uint8Array(count);
  let at = 0;
  for (const { rows, from, to, sourceOf } of sequences) {
    let file = -1;
    let id = 0;
    for (let row = from; row < to; row++, at++) {
      offset[at] = code.start + toCodeOffset(rows.address[row] as number);
      const bits = rows.flags[row] as number;
      const number = rows.line[row] as number;
      // The row that ends a sequence says where its code ends and belongs to no line.
      if (number === 0 || number > mostLines || (bits & LineFlag.endSequence) !== 0) continue;
      if (rows.file[row] !== file) {
        file = rows.file[row] as number;
        id = sourceOf(file);
      }
      source[at] = id;
      line[at] = number;
      column[at] = rows.column[row] as number;
      flags[at] =
        (bits & LineFlag.isStmt ? RowFlag.isStmt : 0) |
        (bits & LineFlag.prologueEnd ? RowFlag.prologueEnd : 0);
    }
  }
  const keys = numberLines(source, line, sources.files.length);
  return inOrder({ sources: sources.files, offset, line, column, flags, keys });
}

/** What claims to lie beyond is corrupt and counts as no line: tables by line must not cost gigabytes for it. */
const mostLines = 1 << 24;

/** Replaces 1-based lines by keys, in place. */
function numberLines(source: Uint32Array, line: Uint32Array, sourceCount: number): LineKeys {
  const highest = new Uint32Array(sourceCount);
  for (let row = 0; row < line.length; row++) {
    const of = source[row] as number;
    const index = (line[row] as number) - 1;
    if (index > (highest[of] ?? 0)) highest[of] = index;
  }
  const keys = new LineKeys(highest);
  const first = highest.map((_, of) => keys.rangeOf(of).from);
  for (let row = 0; row < line.length; row++) {
    const number = line[row] as number;
    if (number > 0) line[row] = (first[source[row] as number] as number) + number - 1;
  }
  return keys;
}

/** Sequences may overlap in what a careless tool has rewritten; then rows are sorted one by one. */
function inOrder(table: LineTable): LineTable {
  const { offset } = table;
  if (isRising(offset)) return table;
  const order = Array.from(offset.keys()).sort(
    (a, b) => (offset[a] as number) - (offset[b] as number) || a - b,
  );
  const reordered = <T extends Uint32Array | Uint8Array>(column: T): T =>
    column.map((_, row) => column[order[row] as number] as number) as T;
  return {
    ...table,
    offset: reordered(table.offset),
    line: reordered(table.line),
    column: reordered(table.column),
    flags: reordered(table.flags),
  };
}

function isRising(column: Uint32Array): boolean {
  for (let row = 1; row < column.length; row++) {
    if ((column[row] as number) < (column[row - 1] as number)) return false;
  }
  return true;
}

/** The files of all programs, one entry per distinct path. */
class SourceTable {
  readonly files: SourceFile[] = [];
  readonly #byPath = new Map<string, number>();
  readonly #report: ReportProblem;

  constructor(report: ReportProblem) {
    this.#report = report;
  }

  /** Source ids for the file numbers of one program, each looked up once. */
  resolver(program: LineProgram): (fileNumber: number) => number {
    const known = new Map<number, number>();
    return (fileNumber) => {
      let id = known.get(fileNumber);
      if (id === undefined) {
        id = this.#idOf(this.#read(program, fileNumber));
        known.set(fileNumber, id);
      }
      return id;
    };
  }

  #read(program: LineProgram, fileNumber: number): LineFile {
    try {
      return program.file(fileNumber) ?? unnamed;
    } catch (error) {
      this.#report(`The name of a source cannot be read: ${(error as Error).message}.`);
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
