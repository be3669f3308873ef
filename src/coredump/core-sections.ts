import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, writeU32 } from "../base/leb128.ts";
import { decodeUtf8Leniently } from "../base/utf8.ts";
import { readName, writeName } from "../wasm/name-string.ts";
import { readIndexes, readVector, writeVector } from "../wasm/vector.ts";
import type { CoredumpInstance } from "./coredump.ts";
import { RECORD, readRecord } from "./corestack.ts";

/** Names of the custom sections that say what the stacks are of. */
export const CORE_SECTION = "core";
export const COREMODULES_SECTION = "coremodules";
export const COREINSTANCES_SECTION = "coreinstances";

/** Reads the name of the program. @throws {MalformedError} `bad-structure`, `bad-utf8`, `unexpected-end`, `trailing-bytes`. */
export function readCore(cursor: ByteCursor): string {
  readRecord(cursor, "process");
  const name = readName(cursor);
  cursor.expectEnd();
  return name;
}

export function writeCore(writer: ByteWriter, executable: string): void {
  writer.u8(RECORD);
  writeName(writer, executable);
}

/** Reads names of modules, by index. @throws {MalformedError} as `readCore`, and LEB128 codes. */
export function readCoremodules(cursor: ByteCursor): readonly string[] {
  const names = readVector(cursor, 2, (entry) => {
    readRecord(entry, "module");
    return readName(entry);
  });
  cursor.expectEnd();
  return names;
}

/**
 * Reads names that were written without their lengths: of one module it is the rest of the section, of more nobody
 * could tell where each ends.
 *
 * @throws {MalformedError} `bad-structure`, `unexpected-end`.
 */
export function readBareCoremodules(cursor: ByteCursor): readonly string[] {
  const start = cursor.position;
  const count = readU32(cursor);
  if (count === 0) {
    cursor.expectEnd();
    return [];
  }
  if (count > 1)
    throw cursor.malformed("bad-structure", start, "names of several modules without their lengths");
  readRecord(cursor, "module");
  return [decodeUtf8Leniently(cursor.take(cursor.remaining))];
}

export function writeCoremodules(writer: ByteWriter, names: readonly string[]): void {
  writeVector(writer, names, (to, name) => {
    to.u8(RECORD);
    writeName(to, name);
  });
}

/** Reads instances, by index. Their indexes have not been held against anything. @throws {MalformedError} as `readCoremodules`. */
export function readCoreinstances(cursor: ByteCursor): readonly CoredumpInstance[] {
  const instances = readVector(cursor, 4, (entry): CoredumpInstance => {
    readRecord(entry, "instance");
    const module = readU32(entry);
    const memories = Array.from(readIndexes(entry));
    return { module, memories, globals: Array.from(readIndexes(entry)) };
  });
  cursor.expectEnd();
  return instances;
}

export function writeCoreinstances(writer: ByteWriter, instances: readonly CoredumpInstance[]): void {
  writeVector(writer, instances, (to, { module, memories, globals }) => {
    to.u8(RECORD);
    writeU32(to, module);
    for (const indexes of [memories, globals]) writeVector(to, indexes, (_, index) => writeU32(to, index));
  });
}
