import { type Dwarf, type LineColumns, LineFlag, type LineHeader, type StringColumn } from "gimli-wasm";

/** One line program, in short. */
export interface ProgramSpec {
  readonly version?: number;
  /** Include directories as the version numbers them: from 1 before version 5, from 0 since. */
  readonly directories?: readonly string[];
  /** Names with the number of their directory; numbered from 1 before version 5, from 0 since. */
  readonly files: readonly (readonly [name: string, directory: number])[];
  /** DW_AT_comp_dir of its unit. */
  readonly compilationDir?: string;
  readonly sequences: readonly SequenceSpec[];
}

export interface SequenceSpec {
  /** Code addresses and lines; `file` is a number of the program, by default its first. */
  readonly rows: readonly (readonly [address: number, line: number, file?: number])[];
  /** Where it ends. */
  readonly end: number;
}

/** gimli-wasm's answers about lines, for programs that no compiler writes. */
export function fakeDwarf(programs: readonly ProgramSpec[]): Dwarf {
  const strings: string[] = [];
  const column = (texts: readonly string[]): StringColumn => ({
    section: Uint8Array.from(texts, () => 1),
    offset: Uint32Array.from(texts, (text) => strings.push(text) - 1),
  });
  const none = (count: number): StringColumn => ({
    section: new Uint8Array(count),
    offset: new Uint32Array(count),
  });
  const header = (offset: number): LineHeader => {
    const { version = 4, directories = [], files } = specOf(offset);
    return {
      ...{ offset, end: offset + 1, version, hasMd5: false, md5: new Uint8Array(0) },
      firstFile: version >= 5 ? 0 : 1,
      firstDirectory: version >= 5 ? 0 : 1,
      directories: column(directories),
      fileName: column(files.map(([name]) => name)),
      fileDirectory: Uint32Array.from(files, ([, directory]) => directory),
      source: none(files.length),
    };
  };
  const specOf = (offset: number): ProgramSpec => {
    const spec = programs[offset];
    if (!spec) throw new RangeError(`no program ${offset}`);
    return spec;
  };
  return {
    linePrograms: () => Uint32Array.from(programs.keys()),
    lineHeader: header,
    lineRows: (offset: number) => rowsOf(specOf(offset)),
    units: () => ({
      lineProgram: Uint32Array.from(programs.keys()),
      compDir: column(programs.map(({ compilationDir = "" }) => compilationDir)),
    }),
    string: (section: number, offset: number) => (section === 0 ? "" : strings[offset]),
  } as unknown as Dwarf;
}

function rowsOf({ version = 4, sequences }: ProgramSpec): LineColumns {
  const first = version >= 5 ? 0 : 1;
  const rows = sequences.flatMap(({ rows: own, end }) => [
    ...own.map(([address, line, file = first]) => ({
      address,
      line,
      file,
      flags: LineFlag.isStmt as number,
    })),
    { address: end, line: 99, file: first, flags: LineFlag.isStmt | LineFlag.endSequence },
  ]);
  return {
    address: Float64Array.from(rows, ({ address }) => address),
    file: Uint32Array.from(rows, ({ file }) => file),
    line: Uint32Array.from(rows, ({ line }) => line),
    column: new Uint32Array(rows.length),
    flags: Uint8Array.from(rows, ({ flags }) => flags),
    discriminator: new Uint32Array(rows.length),
  };
}
