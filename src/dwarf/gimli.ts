/*
 * gimli-wasm's face for the folders above, which have DWARF from this folder only.
 */
export type { Dwarf, Gimli, LineColumns, SectionLoader } from "gimli-wasm";
export { LineFlag } from "gimli-wasm";
