import { ByteCursor, ByteWriter } from "../../base/bytes.ts";
import { readU32, writeU32 } from "../../base/leb128.ts";
import { once } from "../../base/once.ts";
import { decodeUtf8Leniently } from "../../base/utf8.ts";
import { skipName, writeName } from "../name-string.ts";
import type { SectionContents } from "../section-directory.ts";
import { readCount, writeVector } from "../vector.ts";
import { findIndex, type IndexColumns, NameMap, noColumns, noNames, sortedOnce } from "./name-map.ts";
import { readStoredNames } from "./stored-names.ts";

/** Name of the custom section that Go's linker puts in front of all others. */
export const GO_BUILD_ID_SECTION = "go:buildid";

/** Name of the custom section. */
export const NAME_SECTION = "name";

/** Subsections that give one name per index, with their ids. */
const FLAT_IDS = {
  function: 1,
  type: 4,
  table: 5,
  memory: 6,
  global: 7,
  element: 8,
  data: 9,
  tag: 11,
} as const;
/** Subsections that give names within an index: locals and labels of a function, fields of a type. */
const NESTED_IDS = { local: 2, label: 3, field: 10 } as const;
const MODULE_ID = 0;

/** An index space whose members may have names. */
export type NamedKind = keyof typeof FLAT_IDS;
/** What has names within a function (locals, labels) or a type (fields). */
export type NestedNamedKind = keyof typeof NESTED_IDS;

/**
 * The names a module was given for people to read.
 *
 * Only the places of the subsections are known at first; each is walked on first use. Nothing is promised
 * about names: several may be equal, and bytes that are not UTF-8 show as U+FFFD.
 * A subsection, an index or a map that occurs twice counts the first time.
 * Source: core specification, appendix, "Name Section".
 */
export class NameSection {
  readonly #subsections: ReadonlyMap<number, () => ByteCursor>;
  readonly #stored: ReadonlyMap<number, SectionContents>;
  readonly #flat = new Map<number, NameMap>();
  readonly #nested = new Map<number, IndexColumns>();

  /**
   * `readNameSection` and `readNamesFrom` make these: `subsections` give cursors over their payloads, by id; of those that are in
   * `stored` too, names are read from there, one by one.
   */
  constructor(
    subsections: ReadonlyMap<number, () => ByteCursor>,
    stored: ReadonlyMap<number, SectionContents> = new Map(),
  ) {
    this.#subsections = subsections;
    this.#stored = stored;
  }

  /** The module's own name. @throws {MalformedError} `unexpected-end`. */
  get moduleName(): string | undefined {
    const cursor = this.#cursor(MODULE_ID);
    return cursor && decodeUtf8Leniently(cursor.take(readU32(cursor)));
  }

  /** Names of one index space; empty when the section does not have them. @throws {MalformedError} `unexpected-end`, LEB128 codes. */
  names(kind: NamedKind): NameMap {
    const id = FLAT_IDS[kind];
    let names = this.#flat.get(id);
    if (!names) {
      names = this.#readMap(id);
      this.#flat.set(id, names);
    }
    return names;
  }

  /**
   * Names within the function or type at `index`: decoded at each call, the caller keeps them.
   *
   * @throws {MalformedError} `unexpected-end`, LEB128 codes.
   */
  namesWithin(kind: NestedNamedKind, index: number): NameMap {
    const cursor = this.#cursor(NESTED_IDS[kind]);
    const { columns, at } = this.#find(kind, index);
    if (!cursor || at < 0) return noNames;
    cursor.position = columns.starts[at] as number;
    return readNameMap(cursor);
  }

  /** Functions or types that `namesWithin` knows something of, ascending. @throws {MalformedError} as `namesWithin`. */
  indexesWith(kind: NestedNamedKind): Uint32Array {
    return this.#columns(NESTED_IDS[kind]).indexes;
  }

  #readMap(id: number): NameMap {
    const stored = this.#stored.get(id);
    if (stored) return readStoredNames(stored, NAME_SECTION);
    const cursor = this.#cursor(id);
    return cursor ? readNameMap(cursor) : noNames;
  }

  #find(kind: NestedNamedKind, index: number): { columns: IndexColumns; at: number } {
    const columns = this.#columns(NESTED_IDS[kind]);
    return { columns, at: findIndex(columns.indexes, index) };
  }

  #columns(id: number): IndexColumns {
    let columns = this.#nested.get(id);
    if (!columns) {
      const cursor = this.#cursor(id);
      columns = cursor ? readIndexColumns(cursor, skipNameMap) : noColumns;
      this.#nested.set(id, columns);
    }
    return columns;
  }

  /** A cursor of the caller's own. */
  #cursor(id: number): ByteCursor | undefined {
    const found = this.#subsections.get(id)?.();
    return found && new ByteCursor(found.bytes, found.section, found.position, found.end);
  }
}

/** Reads the section's contents. @throws {MalformedError} `unexpected-end` at the size of a subsection that reaches beyond the section. */
export function readNameSection(cursor: ByteCursor): NameSection {
  const subsections = new Map<number, () => ByteCursor>();
  while (!cursor.atEnd) {
    const { id, size } = readHeader(cursor, cursor.end);
    const payload = cursor.nested(size);
    if (!subsections.has(id)) subsections.set(id, () => payload);
  }
  return new NameSection(subsections);
}

/**
 * Reads the places of the subsections; each is read on first use, and not with the others. Names of functions may be megabytes: of
 * those no more than where they are is kept. @throws {MalformedError} as `readNameSection`, with offsets from the start of the contents.
 */
export function readNamesFrom(contents: SectionContents): NameSection {
  const subsections = new Map<number, () => ByteCursor>();
  const stored = new Map<number, SectionContents>();
  const header = new Uint8Array(MOST_HEADER_BYTES);
  for (let at = 0; at < contents.length; ) {
    const known = Math.min(header.length, contents.length - at);
    contents.readInto(header.subarray(0, known), at);
    const cursor = new ByteCursor(header, NAME_SECTION, 0, known);
    const { id, size } = readHeader(cursor, contents.length - at);
    const start = at + cursor.position;
    const payload = once(() => {
      const bytes = new Uint8Array(size);
      contents.readInto(bytes, start);
      return new ByteCursor(bytes, NAME_SECTION);
    });
    if (!subsections.has(id)) subsections.set(id, payload);
    if (id === FLAT_IDS.function && !stored.has(id)) {
      stored.set(id, {
        length: size,
        readInto: (target, offset) => contents.readInto(target, start + offset),
      });
    }
    at = start + size;
  }
  return new NameSection(subsections, stored);
}

/** An id, and a size as LEB128. */
const MOST_HEADER_BYTES = 6;

/** `end`: of the whole section, as the cursor counts. */
function readHeader(cursor: ByteCursor, end: number): { readonly id: number; readonly size: number } {
  const id = cursor.u8();
  const sizeStart = cursor.position;
  const size = readU32(cursor);
  const left = end - cursor.position;
  if (size > left) {
    const detail = `subsection ${id} claims ${size} bytes where ${left} are left`;
    throw cursor.malformed("unexpected-end", sizeStart, detail);
  }
  return { id, size };
}

/** Names by index, in the order to write them, which should be ascending. */
export type NameEntries = readonly (readonly [number, string])[];

/** What a name section is to hold. */
export interface Names {
  readonly module?: string;
  readonly flat?: { readonly [Kind in NamedKind]?: NameEntries };
  readonly nested?: { readonly [Kind in NestedNamedKind]?: readonly (readonly [number, NameEntries])[] };
}

/** Writes the section's contents, subsections by ascending id. */
export function writeNameSection(writer: ByteWriter, names: Names): void {
  const payloads = new Map<number, ByteWriter>();
  const payload = (id: number): ByteWriter => {
    const made = new ByteWriter();
    payloads.set(id, made);
    return made;
  };
  if (names.module !== undefined) writeName(payload(MODULE_ID), names.module);
  for (const [kind, entries] of Object.entries(names.flat ?? {})) {
    writeNameMap(payload(FLAT_IDS[kind as NamedKind]), entries);
  }
  for (const [kind, maps] of Object.entries(names.nested ?? {})) {
    writeVector(payload(NESTED_IDS[kind as NestedNamedKind]), maps, (to, [index, entries]) => {
      writeU32(to, index);
      writeNameMap(to, entries);
    });
  }
  for (const id of [...payloads.keys()].sort((a, b) => a - b)) {
    const bytes = payloads.get(id)?.view() ?? new Uint8Array(0);
    writer.u8(id);
    writeU32(writer, bytes.length);
    writer.copy(bytes);
  }
}

function writeNameMap(writer: ByteWriter, entries: NameEntries): void {
  writeVector(writer, entries, (to, [index, name]) => {
    writeU32(to, index);
    writeName(to, name);
  });
}

function readNameMap(cursor: ByteCursor): NameMap {
  const { bytes } = cursor;
  return new NameMap(readIndexColumns(cursor, skipName), (start) => {
    const name = new ByteCursor(bytes, NAME_SECTION, start);
    return decodeUtf8Leniently(name.take(readU32(name)));
  });
}

function skipNameMap(cursor: ByteCursor): void {
  const count = readCount(cursor, 2);
  for (let entry = 0; entry < count; entry++) {
    readU32(cursor);
    skipName(cursor);
  }
}

/** A vector of an index and something that `skip` moves past. */
function readIndexColumns(cursor: ByteCursor, skip: (cursor: ByteCursor) => void): IndexColumns {
  const count = readCount(cursor, 2);
  const indexes = new Uint32Array(count);
  const starts = new Uint32Array(count);
  let ascending = true;
  for (let at = 0; at < count; at++) {
    const index = readU32(cursor);
    if (at > 0 && index <= (indexes[at - 1] as number)) ascending = false;
    indexes[at] = index;
    starts[at] = cursor.position;
    skip(cursor);
  }
  return ascending ? { indexes, starts } : sortedOnce({ indexes, starts });
}
