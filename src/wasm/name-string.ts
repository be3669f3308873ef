import type { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, writeU32 } from "../base/leb128.ts";
import { decodeUtf8, encodeUtf8 } from "../base/utf8.ts";

/**
 * A name of the binary format: a size in bytes, then UTF-8.
 *
 * @throws {MalformedError} `bad-utf8` at its first byte of text; `unexpected-end`.
 */
export function readName(cursor: ByteCursor): string {
  const size = readU32(cursor);
  const start = cursor.position;
  const text = decodeUtf8(cursor.take(size));
  if (text === undefined) throw cursor.malformed("bad-utf8", start, "a name is not UTF-8");
  return text;
}

/** Moves past a name without decoding it. @throws {MalformedError} `unexpected-end`. */
export function skipName(cursor: ByteCursor): void {
  cursor.skip(readU32(cursor));
}

/** Writes a name: its size in bytes, then its UTF-8. */
export function writeName(writer: ByteWriter, name: string): void {
  const bytes = encodeUtf8(name);
  writeU32(writer, bytes.length);
  writer.copy(bytes);
}
