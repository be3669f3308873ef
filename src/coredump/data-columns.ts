import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { readS32, readS64, readU32 } from "../base/leb128.ts";
import type { ByteSource } from "./byte-source.ts";
import type { DataColumns } from "./memory-image.ts";

const ACTIVE = 0;
const ACTIVE_IN_MEMORY = 2;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const END = 0x0b;

/** Longest form, memory index, address and size of a segment together, in bytes. */
const headBytes = 5 + 5 + 1 + 10 + 1 + 5;
const windowBytes = 1 << 16;

/**
 * Reads the heads of a data section's segments; their contents are passed over and not read.
 *
 * @param start The section's contents, whose end is `end` (exclusive).
 * @param memories How many memories there are.
 * @throws {MalformedError} `bad-structure` for a segment that is not active, has no plain number as its address or is
 * of a memory there is not; `bad-limit` for an address no memory reaches; `unexpected-end`, `trailing-bytes`.
 */
export function readDataColumns(
  source: ByteSource,
  start: number,
  end: number,
  memories: number,
): DataColumns {
  const heads = new SegmentHeads(source, start, end);
  const count = heads.read((cursor) => readU32(cursor));
  // A segment is two bytes at least.
  if (count > (end - start) / 2) {
    throw new MalformedError(
      "unexpected-end",
      "data",
      start,
      `${count} segments do not fit in ${end - start} bytes`,
    );
  }
  const columns = {
    count,
    memory: new Uint32Array(count),
    address: new Float64Array(count),
    offset: new Float64Array(count),
    length: new Uint32Array(count),
  };
  for (let segment = 0; segment < count; segment++) {
    const at = heads.position;
    const { memory, address, length } = heads.read(readHead);
    if (memory >= memories) {
      throw new MalformedError("bad-structure", "data", at, `there is no memory ${memory}`);
    }
    if (length > end - heads.position) {
      const detail = `a segment claims ${length} bytes where ${end - heads.position} are left`;
      throw new MalformedError("unexpected-end", "data", at, detail);
    }
    columns.memory[segment] = memory;
    columns.address[segment] = address;
    columns.offset[segment] = heads.position;
    columns.length[segment] = length;
    heads.position += length;
  }
  if (heads.position < end) {
    const detail = `${end - heads.position} bytes too many`;
    throw new MalformedError("trailing-bytes", "data", heads.position, detail);
  }
  return columns;
}

interface SegmentHead {
  readonly memory: number;
  readonly address: number;
  readonly length: number;
}

function readHead(cursor: ByteCursor): SegmentHead {
  const start = cursor.position;
  const form = readU32(cursor);
  if (form !== ACTIVE && form !== ACTIVE_IN_MEMORY) {
    throw cursor.malformed("bad-structure", start, `a segment of form ${form} is at no address`);
  }
  const memory = form === ACTIVE ? 0 : readU32(cursor);
  const address = readAddress(cursor);
  return { memory, address, length: readU32(cursor) };
}

function readAddress(cursor: ByteCursor): number {
  const start = cursor.position;
  const opcode = cursor.u8();
  if (opcode !== I32_CONST && opcode !== I64_CONST) {
    throw cursor.malformed("bad-structure", start, "a segment's address is no number");
  }
  const address = opcode === I32_CONST ? readS32(cursor) >>> 0 : Number(BigInt.asUintN(64, readS64(cursor)));
  if (cursor.u8() !== END)
    throw cursor.malformed("bad-structure", start, "a segment's address is no plain number");
  if (address > Number.MAX_SAFE_INTEGER) {
    throw cursor.malformed("bad-limit", start, "a segment's address is beyond any memory");
  }
  return address;
}

/** Decodes short pieces of a long section, through a window so that the file is not asked for each of them. */
class SegmentHeads {
  /** In the file. */
  position: number;
  readonly #source: ByteSource;
  readonly #end: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  constructor(source: ByteSource, start: number, end: number) {
    this.#source = source;
    this.position = start;
    this.#end = end;
  }

  read<T>(decode: (cursor: ByteCursor) => T): T {
    const start = this.position;
    const wanted = Math.min(headBytes, this.#end - start);
    if (start < this.#windowStart || start + wanted > this.#windowStart + this.#window.length) {
      this.#window = this.#source.read(start, Math.min(windowBytes, this.#end - start));
      this.#windowStart = start;
    }
    const cursor = new ByteCursor(this.#window, "data", start - this.#windowStart);
    try {
      const value = decode(cursor);
      this.position = this.#windowStart + cursor.position;
      return value;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      throw new MalformedError(error.code, "data", error.offset + this.#windowStart, error.detail);
    }
  }
}
