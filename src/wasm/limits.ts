import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, readU64, writeU32, writeU64 } from "../base/leb128.ts";

/** How large a memory (in its pages) or a table (in entries) is and may become. */
export interface Limits {
  /** Type of its addresses or indexes: i64 for memory64 and table64. */
  readonly addressType: "i32" | "i64";
  readonly minimum: bigint;
  readonly maximum?: bigint;
  /** Only memories: threads may share it. */
  readonly shared: boolean;
  /** Only memories, and only when given: 2 to this power is the size of a page in bytes, which is 65536 otherwise. */
  readonly pageSizeLog2?: number;
}

const HAS_MAXIMUM = 1;
const SHARED = 2;
const IS_64 = 4;
const HAS_PAGE_SIZE = 8;

/**
 * The limits of a memory.
 *
 * @throws {MalformedError} `bad-limit` at the flags when they have a bit with no meaning.
 * Source: core specification, binary format, "Memory Types"; the threads and custom-page-sizes proposals.
 */
export function readMemoryLimits(cursor: ByteCursor): Limits {
  return readLimits(cursor, HAS_MAXIMUM | SHARED | IS_64 | HAS_PAGE_SIZE);
}

/** The limits of a table. @throws {MalformedError} as `readMemoryLimits`. */
export function readTableLimits(cursor: ByteCursor): Limits {
  return readLimits(cursor, HAS_MAXIMUM | IS_64);
}

/** Writes limits of either kind. */
export function writeLimits(writer: ByteWriter, limits: Limits): void {
  const is64 = limits.addressType === "i64";
  writer.u8(
    (limits.maximum === undefined ? 0 : HAS_MAXIMUM) |
      (limits.shared ? SHARED : 0) |
      (is64 ? IS_64 : 0) |
      (limits.pageSizeLog2 === undefined ? 0 : HAS_PAGE_SIZE),
  );
  writeU64(writer, limits.minimum);
  if (limits.maximum !== undefined) writeU64(writer, limits.maximum);
  if (limits.pageSizeLog2 !== undefined) writeU32(writer, limits.pageSizeLog2);
}

function readLimits(cursor: ByteCursor, known: number): Limits {
  const start = cursor.position;
  const flags = cursor.u8();
  if (flags & ~known) {
    throw cursor.malformed("bad-limit", start, `0x${flags.toString(16)} are no flags of limits`);
  }
  const is64 = (flags & IS_64) !== 0;
  const bound = (): bigint => (is64 ? readU64(cursor) : BigInt(readU32(cursor)));
  const minimum = bound();
  return {
    addressType: is64 ? "i64" : "i32",
    minimum,
    ...(flags & HAS_MAXIMUM ? { maximum: bound() } : {}),
    shared: (flags & SHARED) !== 0,
    ...(flags & HAS_PAGE_SIZE ? { pageSizeLog2: readU32(cursor) } : {}),
  };
}
