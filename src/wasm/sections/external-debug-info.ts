import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readName, writeName } from "../name-string.ts";

/** Name of the custom section. */
export const EXTERNAL_DEBUG_INFO_SECTION = "external_debug_info";

/**
 * Reads the section's contents: path or URL of a module that holds the DWARF of this one, relative to this one's.
 *
 * @throws {MalformedError} `bad-utf8`, `unexpected-end`, `trailing-bytes`.
 * Source: tool conventions, "Debugging", "External DWARF".
 */
export function readExternalDebugInfo(cursor: ByteCursor): string {
  const url = readName(cursor);
  cursor.expectEnd();
  return url;
}

/** Writes the section's contents. */
export function writeExternalDebugInfo(writer: ByteWriter, url: string): void {
  writeName(writer, url);
}
