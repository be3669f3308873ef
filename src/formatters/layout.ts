import { unavailable } from "../base/unavailable.ts";
import type { Formatter, SymbolFrame } from "../symbols/symbol-frame.ts";
import { baseText } from "../symbols/text/scalar-text.ts";
import { type PointerType, plainType, type RecordType, sizeOf, type Type } from "../symbols/types/type.ts";
import { readScalar, toInteger } from "../symbols/values/convert.ts";
import { findField } from "../symbols/values/fields.ts";
import { integerBytes, readInteger } from "../symbols/values/number.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";

/** A type is not laid out as the formatter for it expects: it is shown by its fields. */
export class LayoutMismatch extends Error {}

/** What a formatter needs cannot be had, or cannot be true: the message is the reason, for the user. */
export class Unreadable extends Error {}

/** A formatter out of a function that throws `LayoutMismatch` and `Unreadable`. */
export function formatter(make: Formatter): Formatter {
  return async (frame, value) => {
    try {
      return await make(frame, value);
    } catch (error) {
      if (error instanceof LayoutMismatch) return undefined;
      if (error instanceof Unreadable) return { shape: { kind: "damaged", reason: error.message } };
      throw error;
    }
  };
}

/** The names a member has had, the newest first. */
export type Names = string | readonly string[];

/**
 * A member, found by any of its names in a record or its base classes, down a path of them.
 *
 * libc++'s pairs of a value and something empty (`__compressed_pair`) are looked through.
 * @throws {LayoutMismatch} where there is none.
 */
export async function member(frame: SymbolFrame, value: Value, ...path: readonly Names[]): Promise<Value> {
  const found = await findMember(frame, value, ...path);
  if (!found) throw new LayoutMismatch(path.join("."));
  return found;
}

/** As `member`; `undefined` where there is none. */
export async function findMember(
  frame: SymbolFrame,
  value: Value,
  ...path: readonly Names[]
): Promise<Value | undefined> {
  let at = value;
  for (const names of path) {
    const next = await direct(frame, at, typeof names === "string" ? [names] : names);
    if (!next) return undefined;
    at = next;
  }
  return at;
}

async function direct(
  frame: SymbolFrame,
  value: Value,
  names: readonly string[],
): Promise<Value | undefined> {
  const type = plainType(value.type);
  if (type.kind !== "record") return undefined;
  for (const name of names) {
    const path = findField(type, name);
    if (!path) continue;
    let at = value;
    for (const field of path) at = await frame.fieldOf(at, field);
    const inner = plainType(at.type);
    const isPair = inner.kind === "record" && /(^|::)__compressed_pair</.test(inner.name ?? "");
    return isPair ? ((await direct(frame, at, ["__value_"])) ?? at) : at;
  }
  return undefined;
}

/** The integer in a scalar. @throws {Unreadable} @throws {LayoutMismatch} for what is no scalar. */
export async function integer(frame: SymbolFrame, value: Value): Promise<bigint> {
  const scalar = readScalar(value.type, await bytesOf(frame, value));
  if (!scalar) throw new LayoutMismatch("no number");
  return toInteger(scalar);
}

/** The number in a value of a base type, as it is shown by itself. @throws {Unreadable} @throws {LayoutMismatch} */
export async function numberText(frame: SymbolFrame, value: Value): Promise<string> {
  const plain = plainType(value.type);
  if (plain.kind !== "base") throw new LayoutMismatch("no number");
  return baseText(plain, await bytesOf(frame, value), "decimal");
}

/** All bytes of a value. @throws {Unreadable} */
export async function bytesOf(frame: SymbolFrame, value: Value): Promise<Uint8Array> {
  const bytes = await frame.read(value);
  if (!(bytes instanceof Uint8Array)) throw new Unreadable(bytes.reason);
  return bytes;
}

export interface Pointer {
  readonly address: bigint;
  readonly target: Type;
}

/** Where a pointer leads, through the records that Rust wraps pointers in. @throws {Unreadable} @throws {LayoutMismatch} */
export async function pointer(frame: SymbolFrame, value: Value): Promise<Pointer> {
  let at = value;
  for (let steps = 0; steps < 8; steps++) {
    const type = plainType(at.type);
    if (type.kind === "pointer")
      return {
        address: readInteger(await bytesOf(frame, at), "unsigned"),
        target: type.target,
      };
    at = await member(frame, at, ["pointer", "ptr", "__0"]);
  }
  throw new LayoutMismatch("no pointer");
}

/** The value of a type at an address. */
export function valueAt(type: Type, address: bigint): Value {
  return { type, place: address === 0n ? unavailable("null pointer") : { kind: "memory", address } };
}

/** A value that is a pointer to `target`. */
export function pointerValue(frame: SymbolFrame, target: Type, address: bigint): Value {
  const type: PointerType = frame.types.pointerTo(target);
  return computedValue(type, integerBytes(address, type.sizeBytes));
}

/** A pointer in memory. @throws {Unreadable} where memory ends. */
export async function addressAt(frame: SymbolFrame, address: bigint): Promise<bigint> {
  const size = addressSize(frame);
  const bytes = await frame.state.readMemory(address, size);
  if (bytes.length < size) throw new Unreadable(frame.state.whyShort);
  return readInteger(bytes, "unsigned");
}

/** Bytes of an address: 4 or 8. */
export function addressSize(frame: SymbolFrame): number {
  return frame.types.unsignedLong.sizeBytes;
}

/** Where a value is in memory. @throws {LayoutMismatch} for one that is elsewhere. */
export function addressOf({ place }: Value): bigint {
  if (place.kind !== "memory") throw new LayoutMismatch("not in memory");
  return place.address;
}

/** The type at a position of a template's or generic's arguments. @throws {LayoutMismatch} */
export function typeArgument(type: Type, index: number): Type {
  const found = recordOf(type).typeArguments?.[index];
  if (!found) throw new LayoutMismatch("no type argument");
  return found.type;
}

/** @throws {LayoutMismatch} for what is no record. */
export function recordOf(type: Type): RecordType {
  const plain = plainType(type);
  if (plain.kind !== "record") throw new LayoutMismatch("no record");
  return plain;
}

/** Bytes a type's values take. @throws {LayoutMismatch} where that is unknown. */
export function sizeOfType(type: Type): number {
  const size = sizeOf(type);
  if (size === undefined) throw new LayoutMismatch("unknown size");
  return size;
}

/** Bytes a type's values are aligned to: as the debug info says it, else as the parts of the type need. */
export function alignmentOf(type: Type, depth = 0): number {
  const plain = plainType(type);
  if (depth > 16) return 1;
  switch (plain.kind) {
    case "array":
      return alignmentOf(plain.element, depth + 1);
    case "record": {
      if (plain.alignment !== undefined) return plain.alignment;
      return Math.max(1, ...plain.members.slice(0, 1000).map((one) => alignmentOf(one.type, depth + 1)));
    }
    case "base":
    case "enumeration":
    case "pointer":
      return Math.min(16, Math.max(1, plain.sizeBytes));
    default:
      return 4;
  }
}

/** The next multiple of `alignment` from `offset` on. */
export function aligned(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** Bytes of memory 0. */
export async function memorySize(frame: SymbolFrame): Promise<bigint> {
  return (await frame.state.memorySizes())[0] ?? 0n;
}

/** The view of what stands for another value. */
export function sameAs(value: Value): View {
  return { shape: { kind: "same", value }, target: value };
}

/** The view of a pointer a library wraps. */
export function pointerView(frame: SymbolFrame, { address, target }: Pointer, facts = ""): View {
  return {
    shape: { kind: "pointer", pointer: pointerValue(frame, target, address), facts },
    target: valueAt(target, address),
  };
}
