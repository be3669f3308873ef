/** Small pieces of DWARF, written out. */

/** One after another. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** So many copies, one after another. */
export function repeat(part: readonly number[], count: number): Uint8Array {
  const bytes = new Uint8Array(part.length * count);
  for (let at = 0; at < bytes.length; at += part.length) bytes.set(part, at);
  return bytes;
}

/** Little endian, 4 bytes. */
export const u32 = (value: number): readonly number[] =>
  [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

/** Little endian, 2 bytes. */
export const u16 = (value: number): readonly number[] => [value & 255, value >>> 8];

/** Unsigned LEB128. */
export function uleb(value: number | bigint): readonly number[] {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; ) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    if (rest === 0n) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

/** Something that starts with its own length, in 4 bytes. */
export const sized = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = concat(...parts);
  const bytes = new Uint8Array(4 + body.length);
  bytes.set(u32(body.length));
  bytes.set(body, 4);
  return bytes;
};

/** A unit of version 4, addresses of 4 bytes, abbreviations from the start of their section. */
export const unit = (...dies: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  sized(u16(4), u32(0), [4], ...dies);

/** One abbreviation: pairs of attribute and form. */
export function abbreviation(
  code: number,
  tag: number,
  hasChildren: 0 | 1,
  ...pairs: readonly number[]
): Uint8Array {
  return concat(
    uleb(code),
    uleb(tag),
    [hasChildren],
    pairs.flatMap((value) => [...uleb(value)]),
    [0, 0],
  );
}

/** What `lineProgram` takes besides instructions. */
export interface LineProgramOptions {
  readonly version?: 2 | 3 | 4;
  readonly minimumInstructionLength?: number;
  readonly maximumOperations?: number;
  readonly isStmt?: 0 | 1;
  readonly lineBase?: number;
  readonly lineRange?: number;
  /** Operands of opcodes 1 and up. */
  readonly opcodeLengths?: readonly number[];
}

/** A line program with one file and no directories. */
export function lineProgram(
  instructions: readonly (readonly number[])[],
  options: LineProgramOptions = {},
): Uint8Array {
  const { version = 4, minimumInstructionLength = 1, maximumOperations = 1, isStmt = 1 } = options;
  const { lineBase = -5, lineRange = 14, opcodeLengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1] } = options;
  const header = concat(
    [minimumInstructionLength, ...(version >= 4 ? [maximumOperations] : [])],
    [isStmt, lineBase & 255, lineRange, opcodeLengths.length + 1, ...opcodeLengths],
    [0, 0x61, 0, 0, 0, 0, 0],
  );
  return sized(u16(version), u32(header.length), header, ...instructions);
}
