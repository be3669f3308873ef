import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readName, writeName } from "../name-string.ts";

/** Name of the custom section. */
export const SOURCE_MAPPING_URL_SECTION = "sourceMappingURL";

/**
 * Reads the section's contents: the URL of the module's source map, relative to the module's own, or a data URL.
 *
 * @throws {MalformedError} `bad-utf8`, `unexpected-end`, `trailing-bytes`.
 * Source: ECMA-426, "Extracting source map URLs from WebAssembly".
 */
export function readSourceMappingUrl(cursor: ByteCursor): string {
  const url = readName(cursor);
  cursor.expectEnd();
  return url;
}

/** Writes the section's contents. */
export function writeSourceMappingUrl(writer: ByteWriter, url: string): void {
  writeName(writer, url);
}
