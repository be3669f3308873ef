import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, writeU32 } from "../base/leb128.ts";

/**
 * The count in front of a vector, checked against what the bytes left could hold.
 *
 * Without the check five bytes could ask for arrays of billions.
 *
 * @param entrySizeBytes Size of the smallest possible entry, at least 1.
 * @throws {MalformedError} `unexpected-end` at the count.
 */
export function readCount(cursor: ByteCursor, entrySizeBytes: number): number {
  const start = cursor.position;
  const count = readU32(cursor);
  if (count > cursor.remaining / entrySizeBytes) {
    throw cursor.malformed(
      "unexpected-end",
      start,
      `${count} entries do not fit in ${cursor.remaining} bytes`,
    );
  }
  return count;
}

/** A vector read with one function per entry. */
export function readVector<T>(
  cursor: ByteCursor,
  entrySizeBytes: number,
  readEntry: (cursor: ByteCursor) => T,
): readonly T[] {
  const count = readCount(cursor, entrySizeBytes);
  const entries: T[] = [];
  for (let index = 0; index < count; index++) entries.push(readEntry(cursor));
  return entries;
}

/** Writes a vector with one function per entry. */
export function writeVector<T>(
  writer: ByteWriter,
  entries: readonly T[],
  writeEntry: (writer: ByteWriter, entry: T) => void,
): void {
  writeU32(writer, entries.length);
  for (const entry of entries) writeEntry(writer, entry);
}

/** A vector of indexes, which may be long, as a typed array. */
export function readIndexes(cursor: ByteCursor): Uint32Array {
  const count = readCount(cursor, 1);
  const indexes = new Uint32Array(count);
  for (let at = 0; at < count; at++) indexes[at] = readU32(cursor);
  return indexes;
}

/** Writes a vector of indexes. */
export function writeIndexes(writer: ByteWriter, indexes: Uint32Array): void {
  writeU32(writer, indexes.length);
  for (const index of indexes) writeU32(writer, index);
}
