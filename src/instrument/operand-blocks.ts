import { NarrowColumn } from "../base/narrow-column.ts";
import type { ValueType } from "../wasm/value-type.ts";
import type { BlockTypes } from "./block-types.ts";
import { OPERAND } from "./call-table.ts";
import type { SiteTable } from "./site-table.ts";
import { VALUE_TYPES } from "./spill-slots.ts";

/**
 * By site: the position of the type, which takes and gives its operands, that its probe's `if` has, plus one; 0 where it
 * has no operands.
 */
export function findOperandBlocks(sites: SiteTable, slotTypes: Uint8Array, types: BlockTypes): NarrowColumn {
  const bySite = new NarrowColumn(sites.count);
  /** Sites share lists of spills: by where the operands are and how many, the position plus one. */
  const known = new Map<number, number>();
  for (let site = 0; site < sites.count; site++) {
    const first = sites.spillStart[site] as number;
    const count = operandCount(sites, site);
    if (count === 0) continue;
    const key = first * MOST_IN_LIST + count;
    const block = known.get(key);
    if (block !== undefined) {
      bySite.set(site, block);
      continue;
    }
    const slots = sites.spillSlot.subarray(first, first + count);
    const operands = Array.from(slots, (slot) => VALUE_TYPES[slotTypes[slot] as number] as ValueType);
    const added = types.add({ params: operands, results: operands }) + 1;
    known.set(key, added);
    bySite.set(site, added);
  }
  return bySite;
}

/** More than are spilled at one site. */
const MOST_IN_LIST = 1 << 16;

/** How many operands are spilled at a site: they are the first of its spills. */
export function operandCount({ spillStart, spillCount, spillLocal }: SiteTable, site: number): number {
  const first = spillStart[site] as number;
  const end = first + (spillCount[site] as number);
  let at = first;
  while (at < end && (spillLocal[at] as number) >= OPERAND) at++;
  return at - first;
}
