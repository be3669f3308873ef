import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import type { ModuleRange } from "../../base/range.ts";
import { readConstExpression } from "../const-expression.ts";
import { readValueType, type ValueType, writeValueType } from "../value-type.ts";
import { readVector, writeVector } from "../vector.ts";
import { readMutability } from "./type.ts";

/** A global's type, and whether it may be written. */
export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** A global defined here. */
export interface Global extends GlobalType {
  /** Constant expression for its first value, `end` included. */
  readonly init: ModuleRange;
}

/** Reads a global section's payload. @throws {MalformedError} `bad-value-type`, `bad-structure`, `unknown-opcode`. */
export function readGlobalSection(cursor: ByteCursor): readonly Global[] {
  const globals = readVector(cursor, 3, readGlobal);
  cursor.expectEnd();
  return globals;
}

/** Writes a global section's payload; `source` is the file the init ranges point into. */
export function writeGlobalSection(writer: ByteWriter, globals: readonly Global[], source: Uint8Array): void {
  writeVector(writer, globals, (_, global) => {
    writeGlobalType(writer, global);
    writer.copy(source, global.init.start, global.init.end);
  });
}

/** A global's type, as imports give it too. */
export function readGlobalType(cursor: ByteCursor): GlobalType {
  const type = readValueType(cursor);
  return { type, mutable: readMutability(cursor) };
}

/** Writes a global's type: an entry of the section is this and a constant expression. */
export function writeGlobalType(writer: ByteWriter, global: GlobalType): void {
  writeValueType(writer, global.type);
  writer.u8(global.mutable ? 1 : 0);
}

function readGlobal(cursor: ByteCursor): Global {
  const type = readGlobalType(cursor);
  return { ...type, init: readConstExpression(cursor) };
}
