import { type Dwarf, DwarfError, type LineColumns, type LineHeader, NONE } from "gimli-wasm";
import { joinPath, normalizePath } from "../base/path-text.ts";

/** One source file as a line program names it. */
export interface LineFile {
  /** Joined from compilation directory, include directory and name; absolute where those say enough. */
  readonly path: string;
  /** 32 hex digits. */
  readonly md5?: string;
  /** Text embedded in the line program, decoded at each call. @throws {DwarfError} */
  readonly text?: () => string;
}

/** One line program: its rows, and its files by the numbers its rows use. */
export interface LineProgram {
  readonly rows: LineColumns;
  /** `undefined` for a number the program's table does not have. @throws {DwarfError} */
  file(number: number): LineFile | undefined;
}

/** Text of a program that cannot be decoded, where it lies and why. */
export type ReportProblem = (sentence: string) => void;

/**
 * Decodes the line programs of a module, one after the other.
 *
 * A program that is malformed is reported and left out. DWARF before version 5 does not write the compilation
 * directory into the line table, so that `.debug_info` is asked for the units when there is such a program; when
 * they cannot be read, that is reported once and paths stay relative.
 */
export function* readLinePrograms(
  dwarf: Dwarf,
  report: ReportProblem,
): Generator<LineProgram, void, undefined> {
  let compilationDirs: ReadonlyMap<number, string> | undefined;
  const compilationDir = (program: number): string => {
    compilationDirs ??= readCompilationDirs(dwarf, report);
    return compilationDirs.get(program) ?? "";
  };
  for (const offset of dwarf.linePrograms()) {
    const program = attempt(
      () => readProgram(dwarf, offset, compilationDir),
      (reason) => report(`A line table cannot be read, so that its files have no lines: ${reason}.`),
    );
    if (program) yield program;
  }
}

function readProgram(dwarf: Dwarf, offset: number, compilationDir: (program: number) => string): LineProgram {
  return { rows: dwarf.lineRows(offset), ...readFiles(dwarf, offset, compilationDir) };
}

/**
 * The files of the line program at `offset` by their numbers, without its rows. The number of a unit's files means the same
 * wherever the unit uses one.
 * @throws {DwarfError}
 */
export function readLineFiles(
  dwarf: Dwarf,
  offset: number,
  report: ReportProblem,
): Pick<LineProgram, "file"> {
  return readFiles(dwarf, offset, (program) => readCompilationDirs(dwarf, report).get(program) ?? "");
}

function readFiles(
  dwarf: Dwarf,
  offset: number,
  compilationDir: (program: number) => string,
): Pick<LineProgram, "file"> {
  const header = dwarf.lineHeader(offset);
  return {
    file(number) {
      const row = number - header.firstFile;
      if (row < 0 || row >= header.fileDirectory.length) return undefined;
      const name = dwarf.string(header.fileName.section[row] ?? 0, header.fileName.offset[row] ?? 0);
      const folder = folderOfFile(dwarf, header, row, () => compilationDir(offset));
      const path = joinPath(folder, name);
      const text = embeddedText(dwarf, header, row);
      return {
        path,
        ...(header.hasMd5 ? { md5: toHex(header.md5.subarray(row * 16, row * 16 + 16)) } : {}),
        ...(text ? { text } : {}),
      };
    },
  };
}

/** Up to version 4 directory 0 is the compilation directory and not in the table; from version 5 it is row 0. */
function folderOfFile(dwarf: Dwarf, header: LineHeader, row: number, compilationDir: () => string): string {
  const number = header.fileDirectory[row] ?? 0;
  const directory = (index: number): string => {
    const at = index - header.firstDirectory;
    const { section, offset } = header.directories;
    return at < 0 || at >= section.length ? "" : dwarf.string(section[at] ?? 0, offset[at] ?? 0);
  };
  const base = header.version >= 5 ? directory(0) : compilationDir();
  if (number === 0) return normalizePath(base);
  return joinPath(normalizePath(base), directory(number));
}

function embeddedText(dwarf: Dwarf, header: LineHeader, row: number): (() => string) | undefined {
  const section = header.source.section[row] ?? 0;
  if (section === 0) return undefined;
  return () => dwarf.string(section, header.source.offset[row] ?? 0);
}

function readCompilationDirs(dwarf: Dwarf, report: ReportProblem): ReadonlyMap<number, string> {
  const dirs = new Map<number, string>();
  attempt(
    () => {
      const { lineProgram, compDir } = dwarf.units();
      for (const [unit, program] of lineProgram.entries()) {
        if (program === NONE || dirs.has(program)) continue;
        dirs.set(program, dwarf.string(compDir.section[unit] ?? 0, compDir.offset[unit] ?? 0));
      }
    },
    (reason) => report(`The units cannot be read, so that paths of sources stay relative: ${reason}.`),
  );
  return dirs;
}

/** Only `DwarfError` is an answer of the reader; anything else is a bug and goes on. */
function attempt<T>(read: () => T, failed: (reason: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    failed(error.message);
    return undefined;
  }
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
