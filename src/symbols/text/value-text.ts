import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import type { Unavailable } from "../../base/unavailable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import {
  type ArrayType,
  type BaseType,
  type EnumerationType,
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
export function valueText(
  frame: SymbolFrame,
  value: Value,
  format: IntegerFormat,
  view?: View,
): Awaitable<ValueText> {
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

function textOf(frame: SymbolFrame, value: Value, within: Room): Awaitable<ValueText> {
  const { place } = value;
  if (within.depth > maxDepth) return { text: "…" };
  if (place.kind === "unavailable") return unavailableText(place.reason);
  const plain = plainType(value.type);
  switch (plain.kind) {
    case "base":
    case "enumeration":
    case "pointer": {
      const bytes = readValue(value, frame.state);
      return bytes instanceof Promise
        ? bytes.then((known) => scalarText(frame, value, plain, known, within))
        : scalarText(frame, value, plain, bytes, within);
    }
    case "array":
    case "record":
      return aggregateText(frame, value, plain, deeper(within));
    case "void":
      return { text: /\bnullptr/.test(plain.name) ? "nullptr" : "void" };
    case "function":
      return functionText(frame, value, deeper(within));
    case "broken":
      return unavailableText(plain.reason);
    case "member-pointer":
      return memberPointerText(frame, value, plain);
  }
}

/** The room of what is looked through next. */
function deeper({ format, nesting, width, depth }: Room): Room {
  return { format, nesting, width, depth: depth + 1 };
}

function scalarText(
  frame: SymbolFrame,
  { bits }: Value,
  type: BaseType | EnumerationType | PointerType,
  bytes: Uint8Array | Unavailable,
  within: Room,
): Awaitable<ValueText> {
  if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
  if (type.kind === "base") return { text: baseText(type, bytes, within.format, bits?.size) };
  if (type.kind === "enumeration") return { text: enumerationText(type, bytes, within.format, bits?.size) };
  return pointerText(frame, type, readInteger(bytes, "unsigned"), deeper(within));
}

function aggregateText(
  frame: SymbolFrame,
  value: Value,
  type: ArrayType | RecordType,
  room: Room,
): Awaitable<ValueText> {
  const { place } = value;
  // Of what lies wholly outside memory, one reason says more than one for each part.
  const first =
    place.kind === "memory" && sizeOf(type) !== 0 ? frame.state.readMemory(place.address, 1) : undefined;
  return whenKnown(first, (byte) => {
    if (byte?.length === 0) return unavailableText(frame.state.whyShort);
    if (type.kind === "array") return arrayText(frame, value, type, room);
    return whenKnown(viewOf(frame, value), (view) =>
      view ? viewText(frame, view, room) : recordText(frame, value, type, room),
    );
  });
}

function pointerText(
  frame: SymbolFrame,
  type: PointerType,
  address: bigint,
  room: Room,
): Awaitable<ValueText> {
  const number = addressText(address, type.sizeBytes, room.format);
  const target = plainType(type.target);
  if (type.sigil !== "*") {
    const referred: Value = { type: type.target, place: { kind: "memory", address } };
    if (room.nesting > maxNesting) return { text: number };
    return textOf(frame, referred, { ...room, nesting: room.nesting + 1 });
  }
  if (address === 0n) return { text: number };
  if (target.kind === "record")
    return whenKnown(dynamicName(frame, target, address), (name) => ({ text: `${number}${name}` }));
  if (target.kind === "function") {
    return whenKnown(frame.state.tableEntry(Number(address)), (func) => {
      const name = func === undefined ? undefined : frame.module.parts.facts.functionName(func);
      return { text: name === undefined ? number : `${number} (${name})` };
    });
  }
  if (!isCharacter(target) || !showsText(room.format)) return { text: number };
  const most = (maxStringLength + 1) * target.sizeBytes;
  return whenKnown(frame.state.readMemory(address, most), (bytes) => {
    if (bytes.length < target.sizeBytes) return { text: `${number} <${frame.state.whyShort}>` };
    if (!isText(bytes, target)) return { text: number };
    const text = stringText(bytes, target.sizeBytes, stringLimit(room));
    // Within a summary the text matters more than where it is.
    return { text: room.nesting > 0 ? text : `${number} ${text}` };
  });
}

/** A function, which a reference refers to by its index in the table, as a pointer to it is shown. */
function functionText(frame: SymbolFrame, { type, place }: Value, room: Room): Awaitable<ValueText> {
  if (place.kind !== "memory") return unavailableText("a function");
  return pointerText(frame, frame.types.pointerTo(type), place.address, room);
}

function arrayText(frame: SymbolFrame, value: Value, type: ArrayType, room: Room): Awaitable<ValueText> {
  const element = plainType(type.element);
  const stride = strideOf(type);
  const isString = isCharacter(element) && stride === element.sizeBytes && showsText(room.format);
  const string = isString ? charactersText(frame, value, type.count, element, room) : undefined;
  return whenKnown(string, (text) => {
    if (text) return text;
    if (type.count === undefined || stride === undefined) return { text: "{…}" };
    return partsText(room, type.count, braces, (index, inner) => {
      const place = placeWithin(value.place, index * stride, stride);
      return elementText(frame, { type: type.element, place }, element, inner);
    });
  });
}

/** Whether text is shown as such, rather than as the numbers it is made of. */
export const showsText = (format: IntegerFormat): boolean => format === "decimal" || format === "hexadecimal";

/** Bytes in a list are numbers: their characters would only be in the way. */
function elementText(frame: SymbolFrame, part: Value, type: PlainType, room: Room): Awaitable<ValueText> {
  if (!isCharacter(type) || isWide(type) || room.format === "character") {
    return textOf(frame, part, room);
  }
  return whenKnown(readValue(part, frame.state), (bytes) => {
    if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
    const asInteger: Type = { ...type, encoding: type.encoding === "signed-char" ? "signed" : "unsigned" };
    return textOf(frame, computedValue(asInteger, bytes), room);
  });
}

/** Text of a character array; `undefined` where its bytes are no text and are better shown one by one. */
function charactersText(
  frame: SymbolFrame,
  { place }: Value,
  count: number | undefined,
  element: BaseType,
  room: Room,
): Awaitable<ValueText | undefined> {
  const shown = Math.min(count ?? maxStringLength + 1, maxStringLength + 1) * element.sizeBytes;
  if (place.kind === "memory") {
    return whenKnown(frame.state.readMemory(place.address, shown), (bytes) =>
      bytes.length < shown && count !== undefined
        ? unavailableText(frame.state.whyShort)
        : charactersIn(bytes, element, room),
    );
  }
  const type: Type = { kind: "array", element, count: shown / element.sizeBytes, strideBytes: undefined };
  return whenKnown(readValue({ type, place }, frame.state), (bytes) =>
    bytes instanceof Uint8Array ? charactersIn(bytes, element, room) : unavailableText(bytes.reason),
  );
}

function charactersIn(bytes: Uint8Array, type: BaseType, room: Room): ValueText | undefined {
  return isText(bytes, type) ? { text: stringText(bytes, type.sizeBytes, stringLimit(room)) } : undefined;
}

function recordText(frame: SymbolFrame, value: Value, type: RecordType, room: Room): Awaitable<ValueText> {
  if (type.sizeBytes === undefined) return unavailableText("its type is incomplete");
  const fields = recordFields(type);
  return partsText(room, fields.length, braces, (index, inner) => {
    const field = fields[index] as Field;
    const name = field.kind === "base" ? briefTypeName(field.name) : field.name;
    return whenKnown(frame.fieldOf(value, field), (part) => labelled(name, textOf(frame, part, inner)));
  });
}

/** A text behind what it is the text of. */
function labelled(name: string, text: Awaitable<ValueText>): Awaitable<ValueText> {
  return whenKnown(text, (known) => ({ text: `${name} = ${known.text}` }));
}

/** The name of a base class within a summary, which its template arguments would fill. */
function briefTypeName(name: string): string {
  const end = name.indexOf("<");
  return end < 0 || name.length <= longestBaseName ? name : `${name.slice(0, end)}<…>`;
}

/** A value by its view. */
function viewText(frame: SymbolFrame, { shape }: View, room: Room): Awaitable<ValueText> {
  switch (shape.kind) {
    case "same":
      return textOf(frame, shape.value, room);
    case "text":
      return { text: shape.text };
    case "damaged":
      return unavailableText(shape.reason);
    case "string":
      return stringShapeText(frame, shape, room);
    case "pointer":
      return whenKnown(textOf(frame, shape.pointer, room), (known) =>
        known.unavailable === undefined && shape.facts ? { text: `${known.text} ${shape.facts}` } : known,
      );
    case "parts": {
      const { open, close, parts } = shape;
      return partsText(room, parts.count, [open, close], (index, inner) =>
        partText(frame, parts, index, inner),
      );
    }
  }
}

function partText(
  frame: SymbolFrame,
  parts: Parts,
  index: number,
  room: Room,
): Awaitable<ValueText | undefined> {
  return whenKnown(parts.at(index), (part) => {
    switch (part?.kind) {
      case undefined:
        return undefined;
      case "target":
        return textOf(frame, part.value, room);
      case "element":
        return elementText(frame, part.value, plainType(part.value.type), room);
      case "field": {
        const text = textOf(frame, part.value, room);
        return part.isPositional ? text : labelled(part.name, text);
      }
      case "entry":
        return whenKnown(textOf(frame, part.key, room), (key) =>
          labelled(`[${key.text}]`, textOf(frame, part.value, room)),
        );
    }
  });
}

function stringShapeText(
  frame: SymbolFrame,
  { place, unit, count }: StringShape,
  room: Room,
): Awaitable<ValueText> {
  const limit = stringLimit(room);
  // One unit more than shown tells that there are more; a character may take several.
  const shown = Math.min(count, (limit + 1) * Math.max(1, 4 / unit.sizeBytes));
  const type: Type = { kind: "array", element: unit, count: shown, strideBytes: undefined };
  return whenKnown(readValue({ type, place }, frame.state), (bytes) => {
    if (!(bytes instanceof Uint8Array)) return unavailableText(bytes.reason);
    return { text: countedText(bytes, unit.sizeBytes, limit) };
  });
}

/** ` (Circle)` for a pointer to an object that is more than the pointer's type says. */
function dynamicName(frame: SymbolFrame, type: RecordType, address: bigint): Awaitable<string> {
  return whenKnown(dynamicView(frame, { type, place: { kind: "memory", address } }, type), (view) =>
    view?.dynamicType ? ` (${typeName(view.dynamicType)})` : "",
  );
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
function partsText(
  room: Room,
  count: number,
  [open, close]: readonly [open: string, close: string],
  part: (index: number, inner: Room) => Awaitable<ValueText | undefined>,
): Awaitable<ValueText> {
  if (count === 0) return { text: `${open}${close}` };
  const { format, nesting, width, depth } = room;
  if (nesting >= maxNesting) return { text: `${open}…${close}` };
  return joinedText(
    { room: { format, nesting: nesting + 1, width, depth }, count, open, close, part },
    0,
    "",
  );
}

/** Parts to be put side by side. */
interface JoinedParts {
  readonly room: Room;
  readonly count: number;
  readonly open: string;
  readonly close: string;
  readonly part: (index: number, inner: Room) => Awaitable<ValueText | undefined>;
}

/** All parts from `first` on, behind the text of those before. */
function joinedText(parts: JoinedParts, first: number, before: string): Awaitable<ValueText> {
  const { room, count, open, close, part } = parts;
  let text = before;
  for (let index = first; index < count; index++) {
    const left = room.width - text.length;
    if (left <= 0) return { text: `${open}${text}, …${close}` };
    const inner = part(index, { ...room, width: left });
    const start = index === 0 ? "" : `${text}, `;
    if (inner instanceof Promise) {
      const soFar = text;
      return inner.then((known) =>
        known ? joinedText(parts, index + 1, start + known.text) : { text: `${open}${soFar}${close}` },
      );
    }
    if (inner === undefined) break;
    text = start + inner.text;
  }
  return { text: `${open}${text}${close}` };
}

/** What parts stand in that no view says otherwise of. */
const braces = ["{", "}"] as const;

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
export function isText(bytes: Uint8Array, type: BaseType): boolean {
  if (type.name === "char" || isWide(type)) return true;
  const end = bytes.indexOf(0);
  if (end === 0) return false;
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return text.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
}
