import {
  type BitRange,
  type Member,
  type MemberOffset,
  plainType,
  type RecordType,
  sizeOf,
  type Type,
} from "../types/type.ts";
import { placeWithin } from "./place.ts";
import type { Value } from "./value.ts";

/** A member as a user counts them: those of anonymous structs and unions are the outer record's own. */
export interface Field {
  readonly name: string;
  readonly kind: Member["kind"];
  readonly type: Type;
  readonly offset: MemberOffset;
  readonly bits: BitRange | undefined;
}

const maxDepth = 16;
/** Members looked at for one record: malformed debug info can nest a record in itself many times over. */
const maxVisited = 200_000;
const fieldsOf = new WeakMap<RecordType, readonly Field[]>();

/** All fields of a record, base classes first. Kept with the type. */
export function recordFields(record: RecordType): readonly Field[] {
  const known = fieldsOf.get(record);
  if (known) return known;
  const fields: Field[] = [];
  flatten(record, { start: 0, depth: 0 }, fields, { left: maxVisited });
  fieldsOf.set(record, fields);
  return fields;
}

function flatten(
  record: RecordType,
  { start, depth }: { readonly start: number; readonly depth: number },
  into: Field[],
  visits: { left: number },
): void {
  for (const member of record.members) {
    if (--visits.left < 0) return;
    const { type, kind, offset, bits } = member;
    const moved = bits && { offset: bits.offset + start * 8, size: bits.size };
    const field = { kind, type, bits: moved, offset: movedOffset(offset, start) };
    const plain = plainType(type);
    if (member.name !== undefined) into.push({ ...field, name: member.name });
    else if (kind === "base")
      into.push({ ...field, name: (plain.kind === "record" && plain.name) || "base" });
    // An unnamed bit-field is padding.
    else if (!bits && plain.kind === "record" && offset.kind === "bytes" && depth < maxDepth) {
      flatten(plain, { start: start + offset.bytes, depth: depth + 1 }, into, visits);
    }
  }
}

function movedOffset(offset: MemberOffset, start: number): MemberOffset {
  return offset.kind === "bytes" ? { kind: "bytes", bytes: offset.bytes + start } : offset;
}

/** The value of a field whose offset is plain bytes, within a record. */
export function fieldValue(record: Value, field: Field, offsetBytes: number): Value {
  if (field.bits) return { type: field.type, place: record.place, bits: field.bits };
  const place = placeWithin(record.place, offsetBytes, sizeOf(field.type) ?? 0);
  return { type: field.type, place, ...(field.kind === "base" && { isBasePart: true }) };
}

/** Fields that lead to a name: the record's own field, or base classes and then a field of the last. */
export function findField(
  record: RecordType,
  name: string,
  visited: Set<RecordType> = new Set(),
): readonly Field[] | undefined {
  visited.add(record);
  const fields = recordFields(record);
  const own = fields.find((field) => field.name === name && field.kind === "field");
  if (own) return [own];
  for (const field of fields) {
    const base = field.kind === "base" ? plainType(field.type) : undefined;
    if (base?.kind !== "record" || visited.has(base)) continue;
    const path = findField(base, name, visited);
    if (path) return [field, ...path];
  }
  return undefined;
}
