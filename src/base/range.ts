import type { ModuleOffset } from "./brand.ts";

/** Bytes `start` to `end` (exclusive) of a module file. */
export interface ModuleRange {
  readonly start: ModuleOffset;
  readonly end: ModuleOffset;
}
