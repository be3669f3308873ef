import { type FuncIndex, toFuncIndex } from "../../base/brand.ts";
import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";

/** Reads a start section's payload: the function that runs at the end of instantiation. */
export function readStartSection(cursor: ByteCursor): FuncIndex {
  const index = readU32(cursor);
  cursor.expectEnd();
  return toFuncIndex(index);
}

/** Writes a start section's payload. */
export function writeStartSection(writer: ByteWriter, start: FuncIndex): void {
  writeU32(writer, start);
}
