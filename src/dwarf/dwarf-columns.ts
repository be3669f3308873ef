import type { Dwarf } from "gimli-wasm";

/** What is used of gimli-wasm's `Dwarf`. */
export type DwarfColumns = Pick<
  Dwarf,
  | "units"
  | "unitRanges"
  | "claims"
  | "dies"
  | "names"
  | "stringOffsets"
  | "slots"
  | "ranges"
  | "locationList"
  | "address"
  | "string"
  | "bytes"
  | "unitAt"
  | "sectionLength"
> &
  Partial<Pick<Dwarf, "addSplit" | "close">>;
