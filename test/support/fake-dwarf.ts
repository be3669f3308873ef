import { readFileSync } from "node:fs";
import { type Dwarf, Gimli } from "gimli-wasm";
import { fromRoot } from "./paths.ts";
import { type Bytes, flat, s32, u32 } from "./wasm-builder.ts";

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

/** The DWARF of line programs that no compiler writes, with a unit for each. */
export function fakeDwarf(programs: readonly ProgramSpec[]): Dwarf {
  const line: number[] = [];
  const info: number[] = [];
  for (const program of programs) {
    info.push(...unitOf(program, line.length));
    line.push(...lengthBefore(program.version === 5 ? versionFive(program) : versionFour(program)));
  }
  const sections: Readonly<Record<string, Bytes>> = {
    ".debug_line": line,
    ".debug_info": info,
    // DW_TAG_compile_unit without children: DW_AT_stmt_list as DW_FORM_sec_offset, DW_AT_comp_dir as DW_FORM_string.
    ".debug_abbrev": [1, 0x11, 0, 0x10, 0x17, 0x1b, 0x08, 0, 0, 0],
  };
  return gimli.open((name) => (sections[name] === undefined ? undefined : flat(sections[name])));
}

const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));

const fixed = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, index) => (value >>> (8 * index)) & 0xff);
const string = (text: string): number[] => [...new TextEncoder().encode(text), 0];
const lengthBefore = (bytes: readonly number[]): number[] => [...fixed(bytes.length, 4), ...bytes];

function unitOf({ compilationDir = "" }: ProgramSpec, program: number): number[] {
  return lengthBefore([
    ...fixed(4, 2),
    ...fixed(0, 4),
    4,
    1,
    ...fixed(program, 4),
    ...string(compilationDir),
  ]);
}

/** Instructions of one byte, lines from −5 in steps of 14, and the operands of the standard opcodes. */
const machine = [0xfb, 14, 13, ...[0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]];

function versionFour(spec: ProgramSpec): number[] {
  const { directories = [], files } = spec;
  const header = [
    ...[1, 1, 1, ...machine],
    ...directories.flatMap(string),
    0,
    ...files.flatMap(([name, directory]) => [...string(name), ...u32(directory), 0, 0]),
    0,
  ];
  return [...fixed(4, 2), ...lengthBefore(header), ...rowsOf(spec)];
}

function versionFive(spec: ProgramSpec): number[] {
  const { directories = [], files } = spec;
  const [path, directoryIndex, asString, asNumber] = [1, 2, 0x08, 0x0f];
  const header = [
    ...[1, 1, 1, ...machine],
    ...[1, path, asString, ...u32(directories.length), ...directories.flatMap(string)],
    ...[2, path, asString, directoryIndex, asNumber, ...u32(files.length)],
    ...files.flatMap(([name, directory]) => [...string(name), ...u32(directory)]),
  ];
  return [...fixed(5, 2), 4, 0, ...lengthBefore(header), ...rowsOf(spec)];
}

function rowsOf({ version = 4, sequences }: ProgramSpec): number[] {
  const first = version >= 5 ? 0 : 1;
  const setAddress = (address: number): number[] => [0, 5, 2, ...fixed(address, 4)];
  return sequences.flatMap(({ rows, end }) => {
    let at = 0;
    let before = 1;
    const instructions = rows.flatMap(([address, line, file = first], row) => {
      // A second address of a sequence would bring one back to life that the linker has dropped.
      const there = row === 0 ? setAddress(address) : [2, ...u32(address - at)];
      const advance = line - before;
      at = address;
      before = line;
      return [...there, 4, ...u32(file), 3, ...s32(advance), 1];
    });
    return [...instructions, 2, ...u32(end - at), 0, 1, 1];
  });
}
