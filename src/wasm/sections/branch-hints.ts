import { type FuncIndex, toFuncIndex } from "../../base/brand.ts";
import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import { readCount, readVector, writeVector } from "../vector.ts";

/** Name of the custom section. It must come before the code section. */
export const BRANCH_HINT_SECTION = "metadata.code.branch_hint";

/** Which way the branches (`if`, `br_if`) of one function mostly go. */
export interface FunctionBranchHints {
  readonly function: FuncIndex;
  /** Of each branch instruction, in bytes from the function body's first byte (its local declarations). Ascending. */
  readonly offsets: Uint32Array;
  /** For each offset: 0 mostly not taken, 1 mostly taken. */
  readonly likely: Uint8Array;
}

const VALUE_SIZE_BYTES = 1;

/**
 * Reads the section's contents. Functions are meant to be ascending; that is not checked.
 *
 * @throws {MalformedError} `bad-structure` for a hint that is not one byte or neither 0 nor 1.
 * Source: the branch-hinting proposal (in the core specification's appendix, "Custom Sections and Annotations").
 */
export function readBranchHints(cursor: ByteCursor): readonly FunctionBranchHints[] {
  const functions = readVector(cursor, 2, readFunctionHints);
  cursor.expectEnd();
  return functions;
}

/** Writes the section's contents. Functions and their offsets must be ascending for engines to heed them. */
export function writeBranchHints(writer: ByteWriter, functions: readonly FunctionBranchHints[]): void {
  writeVector(writer, functions, (_, hints) => {
    writeU32(writer, hints.function);
    writeU32(writer, hints.offsets.length);
    hints.offsets.forEach((offset, at) => {
      writeU32(writer, offset);
      writeU32(writer, VALUE_SIZE_BYTES);
      writer.u8(hints.likely[at] ?? 0);
    });
  });
}

function readFunctionHints(cursor: ByteCursor): FunctionBranchHints {
  const index = toFuncIndex(readU32(cursor));
  const count = readCount(cursor, 3);
  const offsets = new Uint32Array(count);
  const likely = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    offsets[at] = readU32(cursor);
    likely[at] = readHint(cursor);
  }
  return { function: index, offsets, likely };
}

function readHint(cursor: ByteCursor): number {
  const start = cursor.position;
  const size = readU32(cursor);
  if (size !== VALUE_SIZE_BYTES) {
    throw cursor.malformed("bad-structure", start, `a branch hint has ${size} bytes instead of one`);
  }
  const value = cursor.u8();
  if (value > 1) throw cursor.malformed("bad-structure", start + 1, `${value} is no branch hint`);
  return value;
}
