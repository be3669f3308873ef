import type { LibraryFormatters } from "./formatters.ts";

/** Rust's standard library. */
export const rustFormatters: LibraryFormatters = { byName: new Map(), byPattern: [] };
