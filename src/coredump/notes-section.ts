import { type ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, readU64, writeU32, writeU64 } from "../base/leb128.ts";
import type { TrapKind } from "../target/target.ts";
import { readName, writeName } from "../wasm/name-string.ts";
import { readCount, readVector, writeVector } from "../wasm/vector.ts";
import type {
  CoredumpNotes,
  HostFrameNote,
  ModuleNote,
  StopNote,
  StopNoteKind,
  TableNote,
  ValueNote,
} from "./coredump-notes.ts";

/** Name of the custom section. */
export const NOTES_SECTION = "wasm-dap";

/** Ids of its subsections; unknown ones are passed over. */
const IDS = {
  tool: 0,
  time: 1,
  process: 2,
  stop: 3,
  modules: 4,
  hostFrames: 5,
  values: 6,
  tables: 7,
} as const;

const stopKinds: readonly StopNoteKind[] = ["trap", "exception", "breakpoint", "step", "pause", "entry"];
const trapKinds: readonly TrapKind[] = [
  "other",
  "unreachable",
  "memory-out-of-bounds",
  "table-out-of-bounds",
  "indirect-call-type-mismatch",
  "null-reference",
  "integer-divide-by-zero",
  "integer-overflow",
  "invalid-conversion-to-integer",
  "stack-overflow",
  "out-of-memory",
  "unaligned-atomic",
  "cast-failure",
];

const valueKinds = ["local", "operand", "global"] as const;

const V128 = 0x7b;
const REFERENCE = 0x70;
/** Reads the section's contents. @throws {MalformedError} `bad-structure`, `bad-utf8`, `bad-limit`, `unexpected-end`, `trailing-bytes`, LEB128 codes. */
export function readNotes(cursor: ByteCursor): CoredumpNotes {
  const parts = new Map<number, ByteCursor>();
  while (!cursor.atEnd) {
    const id = cursor.u8();
    parts.set(id, cursor.nested(readU32(cursor)));
  }
  const part = <T>(id: number, read: (cursor: ByteCursor) => T): T | undefined => {
    const found = parts.get(id);
    if (found === undefined) return undefined;
    const value = read(found);
    found.expectEnd();
    return value;
  };
  const list = <T>(id: number, entryBytes: number, read: (cursor: ByteCursor) => T): readonly T[] =>
    part(id, (found) => readVector(found, entryBytes, read)) ?? [];
  return {
    tool: part(IDS.tool, readName),
    time: part(IDS.time, (found) => Number(readU64(found))),
    processId: part(IDS.process, readU32),
    stop: part(IDS.stop, readStop),
    modules: list(IDS.modules, 3, readModuleNote),
    hostFrames: list(IDS.hostFrames, 5, readHostFrame),
    values: list(IDS.values, 6, readValueNote),
    tables: list(IDS.tables, 4, readTableNote),
  };
}

/** Writes the section's contents. */
export function writeNotes(writer: ByteWriter, notes: CoredumpNotes): void {
  const part = <T>(id: number, value: T | undefined, write: (to: ByteWriter, value: T) => void): void => {
    if (value === undefined) return;
    const payload = new ByteWriter();
    write(payload, value);
    writer.u8(id);
    writeU32(writer, payload.length);
    writer.append(payload);
  };
  const list = <T>(id: number, values: readonly T[], write: (to: ByteWriter, value: T) => void): void =>
    part(id, values.length > 0 ? values : undefined, (to, all) => writeVector(to, all, write));
  part(IDS.tool, notes.tool, writeName);
  part(IDS.time, notes.time, (to, time) => writeU64(to, BigInt(time)));
  part(IDS.process, notes.processId, writeU32);
  part(IDS.stop, notes.stop, writeStop);
  list(IDS.modules, notes.modules, writeModuleNote);
  list(IDS.hostFrames, notes.hostFrames, writeHostFrame);
  list(IDS.values, notes.values, writeValueNote);
  list(IDS.tables, notes.tables, writeTableNote);
}

function readStop(cursor: ByteCursor): StopNote {
  const kind = readWord(cursor, stopKinds, "stop");
  const trap = readWord(cursor, trapKinds, "trap");
  return { kind, trap: kind === "trap" ? trap : undefined, message: readName(cursor) };
}

function writeStop(writer: ByteWriter, { kind, trap = "other", message }: StopNote): void {
  writer.u8(stopKinds.indexOf(kind));
  writer.u8(trapKinds.indexOf(trap));
  writeName(writer, message);
}

function readWord<T>(cursor: ByteCursor, words: readonly T[], what: string): T {
  const start = cursor.position;
  const number = cursor.u8();
  const word = words[number];
  if (word === undefined) throw cursor.malformed("bad-structure", start, `${number} is no kind of ${what}`);
  return word;
}

function readModuleNote(cursor: ByteCursor): ModuleNote {
  const module = readU32(cursor);
  const sha256 = readOptional(cursor);
  return { module, sha256, buildId: readOptional(cursor) };
}

function writeModuleNote(writer: ByteWriter, { module, sha256, buildId }: ModuleNote): void {
  writeU32(writer, module);
  writeOptional(writer, sha256);
  writeOptional(writer, buildId);
}

/** Bytes of which none means that there are none. */
function readOptional(cursor: ByteCursor): Uint8Array | undefined {
  const bytes = cursor.take(readU32(cursor));
  return bytes.length === 0 ? undefined : bytes.slice();
}

function writeOptional(writer: ByteWriter, bytes: Uint8Array | undefined): void {
  writeU32(writer, bytes?.length ?? 0);
  if (bytes) writer.copy(bytes);
}

function readHostFrame(cursor: ByteCursor): HostFrameNote {
  const thread = readU32(cursor);
  const before = readU32(cursor);
  const name = readName(cursor);
  const path = readName(cursor);
  const line = readU32(cursor);
  return { thread, before, name, path: path || undefined, line: line || undefined };
}

function writeHostFrame(
  writer: ByteWriter,
  { thread, before, name, path = "", line = 0 }: HostFrameNote,
): void {
  writeU32(writer, thread);
  writeU32(writer, before);
  writeName(writer, name);
  writeName(writer, path);
  writeU32(writer, line);
}

function readValueNote(cursor: ByteCursor): ValueNote {
  const thread = readU32(cursor);
  const frame = readU32(cursor);
  const kind = readWord(cursor, valueKinds, "value");
  const index = readU32(cursor);
  const start = cursor.position;
  switch (cursor.u8()) {
    case V128:
      return { thread, frame, kind, index, value: { type: "v128", value: cursor.take(16).slice() } };
    case REFERENCE:
      return { thread, frame, kind, index, value: { type: "ref", value: readName(cursor) } };
    default:
      throw cursor.malformed("bad-structure", start, "a value that is neither a vector nor a reference");
  }
}

function writeValueNote(writer: ByteWriter, { thread, frame, kind, index, value }: ValueNote): void {
  writeU32(writer, thread);
  writeU32(writer, frame);
  writer.u8(valueKinds.indexOf(kind));
  writeU32(writer, index);
  writer.u8(value.type === "v128" ? V128 : REFERENCE);
  if (value.type === "v128") writer.copy(value.value);
  else writeName(writer, value.value);
}

function readTableNote(cursor: ByteCursor): TableNote {
  const instance = readU32(cursor);
  const table = readU32(cursor);
  const size = readU32(cursor);
  const functions = new Map<number, number>();
  const runs = readCount(cursor, 2);
  for (let run = 0; run < runs; run++) {
    const start = readU32(cursor);
    const count = readCount(cursor, 1);
    for (let index = start; index < start + count; index++) functions.set(index, readU32(cursor));
  }
  return { instance, table, size, functions };
}

function writeTableNote(writer: ByteWriter, { instance, table, size, functions }: TableNote): void {
  writeU32(writer, instance);
  writeU32(writer, table);
  writeU32(writer, size);
  writeVector(writer, runsOf(functions), (to, { start, entries }) => {
    writeU32(to, start);
    writeVector(to, entries, writeU32);
  });
}

function runsOf(functions: ReadonlyMap<number, number>): { start: number; entries: number[] }[] {
  const runs: { start: number; entries: number[] }[] = [];
  for (const [index, func] of [...functions].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last.start + last.entries.length === index) last.entries.push(func);
    else runs.push({ start: index, entries: [func] });
  }
  return runs;
}
