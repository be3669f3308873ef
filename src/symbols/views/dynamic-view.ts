import type { Awaitable } from "../../base/awaitable.ts";
import * as dw from "../../dwarf/constants.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, type RecordType, type Type } from "../types/type.ts";
import { type Field, recordFields } from "../values/fields.ts";
import { readInteger } from "../values/number.ts";
import type { Value } from "../values/value.ts";
import { readTypeInfoName } from "./type-info-name.ts";
import type { View } from "./view.ts";

/** Longest name read of a type's description in memory, in bytes. */
const maxName = 1024;
/** Farthest an object's start may lie before a base class of it, in bytes. */
const maxOffset = 1n << 24n;

/**
 * A polymorphic C++ object as what it really is, where that is more than its type says.
 *
 * Before the functions of a table stand the way from this part to the object's start and its `type_info`,
 * which knows the type's name. Without them, or when they make no sense, the object is what it is declared to be.
 * Source: Itanium C++ ABI, "Virtual Table Layout" and "Run-Time Type Information (RTTI)".
 */
export function dynamicView(frame: SymbolFrame, value: Value, type: RecordType): Awaitable<View | undefined> {
  const path = value.isBasePart ? undefined : tablePath(type);
  return path && value.place.kind === "memory" ? viewByTable(frame, value, type, path) : undefined;
}

async function viewByTable(
  frame: SymbolFrame,
  value: Value,
  type: RecordType,
  path: readonly Field[],
): Promise<View | undefined> {
  const table = await pointerAt(frame, await followed(frame, value, path));
  const found = table === undefined ? undefined : await describedBy(frame, table);
  if (!found) return undefined;
  const { name, offset } = found;
  const dynamic = findRecord(frame, name);
  if (!dynamic || dynamic === type || !isBaseOf(type, dynamic)) return undefined;
  const own = path.length > 1 ? await followed(frame, value, path.slice(0, -1)) : value;
  if (own.place.kind !== "memory") return undefined;
  const address = own.place.address + offset;
  return {
    shape: { kind: "same", value: { type: dynamic, place: { kind: "memory", address } } },
    isComplete: true,
    dynamicType: dynamic,
  };
}

/**
 * The qualified name of the class that a polymorphic object in memory is of, whether or not the debug info has it. The
 * pointer to its table is the first of it, as in all classes without virtual bases.
 */
export async function dynamicClassName(frame: SymbolFrame, address: bigint): Promise<string | undefined> {
  const size = frame.types.unsignedLong.sizeBytes;
  const bytes = await frame.state.readMemory(address, size);
  if (address === 0n || bytes.length < size) return undefined;
  return (await describedBy(frame, readInteger(bytes, "unsigned")))?.name;
}

/** Whether objects of a class may be more than its type says. */
export function isPolymorphic(type: RecordType): boolean {
  return tablePath(type) !== undefined;
}

const tables = new WeakMap<RecordType, { readonly path: readonly Field[] | undefined }>();

/** The fields that lead to the pointer to a record's table of virtual functions; `undefined` without one. */
function tablePath(type: RecordType): readonly Field[] | undefined {
  let known = tables.get(type);
  if (!known) {
    known = { path: findTable(type, new Set()) };
    tables.set(type, known);
  }
  return known.path;
}

function findTable(type: RecordType, visited: Set<RecordType>): readonly Field[] | undefined {
  visited.add(type);
  const fields = recordFields(type);
  const own = fields.find(({ name, kind }) => kind === "field" && name.startsWith("_vptr"));
  if (own) return [own];
  for (const field of fields) {
    const base = field.kind === "base" ? plainType(field.type) : undefined;
    if (base?.kind !== "record" || visited.has(base)) continue;
    const path = findTable(base, visited);
    if (path) return [field, ...path];
  }
  return undefined;
}

async function followed(frame: SymbolFrame, value: Value, path: readonly Field[]): Promise<Value> {
  let part = value;
  for (const field of path) part = await frame.fieldOf(part, field);
  return part;
}

async function pointerAt(frame: SymbolFrame, value: Value): Promise<bigint | undefined> {
  const bytes = await frame.read(value);
  return bytes instanceof Uint8Array ? readInteger(bytes, "unsigned") : undefined;
}

/** What the two words before a table's first function say. */
async function describedBy(
  frame: SymbolFrame,
  table: bigint,
): Promise<{ readonly name: string; readonly offset: bigint } | undefined> {
  const size = frame.types.unsignedLong.sizeBytes;
  const before = await frame.state.readMemory(table - BigInt(2 * size), 2 * size);
  if (before.length < 2 * size) return undefined;
  const offset = readInteger(before.subarray(0, size), "signed");
  if (offset > 0n || offset < -maxOffset) return undefined;
  const info = readInteger(before.subarray(size), "unsigned");
  if (info === 0n) return undefined;
  const described = await frame.state.readMemory(info + BigInt(size), size);
  if (described.length < size) return undefined;
  const mangled = await frame.state.readMemory(readInteger(described, "unsigned"), maxName);
  const name = readTypeInfoName(mangled);
  return name === undefined ? undefined : { name, offset };
}

function findRecord(frame: SymbolFrame, name: string): RecordType | undefined {
  for (const die of frame.module.names?.find("type", name) ?? []) {
    if (die.flag(dw.DW_AT_declaration)) continue;
    const type = frame.module.types.fromDie(die);
    if (type.kind === "record" && isNamed(type, name)) return type;
  }
  return undefined;
}

function isNamed({ name }: RecordType, wanted: string): boolean {
  return name === wanted;
}

/** Whether a record is a base class of another; one of the same name counts, since units repeat types. */
function isBaseOf(base: RecordType, derived: Type, depth = 0): boolean {
  const plain = plainType(derived);
  if (plain.kind !== "record" || depth > 32) return false;
  return plain.members.some((member) => {
    if (member.kind !== "base") return false;
    const type = plainType(member.type);
    return (
      type === base || (type.kind === "record" && type.name === base.name) || isBaseOf(base, type, depth + 1)
    );
  });
}
