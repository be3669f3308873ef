/** The gimli DWARF library compiled to WebAssembly: bytes in, flat columns out. */
export * from "./columns.ts";
export { Dwarf } from "./dwarf.ts";
export { DwarfError } from "./error.ts";
export { Gimli } from "./gimli.ts";
export type { SectionLoader, SectionSource } from "./sections.ts";
