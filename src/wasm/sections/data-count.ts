import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";

/** Reads a data-count section's payload: how many segments the data section will have. */
export function readDataCountSection(cursor: ByteCursor): number {
  const count = readU32(cursor);
  cursor.expectEnd();
  return count;
}

/** Writes a data-count section's payload. */
export function writeDataCountSection(writer: ByteWriter, count: number): void {
  writeU32(writer, count);
}
