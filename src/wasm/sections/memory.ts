import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { type Limits, readMemoryLimits, writeLimits } from "../limits.ts";
import { readVector, writeVector } from "../vector.ts";

/** A memory: its limits in pages say all there is to say. */
export type MemoryType = Limits;

/** Reads a memory section's payload. @throws {MalformedError} `bad-limit`. */
export function readMemorySection(cursor: ByteCursor): readonly MemoryType[] {
  const memories = readVector(cursor, 2, readMemoryType);
  cursor.expectEnd();
  return memories;
}

/** Writes a memory section's payload. */
export function writeMemorySection(writer: ByteWriter, memories: readonly MemoryType[]): void {
  writeVector(writer, memories, writeMemoryType);
}

/** One entry of the section, and what an import of a memory says. */
export function readMemoryType(cursor: ByteCursor): MemoryType {
  return readMemoryLimits(cursor);
}

/** Writes one entry of the section. */
export function writeMemoryType(writer: ByteWriter, memory: MemoryType): void {
  writeLimits(writer, memory);
}
