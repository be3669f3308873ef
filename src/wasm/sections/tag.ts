import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import { readVector, writeVector } from "../vector.ts";

/** A kind of exception. */
export interface TagType {
  /** Index of a function type: its params are what an exception carries. */
  readonly typeIndex: number;
}

/** Reads a tag section's payload. @throws {MalformedError} `bad-structure` for another attribute than 0, exception. */
export function readTagSection(cursor: ByteCursor): readonly TagType[] {
  const tags = readVector(cursor, 2, readTagType);
  cursor.expectEnd();
  return tags;
}

/** Writes a tag section's payload. */
export function writeTagSection(writer: ByteWriter, tags: readonly TagType[]): void {
  writeVector(writer, tags, writeTagType);
}

/** One entry of the section, and what an import of a tag says. */
export function readTagType(cursor: ByteCursor): TagType {
  const start = cursor.position;
  const attribute = cursor.u8();
  if (attribute !== 0)
    throw cursor.malformed("bad-structure", start, `${attribute} is no attribute of a tag`);
  return { typeIndex: readU32(cursor) };
}

/** Writes one entry of the section. */
export function writeTagType(writer: ByteWriter, tag: TagType): void {
  writer.u8(0);
  writeU32(writer, tag.typeIndex);
}
