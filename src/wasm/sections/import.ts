import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import { readName, writeName } from "../name-string.ts";
import { readVector, writeVector } from "../vector.ts";
import { type GlobalType, readGlobalType, writeGlobalType } from "./global.ts";
import { type MemoryType, readMemoryType, writeMemoryType } from "./memory.ts";
import { readTableType, type TableType, writeTableType } from "./table.ts";
import { readTagType, type TagType, writeTagType } from "./tag.ts";

/** What crosses a module's border, with its type. */
export type ExternType =
  | { readonly kind: "func"; readonly typeIndex: number }
  | { readonly kind: "table"; readonly table: TableType }
  | { readonly kind: "memory"; readonly memory: MemoryType }
  | { readonly kind: "global"; readonly global: GlobalType }
  | { readonly kind: "tag"; readonly tag: TagType };

/** What can cross a module's border. */
export type ExternKind = ExternType["kind"];

/** The kinds at their numbers in imports and exports. */
export const EXTERN_KINDS: readonly ExternKind[] = ["func", "table", "memory", "global", "tag"];

/** What a module needs from outside, in the order of the section. */
export interface Import {
  readonly module: string;
  readonly name: string;
  readonly type: ExternType;
}

/** Reads an import section's payload. @throws {MalformedError} `bad-structure` for an unknown kind, `bad-utf8`, `bad-value-type`, `bad-limit`. */
export function readImportSection(cursor: ByteCursor): readonly Import[] {
  const imports = readVector(cursor, 4, readImport);
  cursor.expectEnd();
  return imports;
}

/** Writes an import section's payload. */
export function writeImportSection(writer: ByteWriter, imports: readonly Import[]): void {
  writeVector(writer, imports, writeImport);
}

/** A kind's number as imports and exports give it. @throws {MalformedError} `bad-structure`. */
export function readExternKind(cursor: ByteCursor): ExternKind {
  const start = cursor.position;
  const byte = cursor.u8();
  const kind = EXTERN_KINDS[byte];
  if (!kind) throw cursor.malformed("bad-structure", start, `${byte} is no kind of import or export`);
  return kind;
}

function readImport(cursor: ByteCursor): Import {
  const module = readName(cursor);
  const name = readName(cursor);
  return { module, name, type: readExternType(cursor) };
}

function writeImport(writer: ByteWriter, { module, name, type }: Import): void {
  writeName(writer, module);
  writeName(writer, name);
  writer.u8(EXTERN_KINDS.indexOf(type.kind));
  switch (type.kind) {
    case "func":
      writeU32(writer, type.typeIndex);
      return;
    case "table":
      writeTableType(writer, type.table);
      return;
    case "memory":
      writeMemoryType(writer, type.memory);
      return;
    case "global":
      writeGlobalType(writer, type.global);
      return;
    case "tag":
      writeTagType(writer, type.tag);
      return;
  }
}

function readExternType(cursor: ByteCursor): ExternType {
  const kind = readExternKind(cursor);
  switch (kind) {
    case "func":
      return { kind, typeIndex: readU32(cursor) };
    case "table":
      return { kind, table: readTableType(cursor) };
    case "memory":
      return { kind, memory: readMemoryType(cursor) };
    case "global":
      return { kind, global: readGlobalType(cursor) };
    case "tag":
      return { kind, tag: readTagType(cursor) };
  }
}
