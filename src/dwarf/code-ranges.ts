import type { RangeColumns } from "gimli-wasm";
import { type CodeOffset, toCodeOffset } from "../base/brand.ts";

/** Code addresses `begin` ≤ address < `end`. */
export interface CodeRange {
  readonly begin: CodeOffset;
  readonly end: CodeOffset;
}

/** Rows of gimli-wasm's range columns as ranges. */
export function codeRanges({ begin, end }: RangeColumns): CodeRange[] {
  return Array.from(begin, (first, row) => ({
    begin: toCodeOffset(first),
    end: toCodeOffset(end[row] as number),
  }));
}
