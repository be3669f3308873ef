import type { SymbolFrame } from "../symbol-frame.ts";
import {
  type ArrayType,
  isCharacter,
  isWide,
  type PlainType,
  type PointerType,
  plainType,
  type RecordType,
  sizeOf,
  strideOf,
  type Type,
} from "../types/type.ts";
import { typeName } from "../types/type-name.ts";
import { findVirtualFunction } from "../types/virtual-functions.ts";
import { type Field, recordFields } from "../values/fields.ts";
import { readInteger } from "../values/number.ts";
import { placeWithin } from "../values/place.ts";
import { computedValue, readValue, type Value } from "../values/value.ts";
import { dynamicView } from "../views/dynamic-view.ts";
import type { Parts, StringShape, View } from "../views/view.ts";
import { viewOf } from "../views/view-of.ts";
import { countedText, maxStringLength, stringText } from "./char-text.ts";
import { addressText, baseText, enumerationText, type IntegerFormat } from "./scalar-text.ts";

/** A value as one line. `unavailable` says why there is none; `text` then has it in angle brackets. */
export interface ValueText {
  readonly text: string;
  readonly unavailable?: string;
}

/** Characters after which a summary of many parts breaks off with `…`. */
const maxWidth = 120;
/** Levels of parts within parts that a summary opens. */
const maxNesting = 3;

/** Characters of a string within a summary that are shown even where there is no more room. */
const leastStringLength = 16;

/** How a value is to be written: within `nesting` others, in about `width` characters. */
interface Room {
  readonly format: IntegerFormat;
  readonly nesting: number;
  readonly width: number;
  /** Values looked through on the way here, however they hang together. */
  readonly depth: number;
}

/** Characters of a base class's name that a summary shows. */
const longestBaseName = 32;

/** Values looked through before a chain of them is taken for endless. */
const maxDepth = 40;

/**
 * A value as one line, in the manner of LLDB: `42`, `97 'a'`, `0x00001234 "text"`, `{x = 1, y = 2}`.
 *
 * What cannot be read is part of the text; rejects only as the target does. Reads no more than it shows.
 */
export async function valueText(
  frame: SymbolFrame,
  value: Value,
  format: IntegerFormat,
  view?: View,
): Promise<ValueText> {
  const room: Room = { format, nesting: 0, width: maxWidth, depth: 0 };
  return view ? viewText(frame, view, room) : textOf(frame, value, room);
}

/** A key as it stands between brackets: `1`, `"a"`. */
export async function keyText(frame: SymbolFrame, key: Value): Promise<string> {
  return (await textOf(frame, key, { format: "decimal", nesting: 2, width: maxWidth, depth: 0 })).text;
}

/** Text for a reason there is no value. */
export function unavailableText(reason: string): ValueText {
  return { text: `<${reason}>`, unavailable: reason };
}

async function textOf(frame: SymbolFrame, value: Value, within: Room): Promise<ValueText> {
  const { place } = value;
  if (within.depth > maxDepth) return { text: "…" };
  const room = { ...within, depth: within.depth + 1 };
  if (place.kind === "unavailable") return unavailableText(place.reason);
  const plain = plainType(value.type);
  // Of what lies wholly outside memory, one reason says more than one for each part.
  if (place.kind === "memory" && (plain.kind === "array" || plain.kind === "record") && sizeOf(plain) !== 0) {
    const first = await frame.state.readMemory(place.address, 1);
    if (first.length === 0) return unavailableText(frame.state.whyShort);
  }
  const view = plain.kind === "record" ? await viewOf(frame, value) : undefined;
  if (view) return viewText(frame, view, room);
  switch (plain.kind) {
    case "array":
      return arrayText(frame, value, plain, room);
    case "record":
      return recordText(frame, value, plain, room);
    case "void":
      return { text: /\bnullptr/.test(plain.name) ? "nullptr" : "void" };
    case "function":
      return functionText(frame, value, room);
    case "broken":
      return unavailableText(plain.reason);
    case "member-pointer":
      return memberPointerText(frame, value, plain);
    case "base":
    case "enumeration":
    case "pointer": {
      const bytes = await readValue(value, frame.state);
      if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
      if (plain.kind === "base") return { text: baseText(plain, bytes, room.format, value.bits?.size) };
      if (plain.kind === "enumeration")
        return { text: enumerationText(plain, bytes, room.format, value.bits?.size) };
      return pointerText(frame, plain, readInteger(bytes, "unsigned"), room);
    }
  }
}

async function pointerText(
  frame: SymbolFrame,
  type: PointerType,
  address: bigint,
  room: Room,
): Promise<ValueText> {
  const digits = addressText(address, type.sizeBytes, room.format);
  const number = type.sigil === "*" ? `${digits}${await dynamicName(frame, type, address)}` : digits;
  if (type.sigil !== "*") {
    const target: Value = { type: type.target, place: { kind: "memory", address } };
    if (room.nesting > maxNesting) return { text: number };
    return textOf(frame, target, { ...room, nesting: room.nesting + 1 });
  }
  if (address === 0n) return { text: number };
  const target = plainType(type.target);
  if (target.kind === "function") {
    const func = await frame.state.tableEntry(Number(address));
    const name = func === undefined ? undefined : frame.module.parts.facts.functionName(func);
    return { text: name === undefined ? number : `${number} (${name})` };
  }
  if (!isCharacter(target) || !showsText(room.format)) return { text: number };
  const bytes = await frame.state.readMemory(address, (maxStringLength + 1) * target.sizeBytes);
  if (bytes.length < target.sizeBytes) return { text: `${number} <${frame.state.whyShort}>` };
  if (!isText(bytes, target)) return { text: number };
  const text = stringText(bytes, target.sizeBytes, stringLimit(room));
  // Within a summary the text matters more than where it is.
  return { text: room.nesting > 0 ? text : `${number} ${text}` };
}

/** A function, which a reference refers to by its index in the table, as a pointer to it is shown. */
async function functionText(frame: SymbolFrame, { type, place }: Value, room: Room): Promise<ValueText> {
  if (place.kind !== "memory") return unavailableText("a function");
  return pointerText(frame, frame.types.pointerTo(type), place.address, room);
}

async function arrayText(frame: SymbolFrame, value: Value, type: ArrayType, room: Room): Promise<ValueText> {
  const element = plainType(type.element);
  const stride = strideOf(type);
  if (isCharacter(element) && stride === element.sizeBytes && showsText(room.format)) {
    const text = await charactersText(frame, value, type.count, element, room);
    if (text) return text;
  }
  if (type.count === undefined || stride === undefined) return { text: "{…}" };
  const { count } = type;
  return partsText(room, count, "{}", async (index, inner) => {
    const part: Value = { type: type.element, place: placeWithin(value.place, index * stride, stride) };
    return { text: (await elementText(frame, part, element, inner)).text };
  });
}

/** Whether text is shown as such, rather than as the numbers it is made of. */
export const showsText = (format: IntegerFormat): boolean => format === "decimal" || format === "hexadecimal";

/** Bytes in a list are numbers: their characters would only be in the way. */
async function elementText(frame: SymbolFrame, part: Value, type: PlainType, room: Room): Promise<ValueText> {
  if (!isCharacter(type) || isWide(type) || room.format === "character") {
    return textOf(frame, part, room);
  }
  const bytes = await readValue(part, frame.state);
  if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
  const asInteger: Type = { ...type, encoding: type.encoding === "signed-char" ? "signed" : "unsigned" };
  return textOf(frame, computedValue(asInteger, bytes), room);
}

/** Text of a character array; `undefined` where its bytes are no text and are better shown one by one. */
async function charactersText(
  frame: SymbolFrame,
  value: Value,
  count: number | undefined,
  element: Extract<PlainType, { kind: "base" }>,
  room: Room,
): Promise<ValueText | undefined> {
  const shown = Math.min(count ?? maxStringLength + 1, maxStringLength + 1) * element.sizeBytes;
  if (value.place.kind === "memory") {
    const bytes = await frame.state.readMemory(value.place.address, shown);
    if (bytes.length < shown && count !== undefined) return unavailableText(frame.state.whyShort);
    return isText(bytes, element)
      ? { text: stringText(bytes, element.sizeBytes, stringLimit(room)) }
      : undefined;
  }
  const type: Type = { kind: "array", element, count: shown / element.sizeBytes, strideBytes: undefined };
  const bytes = await readValue({ type, place: value.place }, frame.state);
  if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
  return isText(bytes, element)
    ? { text: stringText(bytes, element.sizeBytes, stringLimit(room)) }
    : undefined;
}

async function recordText(
  frame: SymbolFrame,
  value: Value,
  type: RecordType,
  room: Room,
): Promise<ValueText> {
  if (type.sizeBytes === undefined) return unavailableText("its type is incomplete");
  const fields = recordFields(type);
  return partsText(room, fields.length, "{}", async (index, inner) => {
    const field = fields[index];
    if (!field) return { text: "" };
    const { text } = await textOf(frame, await frame.fieldOf(value, field), inner);
    return { text: `${field.kind === "base" ? briefTypeName(field.name) : field.name} = ${text}` };
  });
}

/** The name of a base class within a summary, which its template arguments would fill. */
function briefTypeName(name: string): string {
  const end = name.indexOf("<");
  return end < 0 || name.length <= longestBaseName ? name : `${name.slice(0, end)}<…>`;
}

/** A value by its view. */
async function viewText(frame: SymbolFrame, { shape }: View, room: Room): Promise<ValueText> {
  switch (shape.kind) {
    case "same":
      return textOf(frame, shape.value, room);
    case "text":
      return { text: shape.text };
    case "damaged":
      return unavailableText(shape.reason);
    case "string":
      return stringShapeText(frame, shape, room);
    case "pointer": {
      const { text, unavailable } = await textOf(frame, shape.pointer, room);
      return unavailable === undefined && shape.facts
        ? { text: `${text} ${shape.facts}` }
        : { text, ...(unavailable !== undefined && { unavailable }) };
    }
    case "parts": {
      const { open, close, parts } = shape;
      return partsText(room, parts.count, [open, close], (index, inner) =>
        partText(frame, parts, index, inner),
      );
    }
  }
}

async function partText(
  frame: SymbolFrame,
  parts: Parts,
  index: number,
  room: Room,
): Promise<{ readonly text: string } | undefined> {
  const part = await parts.at(index);
  if (!part) return undefined;
  switch (part.kind) {
    case "target":
      return textOf(frame, part.value, room);
    case "element":
      return elementText(frame, part.value, plainType(part.value.type), room);
    case "field": {
      const { text } = await textOf(frame, part.value, room);
      return { text: part.isPositional ? text : `${part.name} = ${text}` };
    }
    case "entry": {
      const key = await textOf(frame, part.key, room);
      return { text: `[${key.text}] = ${(await textOf(frame, part.value, room)).text}` };
    }
  }
}

async function stringShapeText(
  frame: SymbolFrame,
  { place, unit, count }: StringShape,
  room: Room,
): Promise<ValueText> {
  const limit = stringLimit(room);
  // One unit more than shown tells that there are more; a character may take several.
  const shown = Math.min(count, (limit + 1) * Math.max(1, 4 / unit.sizeBytes));
  const type: Type = { kind: "array", element: unit, count: shown, strideBytes: undefined };
  const bytes = await readValue({ type, place }, frame.state);
  if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
  return { text: countedText(bytes, unit.sizeBytes, limit) };
}

/** ` (Circle)` for a pointer to an object that is more than the pointer's type says. */
async function dynamicName(frame: SymbolFrame, type: PointerType, address: bigint): Promise<string> {
  const target = plainType(type.target);
  if (address === 0n || target.kind !== "record") return "";
  const view = await dynamicView(frame, { type: target, place: { kind: "memory", address } }, target);
  return view?.dynamicType ? ` (${typeName(view.dynamicType)})` : "";
}

/** A pointer to a member function as the function it names, one to a data member as the member. */
async function memberPointerText(
  frame: SymbolFrame,
  value: Value,
  type: Extract<PlainType, { kind: "member-pointer" }>,
): Promise<ValueText> {
  const bytes = await readValue(value, frame.state);
  if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
  const target = plainType(type.target);
  const owner = plainType(type.class);
  if (target.kind !== "function") {
    const offset = readInteger(bytes, "signed");
    if (offset === -1n) return { text: "nullptr" };
    const member = owner.kind === "record" ? fieldAt(owner, Number(offset)) : undefined;
    return { text: member ? `&${typeName(type.class)}::${member.name}` : `offset ${offset}` };
  }
  const half = bytes.length / 2;
  const pointer = readInteger(bytes.subarray(0, half), "unsigned");
  const adjustment = readInteger(bytes.subarray(half), "signed");
  if (pointer === 0n && (adjustment & 1n) === 0n) return { text: "nullptr" };
  // Source: Itanium C++ ABI, "Member Function Pointers", the variant that keeps what tells virtual ones in `adj`.
  if (adjustment & 1n) {
    const slot = Number(pointer) / half;
    const name =
      owner.kind === "record" ? findVirtualFunction(owner, slot, Number(adjustment >> 1n)) : undefined;
    return { text: name === undefined ? `virtual, slot ${slot}` : `&${name} (virtual, slot ${slot})` };
  }
  const called = frame.types.pointerTo(target);
  return pointerText(frame, called, pointer, { format: "decimal", nesting: 0, width: maxWidth, depth: 0 });
}

/** The field that lies at an offset of a record, or of a base class of it. */
function fieldAt(record: RecordType, offset: number, depth = 0): Field | undefined {
  for (const field of recordFields(record)) {
    if (field.offset.kind !== "bytes" || depth > maxDepth) continue;
    if (field.kind === "field" && field.offset.bytes === offset) return field;
    const base = field.kind === "base" ? plainType(field.type) : undefined;
    const found = base?.kind === "record" ? fieldAt(base, offset - field.offset.bytes, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** `{a, b, …}`: as many parts as there is room for. Nothing is opened any more below `maxNesting`. */
async function partsText(
  room: Room,
  count: number,
  [open = "{", close = "}"]: string | readonly [open: string, close: string],
  part: (index: number, inner: Room) => Promise<{ readonly text: string } | undefined>,
): Promise<ValueText> {
  if (count === 0) return { text: `${open}${close}` };
  if (room.nesting >= maxNesting) return { text: `${open}…${close}` };
  let text = "";
  for (let index = 0; index < count; index++) {
    const left = room.width - text.length;
    if (left <= 0) return { text: `${open}${text}, …${close}` };
    const inner = await part(index, { ...room, nesting: room.nesting + 1, width: left });
    if (inner === undefined) break;
    text += index === 0 ? inner.text : `, ${inner.text}`;
  }
  return { text: `${open}${text}${close}` };
}

/** Characters of a string: all there may be of one by itself, what there is room for of one among others. */
function stringLimit({ nesting, width }: Room): number {
  return nesting === 0 ? maxStringLength : Math.min(maxStringLength, Math.max(width, leastStringLength));
}

/**
 * Whether bytes are to be shown as text.
 *
 * Arrays of plain `char` and of Unicode characters are; `unsigned char` and its like hold bytes as often as
 * text, so there must be some text and nothing but text before the first zero, and only zeros behind it.
 */
export function isText(bytes: Uint8Array, type: Extract<PlainType, { kind: "base" }>): boolean {
  if (type.name === "char" || isWide(type)) return true;
  const end = bytes.indexOf(0);
  if (end === 0) return false;
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return text.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
}
