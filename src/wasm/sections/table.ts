import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import type { ModuleRange } from "../../base/range.ts";
import { readConstExpression } from "../const-expression.ts";
import { type Limits, readTableLimits, writeLimits } from "../limits.ts";
import { readReferenceType, type ValueType, writeValueType } from "../value-type.ts";
import { readVector, writeVector } from "../vector.ts";

/** What a table holds and how many. */
export interface TableType {
  /** A reference type. */
  readonly type: ValueType;
  /** In entries. */
  readonly limits: Limits;
}

/** A table defined here. */
export interface Table extends TableType {
  /** Constant expression for every entry's first value; null without. */
  readonly init?: ModuleRange;
}

const WITH_INIT = 0x40;

/** Reads a table section's payload. @throws {MalformedError} `bad-value-type`, `bad-limit`, `bad-structure`, `unknown-opcode`. */
export function readTableSection(cursor: ByteCursor): readonly Table[] {
  const tables = readVector(cursor, 3, readTable);
  cursor.expectEnd();
  return tables;
}

/** Writes a table section's payload; `source` is the file the init ranges point into. */
export function writeTableSection(writer: ByteWriter, tables: readonly Table[], source: Uint8Array): void {
  writeVector(writer, tables, (_, table) => {
    if (table.init) {
      writer.u8(WITH_INIT);
      writer.u8(0);
    }
    writeTableType(writer, table);
    if (table.init) writer.copy(source, table.init.start, table.init.end);
  });
}

/** A table's type, as imports and entries of the section without initial value give it. */
export function readTableType(cursor: ByteCursor): TableType {
  const type = readReferenceType(cursor);
  return { type, limits: readTableLimits(cursor) };
}

/** Writes a table's type, which is an entry of the section without initial value. */
export function writeTableType(writer: ByteWriter, table: TableType): void {
  writeValueType(writer, table.type);
  writeLimits(writer, table.limits);
}

function readTable(cursor: ByteCursor): Table {
  if (cursor.peek() !== WITH_INIT) return readTableType(cursor);
  const start = cursor.position;
  cursor.skip(1);
  if (cursor.u8() !== 0) throw cursor.malformed("bad-structure", start, "a table's reserved byte is not 0");
  const type = readTableType(cursor);
  return { ...type, init: readConstExpression(cursor) };
}
