import { toModuleOffset } from "../../base/brand.ts";
import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import type { ModuleRange } from "../../base/range.ts";
import { readConstExpression } from "../const-expression.ts";
import { readVector, writeVector } from "../vector.ts";

/** When a segment's bytes get into a memory. */
export type DataMode =
  /** At instantiation, to the address that the constant expression `offset` gives. */
  | { readonly kind: "active"; readonly memory: number; readonly offset: ModuleRange }
  /** When `memory.init` says so. */
  | { readonly kind: "passive" };

/** Bytes for a memory, and when they go there. */
export interface DataSegment {
  readonly mode: DataMode;
  /** The bytes it holds, in the file. */
  readonly contents: ModuleRange;
  /** Leading number of the form it was written in: 0 active, 1 passive, 2 active with a memory index. */
  readonly form: number;
}

const ACTIVE = 0;
const PASSIVE = 1;
const ACTIVE_IN_MEMORY = 2;

/** Reads a data section's payload. @throws {MalformedError} `bad-structure` for an unknown form, `unknown-opcode`. */
export function readDataSection(cursor: ByteCursor): readonly DataSegment[] {
  const segments = readVector(cursor, 2, readSegment);
  cursor.expectEnd();
  return segments;
}

/** Writes a data section's payload; `source` is the file the ranges point into. */
export function writeDataSection(
  writer: ByteWriter,
  segments: readonly DataSegment[],
  source: Uint8Array,
): void {
  writeVector(writer, segments, (_, { mode, contents, form }) => {
    writeU32(writer, form);
    if (mode.kind === "active") {
      if (form === ACTIVE_IN_MEMORY) writeU32(writer, mode.memory);
      writer.copy(source, mode.offset.start, mode.offset.end);
    }
    writeU32(writer, contents.end - contents.start);
    writer.copy(source, contents.start, contents.end);
  });
}

function readSegment(cursor: ByteCursor): DataSegment {
  const start = cursor.position;
  const form = readU32(cursor);
  const mode = readMode(cursor, form, start);
  const size = readU32(cursor);
  const contentsStart = toModuleOffset(cursor.position);
  cursor.skip(size);
  return { mode, contents: { start: contentsStart, end: toModuleOffset(cursor.position) }, form };
}

function readMode(cursor: ByteCursor, form: number, start: number): DataMode {
  switch (form) {
    case ACTIVE:
      return { kind: "active", memory: 0, offset: readConstExpression(cursor) };
    case PASSIVE:
      return { kind: "passive" };
    case ACTIVE_IN_MEMORY:
      return { kind: "active", memory: readU32(cursor), offset: readConstExpression(cursor) };
    default:
      throw cursor.malformed("bad-structure", start, `${form} is no form of a data segment`);
  }
}
