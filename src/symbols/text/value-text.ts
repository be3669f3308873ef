import type { SymbolFrame } from "../symbol-frame.ts";
import {
  type ArrayType,
  isCharacter,
  type PlainType,
  type PointerType,
  plainType,
  type RecordType,
  sizeOf,
  strideOf,
  type Type,
} from "../types/type.ts";
import { recordFields } from "../values/fields.ts";
import { readInteger } from "../values/number.ts";
import { placeWithin } from "../values/place.ts";
import { computedValue, readValue, type Value } from "../values/value.ts";
import { maxStringLength, stringText } from "./char-text.ts";
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
}

/**
 * A value as one line, in the manner of LLDB: `42`, `97 'a'`, `0x00001234 "text"`, `{x = 1, y = 2}`.
 *
 * What cannot be read is part of the text; rejects only as the target does. Reads no more than it shows.
 */
export async function valueText(frame: SymbolFrame, value: Value, format: IntegerFormat): Promise<ValueText> {
  return textOf(frame, value, { format, nesting: 0, width: maxWidth });
}

/** Text for a reason there is no value. */
export function unavailableText(reason: string): ValueText {
  return { text: `<${reason}>`, unavailable: reason };
}

async function textOf(frame: SymbolFrame, value: Value, room: Room): Promise<ValueText> {
  const { place } = value;
  if (place.kind === "unavailable") return unavailableText(place.reason);
  const plain = plainType(value.type);
  // Of what lies wholly outside memory, one reason says more than one for each part.
  if (place.kind === "memory" && (plain.kind === "array" || plain.kind === "record") && sizeOf(plain) !== 0) {
    const first = await frame.state.readMemory(place.address, 1);
    if (first.length === 0) return unavailableText("memory out of bounds");
  }
  switch (plain.kind) {
    case "array":
      return arrayText(frame, value, plain, room);
    case "record":
      return recordText(frame, value, plain, room);
    case "void":
      return { text: "void" };
    case "function":
      return unavailableText("a function");
    case "broken":
      return unavailableText(plain.reason);
    case "base":
    case "enumeration":
    case "pointer": {
      const bytes = await readValue(value, frame.state);
      if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
      if (plain.kind === "base") return { text: baseText(plain, bytes, room.format) };
      if (plain.kind === "enumeration") return { text: enumerationText(plain, bytes, room.format) };
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
  const number = addressText(address, type.sizeBytes);
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
  if (!isCharacter(target)) return { text: number };
  const bytes = await frame.state.readMemory(address, (maxStringLength + 1) * target.sizeBytes);
  if (bytes.length < target.sizeBytes) return { text: `${number} <memory out of bounds>` };
  if (!isText(bytes, target)) return { text: number };
  const text = stringText(bytes, target.sizeBytes, stringLimit(room));
  // Within a summary the text matters more than where it is.
  return { text: room.nesting > 0 ? text : `${number} ${text}` };
}

async function arrayText(frame: SymbolFrame, value: Value, type: ArrayType, room: Room): Promise<ValueText> {
  const element = plainType(type.element);
  const stride = strideOf(type);
  if (isCharacter(element) && stride === element.sizeBytes) {
    const text = await charactersText(frame, value, type.count, element, room);
    if (text) return text;
  }
  if (type.count === undefined || stride === undefined) return { text: "{…}" };
  const { count } = type;
  return partsText(room, count, async (index, inner) => {
    const part: Value = { type: type.element, place: placeWithin(value.place, index * stride, stride) };
    return { text: (await elementText(frame, part, element, inner)).text };
  });
}

/** Bytes in a list are numbers: their characters would only be in the way. */
async function elementText(frame: SymbolFrame, part: Value, type: PlainType, room: Room): Promise<ValueText> {
  if (!isCharacter(type) || type.encoding === "utf") return textOf(frame, part, room);
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
    if (bytes.length < shown && count !== undefined) return unavailableText("memory out of bounds");
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
  return partsText(room, fields.length, async (index, inner) => {
    const field = fields[index];
    if (!field) return { text: "" };
    const { text } = await textOf(frame, await frame.fieldOf(value, field), inner);
    return { text: `${field.name} = ${text}` };
  });
}

/** `{a, b, …}`: as many parts as there is room for. Nothing is opened any more below `maxNesting`. */
async function partsText(
  room: Room,
  count: number,
  part: (index: number, inner: Room) => Promise<{ readonly text: string }>,
): Promise<ValueText> {
  if (count === 0) return { text: "{}" };
  if (room.nesting >= maxNesting) return { text: "{…}" };
  let text = "";
  for (let index = 0; index < count; index++) {
    const left = room.width - text.length;
    if (left <= 0) return { text: `{${text}, …}` };
    const inner = await part(index, { ...room, nesting: room.nesting + 1, width: left });
    text += index === 0 ? inner.text : `, ${inner.text}`;
  }
  return { text: `{${text}}` };
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
function isText(bytes: Uint8Array, type: Extract<PlainType, { kind: "base" }>): boolean {
  if (type.name === "char" || type.encoding === "utf") return true;
  const end = bytes.indexOf(0);
  if (end === 0) return false;
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return text.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
}
