import { upperBound } from "../../base/binary-search.ts";
import {
  type DefinedFuncIndex,
  type ModuleOffset,
  toDefinedFuncIndex,
  toModuleOffset,
} from "../../base/brand.ts";
import { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import type { ModuleRange } from "../../base/range.ts";
import { readValueType, type ValueType, writeValueType } from "../value-type.ts";
import { readCount, readVector, writeVector } from "../vector.ts";

/**
 * Where each function body lies, in two flat columns by `DefinedFuncIndex`: a module may have a hundred
 * thousand of them.
 */
export interface CodeSection extends ModuleRange {
  readonly count: number;
  /** Of the first body's size, behind the count. */
  readonly entriesStart: ModuleOffset;
  /** Of each body's first byte: its local declarations, after its size. Branch hints and LLVM's `low_pc` mean this place. */
  readonly bodyStarts: Uint32Array;
  /** Of the byte behind each body's last, which is an `end`. */
  readonly bodyEnds: Uint32Array;
}

/** `count` locals of one type in a row. */
export interface LocalRun {
  readonly count: number;
  readonly type: ValueType;
}

/** One function body, its declarations decoded and its instructions not. */
export interface FunctionBody {
  /** Of its local declarations. */
  readonly start: ModuleOffset;
  /** Of its first instruction. */
  readonly instructionsStart: ModuleOffset;
  /** Exclusive: behind its last `end`. */
  readonly end: ModuleOffset;
  /** Declared locals; those of the function's params come before them in the index space. */
  readonly locals: readonly LocalRun[];
  /** Sum over `locals`: at most 50,000. */
  readonly localCount: number;
}

/** What engines accept (JavaScript interface, "Implementation-defined limits"), so that runs may be laid out flat. */
const MOST_LOCALS = 50_000;

/**
 * Reads the places of all bodies from a code section's payload, and nothing inside them.
 *
 * @throws {MalformedError} `unexpected-end` at the size of a body that reaches beyond the section.
 */
export function readCodeSection(cursor: ByteCursor): CodeSection {
  const start = toModuleOffset(cursor.position);
  const count = readCount(cursor, 1);
  const entriesStart = toModuleOffset(cursor.position);
  const bodyStarts = new Uint32Array(count);
  const bodyEnds = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const entry = cursor.position;
    const size = readU32(cursor);
    if (size > cursor.remaining) {
      const detail = `a body claims ${size} bytes where ${cursor.remaining} are left`;
      throw cursor.malformed("unexpected-end", entry, detail);
    }
    bodyStarts[index] = cursor.position;
    cursor.position += size;
    bodyEnds[index] = cursor.position;
  }
  cursor.expectEnd();
  return { start, end: toModuleOffset(cursor.end), count, entriesStart, bodyStarts, bodyEnds };
}

/**
 * Decodes the local declarations of one body.
 *
 * @param bytes The file that `code` was read from.
 * @throws {MalformedError} `bad-limit` at the declarations for more locals than engines take; `bad-value-type`.
 * @throws {RangeError} when there is no such body: indexes are the caller's to check.
 */
export function readFunctionBody(
  bytes: Uint8Array,
  code: CodeSection,
  index: DefinedFuncIndex,
): FunctionBody {
  const start = code.bodyStarts[index];
  const end = code.bodyEnds[index];
  if (start === undefined || end === undefined) throw new RangeError(`no function body ${index}`);
  const cursor = new ByteCursor(bytes, "code", start, end);
  const locals = readVector(cursor, 2, readLocalRun);
  let localCount = 0;
  for (const run of locals) localCount += run.count;
  if (localCount > MOST_LOCALS) {
    throw cursor.malformed("bad-limit", start, `${localCount} locals are more than ${MOST_LOCALS}`);
  }
  return {
    start: toModuleOffset(start),
    instructionsStart: toModuleOffset(cursor.position),
    end: toModuleOffset(end),
    locals,
    localCount,
  };
}

/** The body that holds a place of the file, or `undefined`: between bodies lie their sizes. */
export function findBodyAt(code: CodeSection, offset: ModuleOffset): DefinedFuncIndex | undefined {
  const body = upperBound(code.bodyEnds, offset, code.count);
  const start = code.bodyStarts[body];
  return start !== undefined && start <= offset ? toDefinedFuncIndex(body) : undefined;
}

/** Writes a body's local declarations. */
export function writeLocals(writer: ByteWriter, locals: readonly LocalRun[]): void {
  writeVector(writer, locals, (_, run) => {
    writeU32(writer, run.count);
    writeValueType(writer, run.type);
  });
}

/** A code section's payload, written body by body in the order of the function section. */
export class CodeSectionWriter {
  readonly #payload: ByteWriter;

  /** `count`: bodies to come. `capacity`: bytes to begin with. */
  constructor(count: number, capacity = 64) {
    this.#payload = new ByteWriter(capacity);
    writeU32(this.#payload, count);
  }

  /**
   * Adds a body: `start` to `end` (exclusive) of `source`, its local declarations first, without its size.
   * Answers where the body starts, in bytes from the start of the payload (a `CodeOffset` of the new module).
   */
  add(source: Uint8Array, start = 0, end = source.length): number {
    writeU32(this.#payload, end - start);
    const at = this.#payload.length;
    this.#payload.copy(source, start, end);
    return at;
  }

  /** The payload, as a view of this writer's memory. All bodies must have been added. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#payload.view();
  }
}

function readLocalRun(cursor: ByteCursor): LocalRun {
  const count = readU32(cursor);
  return { count, type: readValueType(cursor) };
}
