/**
 * Gives the bytes of a DWARF section by name (".debug_info", ".debug_line_str", …), or undefined when there is
 * none. Called at most once for each section, and only when it is first needed.
 *
 * Bytes are kept, not copied, for as long as the `Dwarf` is open: do not change them. A `SectionSource` is for
 * sections that need not be in memory: strings are then read one by one, units of .debug_info when something is asked about
 * them, the rest once.
 */
export type SectionLoader = (name: string) => Uint8Array | SectionSource | undefined;

/** A section that is read where and when it is needed, such as from a file. */
export interface SectionSource {
  /** In bytes. */
  readonly length: number;
  /** Fills `target` with the bytes from `offset` on, of which there are as many as it takes. */
  readInto(target: Uint8Array, offset: number): void;
}

/** The sections the core reads; the position of each is the number the core knows it by. */
export const coreSections = [
  ".debug_info",
  ".debug_types",
  ".debug_abbrev",
  ".debug_line",
  ".debug_str_offsets",
  ".debug_addr",
  ".debug_ranges",
  ".debug_rnglists",
  ".debug_loc",
  ".debug_loclists",
  ".debug_cu_index",
  ".debug_tu_index",
] as const;

/** A section the core reads. */
export type CoreSection = (typeof coreSections)[number];

/** What must be in the core before a question can be answered. */
export const sectionsFor = {
  lines: [".debug_line"],
  units: [".debug_info", ".debug_types", ".debug_abbrev", ".debug_str_offsets", ".debug_addr"],
  ranges: [".debug_ranges", ".debug_rnglists"],
  locations: [".debug_loc", ".debug_loclists"],
  packages: [".debug_cu_index", ".debug_tu_index"],
} as const satisfies Record<string, readonly CoreSection[]>;

/** Sections that split units read of the module, and that their own files do not have. */
const ofModule: readonly string[] = [".debug_addr", ".debug_ranges", ".debug_line", ".debug_line_str"];

/** What a section is called in its file: those of split units (files other than 0) end in `.dwo`. */
export function sectionName(section: string, file: number): string {
  if (file === 0 || ofModule.includes(section) || section.endsWith("_index")) return section;
  return `${section}.dwo`;
}

/** Loads the sections of one file once, by name, and keeps them. */
export class Sections {
  readonly #load: SectionLoader;
  readonly #file: number;
  readonly #loaded = new Map<string, SectionSource | undefined>();
  /** By section and number; the first is the one that was read first. */
  readonly #pages = new Map<string, Uint8Array>();

  constructor(load: SectionLoader, file = 0) {
    this.#load = load;
    this.#file = file;
  }

  /** Whether a section is read from somewhere, and not in memory already. */
  isRead(name: string): boolean {
    const section = this.find(name);
    return section !== undefined && !(section instanceof HeldSection);
  }

  /** A section, or undefined if there is none; in a file of split units none that is the module's. */
  find(name: string): SectionSource | undefined {
    if (this.#file > 0 && ofModule.includes(name)) return undefined;
    if (!this.#loaded.has(name)) {
      const loaded = this.#load(sectionName(name, this.#file));
      this.#loaded.set(name, loaded instanceof Uint8Array ? new HeldSection(loaded) : loaded);
    }
    return this.#loaded.get(name);
  }

  /** Bytes `offset` to `offset + length` of a section, as far as there are such; not to be changed. */
  bytes(name: string, offset: number, length: number): Uint8Array {
    const section = this.find(name);
    const size = Math.max(0, Math.min(length, (section?.length ?? 0) - offset));
    if (!section || size === 0) return new Uint8Array(0);
    if (section instanceof HeldSection) return section.bytes.subarray(offset, offset + size);
    return size <= pageBytes ? this.#fromPages(name, section, offset, size) : readFrom(section, offset, size);
  }

  /** As `bytes`, of what is read once: it is valid until the next piece. */
  piece(name: string, offset: number, length: number): Uint8Array {
    const section = this.find(name);
    const size = Math.max(0, Math.min(length, (section?.length ?? 0) - offset));
    if (!section || section instanceof HeldSection) return this.bytes(name, offset, size);
    if (this.#piece.length < size) this.#piece = new Uint8Array(size);
    const piece = this.#piece.subarray(0, size);
    section.readInto(piece, offset);
    return piece;
  }
  #piece = new Uint8Array(0);

  /** Forgets all bytes. */
  clear(): void {
    this.#loaded.clear();
    this.#pages.clear();
    this.#piece = new Uint8Array(0);
  }

  /** A few bytes of a section that is read from somewhere: strings that are asked for lie together. */
  #fromPages(name: string, section: SectionSource, offset: number, size: number): Uint8Array {
    const first = Math.floor(offset / pageBytes);
    const start = offset - first * pageBytes;
    const page = this.#page(name, section, first);
    if (start + size <= page.length) return page.subarray(start, start + size);
    const bytes = new Uint8Array(size);
    bytes.set(page.subarray(start));
    bytes.set(
      this.#page(name, section, first + 1).subarray(0, start + size - page.length),
      page.length - start,
    );
    return bytes;
  }

  #page(name: string, section: SectionSource, index: number): Uint8Array {
    const key = `${name} ${index}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const offset = index * pageBytes;
    const page = readFrom(section, offset, Math.min(pageBytes, section.length - offset));
    if (this.#pages.size >= mostPages) {
      for (const oldest of this.#pages.keys()) {
        this.#pages.delete(oldest);
        break;
      }
    }
    this.#pages.set(key, page);
    return page;
  }
}

const pageBytes = 1 << 14;
/** Two megabytes. */
const mostPages = 128;

function readFrom(section: SectionSource, offset: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  section.readInto(bytes, offset);
  return bytes;
}

/** A section that is in memory. */
class HeldSection implements SectionSource {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  readInto(target: Uint8Array, offset: number): void {
    target.set(this.bytes.subarray(offset, offset + target.length));
  }
}
