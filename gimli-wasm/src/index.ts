/** The gimli DWARF library compiled to WebAssembly: bytes in, flat columns out. */
export * from "./columns.ts";
