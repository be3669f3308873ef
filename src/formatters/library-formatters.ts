import type { Formatter } from "../symbols/symbol-frame.ts";

/** Formatters of one library: by the exact name of a template, then by what names look like. */
export interface LibraryFormatters {
  /** By the name up to the first `<`, without inline namespaces. */
  readonly byName: ReadonlyMap<string, Formatter>;
  /** Tried in order on the whole name. */
  readonly byPattern: readonly (readonly [RegExp, Formatter])[];
}
