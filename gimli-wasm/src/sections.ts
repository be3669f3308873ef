/**
 * Gives the bytes of a DWARF section by name (".debug_info", ".debug_line_str", …), or undefined when the
 * module has none. Called at most once for each section, and only when it is first needed.
 *
 * The bytes are kept, not copied, for as long as the `Dwarf` is open: do not change them.
 */
export type SectionLoader = (name: string) => Uint8Array | undefined;

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
] as const;

/** A section the core reads. */
export type CoreSection = (typeof coreSections)[number];

/** What must be in the core before a question can be answered. */
export const sectionsFor = {
  lines: [".debug_line"],
  units: [".debug_info", ".debug_types", ".debug_abbrev", ".debug_str_offsets", ".debug_addr"],
  ranges: [".debug_ranges", ".debug_rnglists"],
  locations: [".debug_loc", ".debug_loclists"],
} as const satisfies Record<string, readonly CoreSection[]>;

/** Loads sections once, by name, and keeps them. */
export class Sections {
  readonly #load: SectionLoader;
  readonly #loaded = new Map<string, Uint8Array | undefined>();

  constructor(load: SectionLoader) {
    this.#load = load;
  }

  /** The bytes of a section, or undefined if there is none. */
  find(name: string): Uint8Array | undefined {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#load(name));
    return this.#loaded.get(name);
  }

  /** Forgets all bytes. */
  clear(): void {
    this.#loaded.clear();
  }
}
