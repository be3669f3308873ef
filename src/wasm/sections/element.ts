import type { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import type { ModuleRange } from "../../base/range.ts";
import { readConstExpression } from "../const-expression.ts";
import { FUNCREF, nonNullRef, readReferenceType, type ValueType, writeValueType } from "../value-type.ts";
import { readIndexes, readVector, writeIndexes, writeVector } from "../vector.ts";

/** When a segment's elements get into a table. */
export type ElementMode =
  /** At instantiation, from the index that the constant expression `offset` gives. */
  | { readonly kind: "active"; readonly table: number; readonly offset: ModuleRange }
  /** When `table.init` says so. */
  | { readonly kind: "passive" }
  /** Never: it only declares which functions `ref.func` may name. */
  | { readonly kind: "declarative" };

/** What a segment holds, in one of the two forms it can be written in. */
export type Elements =
  /** `FuncIndex`es. */
  | { readonly kind: "functions"; readonly functions: Uint32Array }
  /** Constant expressions. */
  | { readonly kind: "expressions"; readonly expressions: readonly ModuleRange[] };

/** References for a table, and when they go there. */
export interface ElementSegment {
  readonly mode: ElementMode;
  /** A reference type. */
  readonly type: ValueType;
  readonly elements: Elements;
  /** Leading number of the form it was written in, 0 to 7: bit 0 not active, bit 1 with table or declarative, bit 2 expressions. */
  readonly form: number;
}

const NOT_ACTIVE = 1;
/** With bit 0 clear: a table index follows. With bit 0 set: declarative. */
const EXPLICIT = 2;
const EXPRESSIONS = 4;
const KIND_FUNCTIONS = 0;

/** Reads an element section's payload. @throws {MalformedError} `bad-structure` for an unknown form or kind, `bad-value-type`, `unknown-opcode`. */
export function readElementSection(cursor: ByteCursor): readonly ElementSegment[] {
  const segments = readVector(cursor, 3, readSegment);
  cursor.expectEnd();
  return segments;
}

/** Writes an element section's payload; `source` is the file the ranges point into. */
export function writeElementSection(
  writer: ByteWriter,
  segments: readonly ElementSegment[],
  source: Uint8Array,
): void {
  writeVector(writer, segments, (_, segment) => writeSegment(writer, segment, source));
}

function readSegment(cursor: ByteCursor): ElementSegment {
  const start = cursor.position;
  const form = readU32(cursor);
  if (form > 7) throw cursor.malformed("bad-structure", start, `${form} is no form of an element segment`);
  const mode = readMode(cursor, form);
  const type = readElementType(cursor, form);
  return { mode, type, elements: readElements(cursor, form), form };
}

function readMode(cursor: ByteCursor, form: number): ElementMode {
  if (form & NOT_ACTIVE) return { kind: form & EXPLICIT ? "declarative" : "passive" };
  const table = form & EXPLICIT ? readU32(cursor) : 0;
  return { kind: "active", table, offset: readConstExpression(cursor) };
}

/** Forms 0 and 4 leave the type out; the others give a kind byte before functions, a type before expressions. */
function readElementType(cursor: ByteCursor, form: number): ValueType {
  if (form === 0) return nonNullRef("func");
  if (form === EXPRESSIONS) return FUNCREF;
  if (form & EXPRESSIONS) return readReferenceType(cursor);
  const start = cursor.position;
  const kind = cursor.u8();
  if (kind !== KIND_FUNCTIONS)
    throw cursor.malformed("bad-structure", start, `${kind} is no kind of elements`);
  return nonNullRef("func");
}

function readElements(cursor: ByteCursor, form: number): Elements {
  return form & EXPRESSIONS
    ? { kind: "expressions", expressions: readVector(cursor, 1, readConstExpression) }
    : { kind: "functions", functions: readIndexes(cursor) };
}

function writeSegment(writer: ByteWriter, segment: ElementSegment, source: Uint8Array): void {
  const { mode, form, elements } = segment;
  const copy = (range: ModuleRange): void => writer.copy(source, range.start, range.end);
  writeU32(writer, form);
  if (mode.kind === "active") {
    if (form & EXPLICIT) writeU32(writer, mode.table);
    copy(mode.offset);
  }
  if (form & (NOT_ACTIVE | EXPLICIT)) {
    if (form & EXPRESSIONS) writeValueType(writer, segment.type);
    else writer.u8(KIND_FUNCTIONS);
  }
  if (elements.kind === "functions") writeIndexes(writer, elements.functions);
  else writeVector(writer, elements.expressions, (_, range) => copy(range));
}
