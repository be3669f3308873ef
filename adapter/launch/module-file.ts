import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats, statSync } from "node:fs";
import { ByteCursor } from "../../src/base/bytes.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { readU32 } from "../../src/base/leb128.ts";
import { readModule, type UnreadSections, WasmModule } from "../../src/wasm/module.ts";
import { readSectionDirectory, type Section } from "../../src/wasm/section-directory.ts";
import { NAME_SECTION } from "../../src/wasm/sections/name.ts";
import { keepHeapSmall } from "./small-heap.ts";

/** A file as large as this is not read whole: its debug sections and its names are when they are needed. */
const largeFile = 16 << 20;

/**
 * Reads a module from its file.
 *
 * Throws `MalformedError` or Node's error. Of a large file the DWARF and the names stay where they are until somebody asks for them; if the
 * file has been replaced by then, that is a `MalformedError` about the section.
 */
export function readModuleFile(path: string, wholeUpTo = largeFile): WasmModule {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= wholeUpTo) {
    return readModule(new Uint8Array(readFileSync(path)));
  }
  keepHeapSmall();
  const file = openSync(path, "r");
  try {
    const stats = fstatSync(file);
    // Memory that nobody writes to is no memory in use: what is not read takes up addresses only.
    const bytes = new Uint8Array(stats.size);
    readHeaders(file, bytes);
    const sections = readSectionDirectory(bytes);
    const unread = sections.filter(
      ({ kind, name }) => kind === "custom" && (name.startsWith(".debug_") || name === NAME_SECTION),
    );
    const later = new Set(unread);
    for (const section of sections) {
      if (!later.has(section))
        fill(file, bytes.subarray(section.headerStart, section.end), section.headerStart);
    }
    return new WasmModule(bytes, sections, new SectionsInFile(path, stats, later));
  } finally {
    closeSync(file);
  }
}

/** The sections of one file that are read from it at each request. */
class SectionsInFile implements UnreadSections {
  readonly #path: string;
  readonly #stats: Stats;
  readonly #sections: ReadonlySet<Section>;

  constructor(path: string, stats: Stats, sections: ReadonlySet<Section>) {
    this.#path = path;
    this.#stats = stats;
    this.#sections = sections;
  }

  has(section: Section): boolean {
    return this.#sections.has(section);
  }

  /** Opens the file each time: one kept open cannot be replaced on every system, and a rebuild does that. */
  readInto(target: Uint8Array, offset: number): void {
    const file = this.#open(offset);
    try {
      const now = fstatSync(file);
      const { ino, size, mtimeMs } = this.#stats;
      if (now.ino !== ino || now.size !== size || now.mtimeMs !== mtimeMs) throw this.#changed(offset);
      fill(file, target, offset);
    } finally {
      closeSync(file);
    }
  }

  #open(offset: number): number {
    try {
      return openSync(this.#path, "r");
    } catch {
      throw this.#changed(offset);
    }
  }

  #changed(offset: number): MalformedError {
    const detail = `${this.#path} has been changed since the program was started: restart to read it anew`;
    return new MalformedError("unexpected-end", "module", offset, detail);
  }
}

/** As much of a header as tells where the next one is, the longest names of sections that are known included. */
const headerBytes = 64;

/** Fills in the headers of all sections and the custom ones' names; the reader of sections says what is wrong with them. */
function readHeaders(file: number, bytes: Uint8Array): void {
  fill(file, bytes.subarray(0, 8), 0);
  for (let at = 8; at < bytes.length; ) {
    fill(file, bytes.subarray(at, at + headerBytes), at);
    try {
      const cursor = new ByteCursor(bytes, "module", at + 1);
      const size = readU32(cursor);
      const contents = cursor.position;
      if (bytes[at] === 0) {
        const name = readU32(cursor);
        const end = Math.min(cursor.position + name, contents + size, bytes.length);
        fill(file, bytes.subarray(at, end), at);
      }
      at = contents + size;
    } catch (error) {
      if (error instanceof MalformedError) return;
      throw error;
    }
  }
}

function fill(file: number, target: Uint8Array, offset: number): void {
  for (let done = 0; done < target.length; ) {
    const count = readSync(file, target, done, target.length - done, offset + done);
    if (count === 0) return;
    done += count;
  }
}
