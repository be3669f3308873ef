import type { ValueType } from "../wasm/value-type.ts";
import { OPERAND } from "./call-table.ts";
import type { SiteTable } from "./site-table.ts";
import { VALUE_TYPES } from "./spill-slots.ts";

/** What the probes of sites with operands take and give: the types that are appended for their `if`s. */
export interface OperandBlocks {
  /** Params and results of each type, bottom first. */
  readonly types: readonly (readonly ValueType[])[];
  /** By site: its type's position in `types` plus one; 0 where it has no operands. */
  readonly bySite: Uint32Array;
}

/** Finds them, each once. */
export function findOperandBlocks(sites: SiteTable, slotTypes: Uint8Array): OperandBlocks {
  const bySite = new Uint32Array(sites.count);
  const types: ValueType[][] = [];
  const known = new Map<string, number>();
  for (let site = 0; site < sites.count; site++) {
    const first = sites.spillStart[site] as number;
    const count = operandCount(sites, site);
    if (count === 0) continue;
    const slots = Array.from(
      sites.spillSlot.subarray(first, first + count),
      (slot) => slotTypes[slot] as number,
    );
    const key = slots.join();
    let position = known.get(key);
    if (position === undefined) {
      position = types.push(slots.map((type) => VALUE_TYPES[type] as ValueType));
      known.set(key, position);
    }
    bySite[site] = position;
  }
  return { types, bySite };
}

/** How many operands are spilled at a site: they are the first of its spills. */
export function operandCount({ spillStart, spillLocal }: SiteTable, site: number): number {
  const first = spillStart[site] as number;
  const end = spillStart[site + 1] as number;
  let at = first;
  while (at < end && (spillLocal[at] as number) >= OPERAND) at++;
  return at - first;
}
