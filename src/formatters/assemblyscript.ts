import type { ManagedObjects } from "../symbols/module-facts.ts";
import type { Formatter, SymbolFrame } from "../symbols/symbol-frame.ts";
import type { BaseType, Member, RecordType, Type } from "../symbols/types/type.ts";
import { readInteger } from "../symbols/values/number.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { bufferClass, findObject, type ManagedObject, stringClass, words } from "./assemblyscript-object.ts";
import { Flag, hashView, keyType, valueType } from "./assemblyscript-types.ts";
import { bytesOf, Unreadable } from "./layout.ts";
import { byteType } from "./rust-layout.ts";
import { contiguousView, stringView } from "./sequence.ts";

/** Formatters of the record types made here. */
const formatters = new WeakMap<RecordType, Formatter>();

/** The formatter of a type that stands for an object of AssemblyScript's runtime. */
export const managedFormatter = (type: RecordType): Formatter | undefined => formatters.get(type);

/**
 * What a variable of Wasm holds in a program of AssemblyScript: an object, where its code uses the variable as a reference and
 * there is an object for sure; else the number, with a remark where there may be one.
 */
export async function refineSlot(
  frame: SymbolFrame,
  value: Value,
  slot: { readonly kind: "local" | "global"; readonly index: number },
): Promise<Value> {
  const { managed } = frame.module.parts.facts;
  if (!managed || value.place.kind !== "value" || value.type.kind !== "base" || value.type.name !== "i32")
    return value;
  const address = readInteger(value.place.bytes, "unsigned");
  const isReference = managed.isReference(frame.context.function, slot.kind, slot.index);
  if (address === 0n) return isReference ? { type: referenceType, place: value.place } : value;
  const object = await findObject(frame, managed, address);
  if (!object) return value;
  if (isReference && object.isProven) return objectValue(managed, object);
  return { ...value, remark: await remarkOn(frame, managed, object) };
}

/** Characters of a string in a remark. */
const longestRemark = 40;

async function remarkOn(frame: SymbolFrame, managed: ManagedObjects, object: ManagedObject): Promise<string> {
  if (object.classId !== stringClass) return `perhaps ${className(managed, object.classId)}`;
  const bytes = await frame.state.readMemory(object.address, Math.min(object.size, longestRemark * 2));
  const text = new TextDecoder("utf-16le").decode(bytes);
  return `perhaps ${JSON.stringify(object.size > longestRemark * 2 ? `${text}…` : text)}`;
}

function objectValue(managed: ManagedObjects, object: ManagedObject): Value {
  return { type: classType(managed, object), place: { kind: "memory", address: object.address } };
}

/** Types of a program's classes, by id. */
const classTypes = new WeakMap<ManagedObjects, Map<number, RecordType>>();

/** Objects of one class are of one size, but for those that have their elements in themselves, which have no members. */
function classType(managed: ManagedObjects, { classId: id, size }: ManagedObject): RecordType {
  let types = classTypes.get(managed);
  if (!types) {
    types = new Map();
    classTypes.set(managed, types);
  }
  let type = types.get(id);
  if (!type) {
    type = record(className(managed, id), size, membersOf(managed, id));
    formatters.set(type, (frame, value) => objectView(frame, value, managed, id));
    types.set(id, type);
  }
  return type;
}

const record = (name: string, sizeBytes: number, members: readonly Member[]): RecordType => ({
  ...{ kind: "record", form: "class", name, keyword: "", sizeBytes, members },
});

/** A class as a user writes it: `Map<String,i32>` for `~lib/map/Map<~lib/string/String,i32>`. */
function className(managed: ManagedObjects, id: number): string {
  const name = managed.nameOf(id)?.replace(/[^<>,|\s]*\//g, "");
  if (name !== undefined) return name;
  const flags = managed.flagsOf(id) ?? 0;
  const element = valueType(flags, referenceType);
  const of = element === undefined ? "" : `<${nameOf(element)}>`;
  if (flags & Flag.array) return `Array${of}`;
  if (flags & Flag.staticArray) return `StaticArray${of}`;
  return `object of class ${id}`;
}

const nameOf = (type: Type): string => ("name" in type ? (type.name ?? "") : "");

function membersOf(managed: ManagedObjects, id: number): readonly Member[] {
  return managed.fieldsOf(id).map(({ name, offset, type, isReference }): Member => {
    const encoding = type.kind;
    const letter = { signed: "i", unsigned: "u", float: "f" }[encoding];
    const plain: BaseType = {
      kind: "base",
      name: `${letter}${type.bytes * 8}`,
      sizeBytes: type.bytes,
      encoding,
    };
    const offsetInBytes = { kind: "bytes", bytes: offset } as const;
    return {
      name,
      kind: "field",
      type: isReference ? referenceType : plain,
      offset: offsetInBytes,
      bits: undefined,
    };
  });
}

/** A reference in memory, to an object of whatever class. */
const referenceType: RecordType = record("reference", 4, []);
formatters.set(referenceType, async (frame, value) => {
  const { managed } = frame.module.parts.facts;
  const address = readInteger(await bytesOf(frame, value), "unsigned");
  if (address === 0n) return { shape: { kind: "text", text: "null" }, isComplete: true };
  const object = managed && (await findObject(frame, managed, address));
  if (!object) throw new Unreadable(`damaged: no object at 0x${address.toString(16).padStart(8, "0")}`);
  const target = objectValue(managed, object);
  return { shape: { kind: "same", value: target }, target, dynamicType: target.type, isComplete: true };
});

async function objectView(
  frame: SymbolFrame,
  { place }: Value,
  managed: ManagedObjects,
  id: number,
): Promise<View | undefined> {
  if (place.kind !== "memory") return undefined;
  const { address } = place;
  const size = (await words(frame, address - 4n, 4))?.[0] ?? 0;
  if (id === stringClass) {
    const view = await stringView(frame, codeUnit, address, BigInt(size >>> 1), "whole");
    return view.shape.kind === "string" ? { ...view, shape: { ...view.shape, literals: "utf-8" } } : view;
  }
  if (id === bufferClass) return contiguousView(frame, byteType, address, BigInt(size));
  const flags = managed.flagsOf(id) ?? 0;
  const value = valueType(flags, referenceType);
  const key = keyType(flags, referenceType);
  if (value && flags & Flag.map && key) return hashView(frame, address, key, value);
  if (value && flags & Flag.set) return hashView(frame, address, value, undefined);
  if (!value) {
    if (managed.fieldsOf(id).length > 0) return undefined;
    return { shape: { kind: "text", text: `{${size} bytes}` }, isComplete: true };
  }
  const stride = sizeOfElement(value);
  if (flags & Flag.staticArray)
    return contiguousView(frame, value, address, BigInt(Math.floor(size / stride)));
  if (!(flags & (Flag.array | Flag.view))) return undefined;
  const [, data = 0, bytes = 0, length = 0] = (await words(frame, address, size >= 16 ? 16 : 12)) ?? [];
  const room = BigInt(Math.floor(bytes / stride));
  return contiguousView(frame, value, BigInt(data), flags & Flag.array ? BigInt(length) : room, room);
}

const sizeOfElement = (type: Type): number => ("sizeBytes" in type ? (type.sizeBytes ?? 1) : 1);

/** Strings are UTF-16. */
const codeUnit: BaseType = { kind: "base", name: "u16", sizeBytes: 2, encoding: "utf" };
