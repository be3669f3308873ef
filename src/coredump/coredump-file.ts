import type { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { readU32 } from "../base/leb128.ts";
import { once } from "../base/once.ts";
import type { RawValue } from "../target/target.ts";
import { readName } from "../wasm/name-string.ts";
import { HEADER_SIZE_BYTES, readSectionDirectory, SECTION_IDS } from "../wasm/section-directory.ts";
import { type MemoryType, readMemorySection } from "../wasm/sections/memory.ts";
import { type ByteSource, decodeAt } from "./byte-source.ts";
import {
  CORE_SECTION,
  COREINSTANCES_SECTION,
  COREMODULES_SECTION,
  readBareCoremodules,
  readCore,
  readCoreinstances,
  readCoremodules,
} from "./core-sections.ts";
import type { CoredumpInstance, CoredumpThread } from "./coredump.ts";
import type { CoredumpNotes } from "./coredump-notes.ts";
import { CORESTACK_SECTION, readCorestack } from "./corestack.ts";
import { readDataColumns } from "./data-columns.ts";
import type { Dialect } from "./dialects.ts";
import { readGlobalValues } from "./global-values.ts";
import { type DataColumns, type MemoryImage, memoryImages } from "./memory-image.ts";
import { NOTES_SECTION, readNotes } from "./notes-section.ts";

/** Where a section's contents lie in the file: `start` is behind the size and, for a custom section, its name. */
interface FileSection {
  readonly name: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The sections a coredump is made of, each of which may be there once but for the stacks. */
const single: readonly string[] = [
  CORE_SECTION,
  COREMODULES_SECTION,
  COREINSTANCES_SECTION,
  NOTES_SECTION,
  "memory",
  "global",
  "data",
];

/** Sections longer than this are not decoded as a whole: no thread has so many frames. */
const mostSectionBytes = 256 << 20;

/**
 * The sections of a coredump, found at once and decoded on first need.
 *
 * Sections may come in any order, and unknown ones are passed over. What stacks and names of modules say depends on
 * the dialect, and is asked for with one.
 */
export class CoredumpFile {
  readonly source: ByteSource;
  readonly #sections: readonly FileSection[];

  /**
   * @throws {MalformedError} `not-wasm`, `is-component`, `unsupported-version`; `bad-section-id`, `bad-section-size`,
   * `unexpected-end` for a header; `bad-structure` for a second section where there may be one; `not-coredump` for a
   * file that has neither stacks nor a `core` section.
   */
  constructor(source: ByteSource) {
    this.source = source;
    this.#sections = findSections(source);
    for (const name of single) {
      const [, second] = this.#named(name);
      if (second) {
        throw new MalformedError("bad-structure", name, second.start, `a second \`${name}\` section`);
      }
    }
    if (this.#named(CORESTACK_SECTION).length + this.#named(CORE_SECTION).length === 0) {
      const detail = "not a coredump: it has neither a `core` nor a `corestack` section";
      throw new MalformedError("not-coredump", "module", HEADER_SIZE_BYTES, detail);
    }
  }

  /** @throws {MalformedError} as `readCore`; likewise for the others, as their readers. */
  get executable(): string {
    return this.#executable();
  }
  readonly #executable = once(() => this.#decode(CORE_SECTION, readCore) ?? "");

  get instances(): readonly CoredumpInstance[] {
    return this.#instances();
  }
  readonly #instances = once(() => this.#decode(COREINSTANCES_SECTION, readCoreinstances) ?? []);

  get notes(): CoredumpNotes | undefined {
    return this.#notes();
  }
  readonly #notes = once(() => this.#decode(NOTES_SECTION, readNotes));

  get memories(): readonly MemoryImage[] {
    return this.#memories();
  }
  readonly #memories = once(() => this.#readMemories());

  get globals(): readonly RawValue[] {
    return this.#globals();
  }
  readonly #globals = once(() => this.#decode("global", readGlobalValues) ?? []);

  /** Names of modules, read with or without their lengths. */
  modules({ bareNames }: { readonly bareNames: boolean }): readonly string[] {
    return this.#decode(COREMODULES_SECTION, bareNames ? readBareCoremodules : readCoremodules) ?? [];
  }

  /** Every thread's stack in one dialect. `progress` is told each frame that was read whole. */
  threads(dialect: Dialect, progress?: () => void): readonly CoredumpThread[] {
    return this.#named(CORESTACK_SECTION).map((section) =>
      this.#decodeSection(section, (cursor) => readCorestack(cursor, dialect, progress)),
    );
  }

  #readMemories(): readonly MemoryImage[] {
    const types: readonly MemoryType[] = this.#decode("memory", readMemorySection) ?? [];
    const [data] = this.#named("data");
    const columns = data ? readDataColumns(this.source, data.start, data.end, types.length) : noColumns;
    return memoryImages(this.source, types, columns);
  }

  #named(name: string): readonly FileSection[] {
    return this.#sections.filter((section) => section.name === name);
  }

  #decode<T>(name: string, decode: (cursor: ByteCursor) => T): T | undefined {
    const [section] = this.#named(name);
    return section && this.#decodeSection(section, decode);
  }

  #decodeSection<T>({ name, start, end }: FileSection, decode: (cursor: ByteCursor) => T): T {
    if (end - start > mostSectionBytes) {
      throw new MalformedError("bad-limit", name, start, `a section of ${end - start} bytes`);
    }
    return decodeAt(this.source, name, start, end, decode);
  }
}

const noColumns: DataColumns = {
  count: 0,
  memory: new Uint32Array(0),
  address: new Float64Array(0),
  offset: new Float64Array(0),
  length: new Uint32Array(0),
};

/** Ids of the standard sections that belong to a coredump; others are passed over. */
const nameOfId = new Map<number, string>(
  (["memory", "global", "data"] as const).map((kind) => [SECTION_IDS[kind], kind]),
);
const ids = new Set<number>(Object.values(SECTION_IDS));
/** Enough for an id, a size and any name that matters. */
const headBytes = 64;

function findSections(source: ByteSource): readonly FileSection[] {
  // What is wrong with the first eight bytes is wrong with any module.
  readSectionDirectory(source.read(0, HEADER_SIZE_BYTES));
  const sections: FileSection[] = [];
  let at = HEADER_SIZE_BYTES;
  while (at < source.sizeBytes) {
    const { section, end } = decodeAt(source, "module", at, at + headBytes, (cursor) =>
      readHead(cursor, at, source.sizeBytes),
    );
    if (section) sections.push(section);
    at = end;
  }
  return sections;
}

/** `cursor` begins at `at`. */
function readHead(
  cursor: ByteCursor,
  at: number,
  fileSize: number,
): { readonly section: FileSection | undefined; readonly end: number } {
  const id = cursor.u8();
  if (!ids.has(id)) throw cursor.malformed("bad-section-id", 0, `there is no section with id ${id}`);
  const size = readU32(cursor);
  const start = at + cursor.position;
  const end = start + size;
  if (end > fileSize) {
    const detail = `a section claims ${size} bytes where ${fileSize - start} are left`;
    throw cursor.malformed("bad-section-size", 0, detail);
  }
  if (id !== SECTION_IDS.custom) {
    const name = nameOfId.get(id);
    return { section: name === undefined ? undefined : { name, start, end }, end };
  }
  const name = readShortName(cursor, size);
  return { section: name === undefined ? undefined : { name, start: at + cursor.position, end }, end };
}

/** A custom section's name; `undefined` for one that is longer than any that matters. `size`: of the section. */
function readShortName(cursor: ByteCursor, size: number): string | undefined {
  const start = cursor.position;
  const length = readU32(cursor);
  if (length > start + size - cursor.position) {
    throw cursor.malformed("unexpected-end", start, "a name is longer than its section");
  }
  if (length > cursor.remaining) return undefined;
  cursor.position = start;
  return readName(cursor);
}
