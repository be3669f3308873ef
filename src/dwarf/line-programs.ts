import { type Dwarf, DwarfError, type LineHeader, NONE } from "gimli-wasm";
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

/** Text of a program that cannot be decoded, where it lies and why. */
export type ReportProblem = (sentence: string) => void;

/**
 * The files of a module's line programs. The header of a program is read when a file of it is first asked for, and kept.
 *
 * DWARF before version 5 does not write the compilation directory into the line table, so that `.debug_info` is asked for the
 * units when a file of such a program is; when they cannot be read, that is reported once and paths stay relative.
 */
export class LineFiles {
  readonly #dwarf: Dwarf;
  readonly #report: ReportProblem;
  readonly #headers = new Map<number, LineHeader>();
  #compilationDirs: ReadonlyMap<number, string> | undefined;

  constructor(dwarf: Dwarf, report: ReportProblem) {
    this.#dwarf = dwarf;
    this.#report = report;
  }

  /**
   * A file by its number in the line program at an offset of .debug_line; `undefined` for a number that it does not have.
   * @throws {DwarfError}
   */
  file(program: number, number: number): LineFile | undefined {
    const dwarf = this.#dwarf;
    const header = this.#header(program);
    const row = number - header.firstFile;
    if (row < 0 || row >= header.fileDirectory.length) return undefined;
    const name = dwarf.string(header.fileName.section[row] ?? 0, header.fileName.offset[row] ?? 0);
    const folder = folderOfFile(dwarf, header, row, () => this.#compilationDir(program));
    const path = joinPath(folder, name);
    const text = embeddedText(dwarf, header, row);
    return {
      path,
      ...(header.hasMd5 ? { md5: toHex(header.md5.subarray(row * 16, row * 16 + 16)) } : {}),
      ...(text ? { text } : {}),
    };
  }

  #header(program: number): LineHeader {
    let header = this.#headers.get(program);
    if (!header) {
      header = this.#dwarf.lineHeader(program);
      this.#headers.set(program, header);
    }
    return header;
  }

  #compilationDir(program: number): string {
    this.#compilationDirs ??= readCompilationDirs(this.#dwarf, this.#report);
    return this.#compilationDirs.get(program) ?? "";
  }
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
