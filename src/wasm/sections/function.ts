import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readIndexes, writeIndexes } from "../vector.ts";

/** Reads a function section's payload: the type index of each defined function, by `DefinedFuncIndex`. */
export function readFunctionSection(cursor: ByteCursor): Uint32Array {
  const typeIndexes = readIndexes(cursor);
  cursor.expectEnd();
  return typeIndexes;
}

/** Writes a function section's payload. */
export function writeFunctionSection(writer: ByteWriter, typeIndexes: Uint32Array): void {
  writeIndexes(writer, typeIndexes);
}
