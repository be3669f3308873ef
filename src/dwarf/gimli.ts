/*
 * gimli-wasm's face for the folders above, which have DWARF from this folder only.
 */
export type { Dwarf, Gimli, NameColumns } from "gimli-wasm";
export { NameFlag, StringSection } from "gimli-wasm";
