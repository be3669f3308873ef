import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";

/** Name of the custom section. */
export const BUILD_ID_SECTION = "build_id";

/**
 * Reads the section's contents: bytes that a module and its separate debug info have in common. A view of the file.
 *
 * @throws {MalformedError} `unexpected-end`, `trailing-bytes`.
 * Source: tool conventions, "Build ID".
 */
export function readBuildId(cursor: ByteCursor): Uint8Array {
  const id = cursor.take(readU32(cursor));
  cursor.expectEnd();
  return id;
}

/** Writes the section's contents. */
export function writeBuildId(writer: ByteWriter, id: Uint8Array): void {
  writeU32(writer, id.length);
  writer.copy(id);
}
