/*
 * gimli-wasm's face for the folders above, which have DWARF from this folder only.
 */
export type { Dwarf, Gimli } from "gimli-wasm";
