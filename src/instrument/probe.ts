import {
  CALL,
  EMPTY_BLOCK_TYPE,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_AND,
  I32_CONST,
  I64X2_EXTRACT_LANE,
  I64X2_REPLACE_LANE,
  I64X2_SPLAT,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  type Opcode,
} from "../wasm/instructions.ts";
import type { AppendedLayout } from "./appended.ts";
import { isReadOnly, SITES_PER_WORD, type SiteTable } from "./site-table.ts";
import { V128_SLOT } from "./spill-slots.ts";

/*
 * The probe of a site: `global.get mask; i32.const bit; i32.and`, then `if; (spill); i32.const site;
 * call $suspend; (reload); end`. It leaves the operand stack as it was, so it may stand before any instruction. Where
 * operands are to be seen the `if` takes them, puts them into locals, and gives them back.
 *
 * Everything here puts bytes into `bytes` from index `at` on and answers the index behind them; there must be room
 * (see `mostProbeBytes`). Writing byte by byte through an object would take most of the time that instrumenting takes
 * in a fresh process, where nothing has been optimised yet.
 */

/** Bytes a probe has at most, by its spills; `vectors` of them are of type v128. An operand counts as two spills, with its part in the type of the `if`. */
export function mostProbeBytes(spills: number, vectors: number): number {
  return 28 + spills * 20 + vectors * 32;
}

/** The part before the `if`. */
export function putCheck(bytes: Uint8Array, at: number, site: number, layout: AppendedLayout): number {
  return putGroupCheck(bytes, at, site, 1, layout);
}

/** The same for `size` sites at once, from `first` on. They have bits of one word. */
export function putGroupCheck(
  bytes: Uint8Array,
  at: number,
  first: number,
  size: number,
  layout: AppendedLayout,
): number {
  const next = putIndexed(bytes, at, GLOBAL_GET, layout.firstMaskGlobal + (first >>> 5));
  const bits = size === SITES_PER_WORD ? -1 : ((1 << size) - 1) << (first & 31);
  const behind = putI32Const(bytes, next, bits);
  bytes[behind] = I32_AND;
  return behind + 1;
}

/** An `if` of a type that was appended, which is counted from 0. */
export function putIf(bytes: Uint8Array, at: number, type: number, layout: AppendedLayout): number {
  bytes[at] = IF;
  return putS32(bytes, at + 1, layout.firstBlockType + type);
}

/** How a probe takes operands off the stack and puts them back. */
export interface ProbeOperands {
  /** Index of a type that takes and gives them, which the probe's `if` has. */
  readonly blockType: number;
  /** A local for each, which are the first of the site's spills. */
  readonly temps: readonly number[];
}

/** The `if` and what is in it. */
export function putSuspension(
  bytes: Uint8Array,
  at: number,
  site: number,
  sites: SiteTable,
  layout: AppendedLayout,
  operands?: ProbeOperands,
): number {
  bytes[at] = IF;
  if (!operands) {
    bytes[at + 1] = EMPTY_BLOCK_TYPE;
    const next = putSuspend(bytes, at + 2, site, site, sites, layout);
    bytes[next] = END;
    return next + 1;
  }
  const { blockType, temps } = operands;
  let next = putS32(bytes, at + 1, blockType);
  for (let above = temps.length - 1; above >= 0; above--)
    next = putIndexed(bytes, next, LOCAL_SET, temps[above] as number);
  next = putSuspend(bytes, next, site, site, sites, layout, temps);
  // From the local an operand comes back as the value it was, which to the optimising compiler is no change.
  for (const temp of temps) next = putIndexed(bytes, next, LOCAL_GET, temp);
  bytes[next] = END;
  return next + 1;
}

/** Spills the locals of a row of a site table, calls `$suspend` with an id, and reloads them. Its first spills are operands that are in `temps`. */
export function putSuspend(
  bytes: Uint8Array,
  at: number,
  id: number,
  site: number,
  sites: SiteTable,
  layout: AppendedLayout,
  temps: readonly number[] = [],
): number {
  const { spillLocal, spillSlot } = sites;
  const first = sites.spillStart[site] as number;
  const last = first + (sites.spillCount[site] as number);
  let next = at;
  for (let spill = first; spill < last; spill++) {
    const local = temps[spill - first] ?? (spillLocal[spill] as number);
    next = putSpill(bytes, next, local, spillSlot[spill] as number, layout);
  }
  next = putI32Const(bytes, next, id);
  next = putIndexed(bytes, next, CALL, layout.suspendFunction);
  if (!isReadOnly(sites, site)) {
    for (let spill = first + (sites.deadCount[site] as number); spill < last; spill++) {
      next = putReload(bytes, next, spillLocal[spill] as number, spillSlot[spill] as number, layout);
    }
  }
  return next;
}

/** Most bytes that `putU32` puts. */
export const MOST_U32_BYTES = 5;

/** An unsigned LEB128 number. */
export function putU32(bytes: Uint8Array, at: number, value: number): number {
  let next = at;
  let rest = value;
  while (rest >= 0x80) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[next] = rest;
  return next + 1;
}

/** `i32.const`. */
export function putI32Const(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = I32_CONST;
  return putS32(bytes, at + 1, value);
}

function putS32(bytes: Uint8Array, at: number, value: number): number {
  let next = at;
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>= 7;
  }
  bytes[next] = rest & 0x7f;
  return next + 1;
}

/** An instruction with one index. */
export function putIndexed(bytes: Uint8Array, at: number, opcode: Opcode, index: number): number {
  bytes[at] = opcode;
  if (index >= 0x80) return putU32(bytes, at + 1, index);
  bytes[at + 1] = index;
  return at + 2;
}

function putSpill(
  bytes: Uint8Array,
  at: number,
  local: number,
  slot: number,
  layout: AppendedLayout,
): number {
  const global = layout.slotGlobals[slot] as number;
  let next = putIndexed(bytes, at, LOCAL_GET, local);
  if (layout.slotTypes[slot] === V128_SLOT) {
    next = putLane(bytes, next, I64X2_EXTRACT_LANE, 0);
    next = putIndexed(bytes, next, GLOBAL_SET, global);
    next = putIndexed(bytes, next, LOCAL_GET, local);
    next = putLane(bytes, next, I64X2_EXTRACT_LANE, 1);
    return putIndexed(bytes, next, GLOBAL_SET, global + 1);
  }
  return putIndexed(bytes, next, GLOBAL_SET, global);
}

function putReload(
  bytes: Uint8Array,
  at: number,
  local: number,
  slot: number,
  layout: AppendedLayout,
): number {
  return putIndexed(bytes, putSlotValue(bytes, at, slot, layout), LOCAL_SET, local);
}

/** Puts what a slot holds on the stack. */
function putSlotValue(bytes: Uint8Array, at: number, slot: number, layout: AppendedLayout): number {
  const global = layout.slotGlobals[slot] as number;
  let next = putIndexed(bytes, at, GLOBAL_GET, global);
  if (layout.slotTypes[slot] === V128_SLOT) {
    next = putPrefixed(bytes, next, I64X2_SPLAT);
    next = putIndexed(bytes, next, GLOBAL_GET, global + 1);
    next = putLane(bytes, next, I64X2_REPLACE_LANE, 1);
  }
  return next;
}

function putLane(bytes: Uint8Array, at: number, opcode: Opcode, lane: number): number {
  const next = putPrefixed(bytes, at, opcode);
  bytes[next] = lane;
  return next + 1;
}

/** An instruction of two parts, without immediates. */
export function putPrefixed(bytes: Uint8Array, at: number, opcode: Opcode): number {
  bytes[at] = opcode >>> 16;
  return putU32(bytes, at + 1, opcode & 0xffff);
}
