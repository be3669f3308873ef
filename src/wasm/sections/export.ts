import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import { readName, writeName } from "../name-string.ts";
import { readVector, writeVector } from "../vector.ts";
import { EXTERN_KINDS, type ExternKind, readExternKind } from "./import.ts";

/** What a module offers under a name. */
export interface Export {
  readonly name: string;
  readonly kind: ExternKind;
  /** In the index space of its kind. */
  readonly index: number;
}

/** Reads an export section's payload. @throws {MalformedError} `bad-structure` for an unknown kind, `bad-utf8`. */
export function readExportSection(cursor: ByteCursor): readonly Export[] {
  const exports = readVector(cursor, 3, readExport);
  cursor.expectEnd();
  return exports;
}

/** Writes an export section's payload. */
export function writeExportSection(writer: ByteWriter, exports: readonly Export[]): void {
  writeVector(writer, exports, writeExport);
}

/** Writes one entry of the section. */
export function writeExport(writer: ByteWriter, { name, kind, index }: Export): void {
  writeName(writer, name);
  writer.u8(EXTERN_KINDS.indexOf(kind));
  writeU32(writer, index);
}

function readExport(cursor: ByteCursor): Export {
  const name = readName(cursor);
  const kind = readExternKind(cursor);
  return { name, kind, index: readU32(cursor) };
}
