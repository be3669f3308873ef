import type { SymbolFrame } from "../symbol-frame.ts";
import { isCharacter, plainType, sizeOf } from "../types/type.ts";
import { readScalar } from "../values/convert.ts";
import { readInteger } from "../values/number.ts";
import type { Value } from "../values/value.ts";
import type { Parts } from "./view.ts";
import { shownValue } from "./view-of.ts";

/** Entries looked at for one key. */
const maxEntries = 200_000;
/** Longest string compared, in bytes; longer ones are cut there. */
const maxString = 1 << 20;

/** The value that stands beside a key. Looks at one entry after another: what the guest's hash is, nobody knows. */
export async function findEntry(frame: SymbolFrame, parts: Parts, key: Value): Promise<Value | undefined> {
  const wanted = await comparable(frame, key);
  if (wanted === undefined) return undefined;
  for (let index = 0; index < Math.min(parts.count, maxEntries); index++) {
    const part = await parts.at(index);
    if (!part) return undefined;
    if (part.kind === "entry" && (await comparable(frame, part.key)) === wanted) return part.value;
  }
  return undefined;
}

/** The code units of a string: a character array or pointer, or what is shown as text. */
export async function readString(frame: SymbolFrame, value: Value): Promise<Uint8Array | undefined> {
  const { value: shown, view } = await shownValue(frame, value);
  if (view?.shape.kind === "string") {
    const { place, unit, count } = view.shape;
    const length = Math.min(count, Math.floor(maxString / unit.sizeBytes));
    const bytes = await frame.read({
      type: { kind: "array", element: unit, count: length, strideBytes: undefined },
      place,
    });
    if (!(bytes instanceof Uint8Array)) return undefined;
    return view.shape.literals === "utf-8" ? new TextEncoder().encode(utf16.decode(bytes)) : bytes;
  }
  const type = plainType(shown.type);
  if (type.kind === "array" && isCharacter(plainType(type.element))) {
    const bytes = await frame.read(shown);
    return bytes instanceof Uint8Array ? upToZero(bytes, sizeOf(type.element) ?? 1) : undefined;
  }
  if (type.kind !== "pointer" || !isCharacter(plainType(type.target))) return undefined;
  const bytes = await frame.read(shown);
  if (!(bytes instanceof Uint8Array)) return undefined;
  const address = readInteger(bytes, "unsigned");
  if (address === 0n) return undefined;
  const unit = sizeOf(type.target) ?? 1;
  for (let length = 256; length < maxString; length *= 16) {
    const text = await frame.state.readMemory(address, length);
    const whole = upToZero(text, unit);
    if (whole.length < text.length || text.length < length) return whole;
  }
  return undefined;
}

/** The bytes before the first unit that is 0. */
function upToZero(bytes: Uint8Array, unit: number): Uint8Array {
  if (unit === 1) {
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }
  for (let at = 0; at + unit <= bytes.length; at += unit) {
    if (bytes.subarray(at, at + unit).every((byte) => byte === 0)) return bytes.subarray(0, at);
  }
  return bytes;
}

const utf16 = new TextDecoder("utf-16le");

/** What two keys are compared by: their number or their text. */
async function comparable(frame: SymbolFrame, value: Value): Promise<string | undefined> {
  const { value: shown } = await shownValue(frame, value);
  const text = await readString(frame, shown);
  if (text) return `"${String.fromCharCode(...text.subarray(0, 10_000))}`;
  const bytes = await frame.read(shown);
  const scalar = bytes instanceof Uint8Array ? readScalar(shown.type, bytes) : undefined;
  return scalar && String(scalar.value);
}
