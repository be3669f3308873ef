import { ByteCursor } from "../../base/bytes.ts";
import { MalformedError } from "../../base/errors.ts";
import * as dw from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import { readUleb } from "../../dwarf/dwarf-leb128.ts";
import { type BitRange, type Member, type MemberOffset, sizeOf, type Type } from "./type.ts";

const maxMembers = 100_000;

/** The fields and base classes of a record's DIE, in the order declared. Static members and artificial nested types are not among them. */
export function readMembers(record: Die, typeOf: (die: Die) => Type): readonly Member[] {
  const members: Member[] = [];
  for (const die of record.children()) {
    if (members.length >= maxMembers) break;
    if (die.tag !== dw.DW_TAG_member && die.tag !== dw.DW_TAG_inheritance) continue;
    // DWARF 4 marks static members as external declarations; DWARF 5 makes them variables.
    if (die.flag(dw.DW_AT_external) || die.flag(dw.DW_AT_declaration)) continue;
    const member = readMember(die, typeOf(die));
    if (member) members.push(member);
  }
  return members;
}

/** A field or base class as its DIE has it. A member that cannot be read is left out. */
export function readMember(die: Die, type: Type): Member | undefined {
  try {
    const kind = die.tag === dw.DW_TAG_inheritance ? "base" : "field";
    return { name: die.name, kind, type, offset: offsetOf(die), bits: bitsOf(die, type) };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function offsetOf(die: Die): MemberOffset {
  const bytes = die.expression(dw.DW_AT_data_member_location);
  const fixed = bytes ? addedBy(bytes) : Number(die.constant(dw.DW_AT_data_member_location) ?? 0n);
  if (bytes && fixed === undefined) return { kind: "expression", bytes, unit: die.unit };
  return { kind: "bytes", bytes: fixed ?? 0 };
}

/** DWARF 2 has no constants here but an expression that adds one, which is as good as it. */
function addedBy(expression: Uint8Array): number | undefined {
  if (expression[0] !== dw.DW_OP_plus_uconst) return undefined;
  const cursor = new ByteCursor(expression, "location", 1);
  const added = Number(readUleb(cursor));
  return cursor.atEnd ? added : undefined;
}

/**
 * Which bits of the record a bit-field takes.
 *
 * DW_AT_data_bit_offset counts from the record's start. The older DW_AT_bit_offset counts from the most
 * significant bit of a storage unit that starts at the member's byte offset.
 * Source: DWARF 5, "Data Member Entries"; DWARF 3, "Structure Data Member Entries".
 */
function bitsOf(die: Die, type: Type): BitRange | undefined {
  const size = die.constant(dw.DW_AT_bit_size);
  if (size === undefined || size < 0n || size > 128n) return undefined;
  const fromStart = die.constant(dw.DW_AT_data_bit_offset);
  if (fromStart !== undefined) return { offset: Number(fromStart), size: Number(size) };
  const offset = offsetOf(die);
  const start = offset.kind === "bytes" ? offset.bytes * 8 : 0;
  const fromTop = die.signedConstant(dw.DW_AT_bit_offset);
  if (fromTop === undefined) return { offset: start, size: Number(size) };
  const storageBytes = Number(die.constant(dw.DW_AT_byte_size) ?? BigInt(sizeOf(type) ?? 4));
  return { offset: start + storageBytes * 8 - Number(fromTop) - Number(size), size: Number(size) };
}
