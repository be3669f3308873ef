import { ByteCursor } from "../../base/bytes.ts";
import { MalformedError } from "../../base/errors.ts";
import * as dw from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import { readUleb } from "../../dwarf/dwarf-leb128.ts";
import { qualifiedName } from "../../dwarf/qualified-name.ts";
import { plainType, type RecordType, sizeOf } from "./type.ts";

/** The virtual functions that a class declares, by their places in its table, from 0. Those that it inherits are not among them. */
export function readVirtualFunctions(record: Die): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const die of record.children()) {
    if (die.tag !== dw.DW_TAG_subprogram) continue;
    const slot = slotOf(die);
    const name = slot === undefined ? undefined : qualifiedName(die);
    // A destructor has two places and one name; the second place has nobody else's.
    if (slot !== undefined && name !== undefined && !found.has(slot)) found.set(slot, name);
  }
  return found;
}

function slotOf(die: Die): number | undefined {
  try {
    const bytes = die.expression(dw.DW_AT_vtable_elem_location);
    if (bytes?.[0] !== dw.DW_OP_constu) return undefined;
    return Number(readUleb(new ByteCursor(bytes, "location", 1)));
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

const maxDepth = 32;

/**
 * The name of the function at a place of the table that the part of a class at `offset` has; that of the class it is
 * first declared in where the class itself has not overridden it.
 *
 * A class shares the table of its first base that has one. A function it overrides has a place in that table or in a
 * base's own, so for a part further in only what that base declares counts.
 */
export function findVirtualFunction(
  record: RecordType,
  slot: number,
  offset: number,
  depth = 0,
): string | undefined {
  if (depth > maxDepth) return undefined;
  const own = offset === 0 ? record.virtualFunctions?.get(slot) : undefined;
  if (own !== undefined) return own;
  for (const member of record.members) {
    const base = member.kind === "base" ? plainType(member.type) : undefined;
    if (base?.kind !== "record" || member.offset.kind !== "bytes") continue;
    const within = offset - member.offset.bytes;
    if (within < 0 || within >= Math.max(1, sizeOf(base) ?? 0)) continue;
    const found = findVirtualFunction(base, slot, within, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
