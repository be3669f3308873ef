import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";

/**
 * Where each place of an instrumented module's code was in the original.
 *
 * One entry per function body and one per probe, rising: `inserted[i]` bytes stand at `instrumented[i]` that
 * the original does not have; what follows them was at `original[i]`.
 * Plain data: it can be posted to another thread.
 */
export interface OffsetMap {
  readonly instrumented: Uint32Array;
  readonly original: Uint32Array;
  readonly inserted: Uint32Array;
  /** Of the first byte behind the last body of the original, in the instrumented module: what follows was appended. */
  readonly end: number;
}

/**
 * The original offset of an offset that the engine reports.
 *
 * Offsets within a probe belong to the instruction it precedes. `undefined` before the first function body and
 * in appended functions. Between bodies, where their sizes lie, the answer means nothing.
 */
export function originalOffset(map: OffsetMap, instrumented: number): ModuleOffset | undefined {
  if (instrumented >= map.end) return undefined;
  let low = 0;
  let high = map.instrumented.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((map.instrumented[middle] as number) <= instrumented) low = middle + 1;
    else high = middle;
  }
  const entry = low - 1;
  if (entry < 0) return undefined;
  const into = instrumented - (map.instrumented[entry] as number) - (map.inserted[entry] as number);
  return toModuleOffset((map.original[entry] as number) + Math.max(into, 0));
}
