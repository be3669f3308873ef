/** Longest text shown of a string, in characters. */
export const maxStringLength = 200;

/** What one character takes, of text that is text: `\x80`. What points at no wide text at all would take ten for each. */
const longestUsual = 4;

const escapes = new Map([
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x1b, "\\e"],
  [0x5c, "\\\\"],
]);

/** A character between quotes: `'a'`, `'\n'`, `'\x80'`. `code` is a code unit of `sizeBytes`, or a code point. */
export function charText(code: number, sizeBytes: number): string {
  if (code === 0) return "'\\0'";
  if (code === 0x27) return "'\\''";
  return `'${escaped(code, sizeBytes)}'`;
}

/**
 * The text in a run of code units, between double quotes, up to the first zero; `…` follows when there are
 * more than `limit` characters, or fewer that take much more room. One byte a unit is UTF-8, two UTF-16, four UTF-32; what is not valid shows as `\x…`.
 */
export function stringText(bytes: Uint8Array, unitBytes: number, limit = maxStringLength): string {
  return quotedText(bytes, unitBytes, limit, "zero");
}

/** As `stringText`, of text that knows its length: zeros are a part of it. */
export function countedText(bytes: Uint8Array, unitBytes: number, limit = maxStringLength): string {
  return quotedText(bytes, unitBytes, limit, "length");
}

function quotedText(bytes: Uint8Array, unitBytes: number, limit: number, ends: "zero" | "length"): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.floor(bytes.length / unitBytes);
  const unitAt = (index: number): number => {
    if (index >= length) return 0;
    if (unitBytes === 1) return view.getUint8(index);
    return unitBytes === 2 ? view.getUint16(index * 2, true) : view.getUint32(index * 4, true);
  };
  let text = "";
  let shown = 0;
  for (let index = 0; index < length && (ends === "length" || unitAt(index) !== 0); shown++) {
    if (shown === limit || text.length >= limit * longestUsual) return `"${text}"…`;
    const unit = unitAt(index);
    const { code, units } = unitBytes === 1 ? utf8At(unitAt, index) : utf16At(unitAt, index, unitBytes);
    text += unit === 0x22 ? '\\"' : code === undefined ? hexEscape(unit, unitBytes) : escaped(code, 4);
    index += units;
  }
  return `"${text}"`;
}

interface Decoded {
  /** A code point, or `undefined` for a unit that is not part of one. */
  readonly code: number | undefined;
  readonly units: number;
}

function utf8At(unitAt: (index: number) => number, index: number): Decoded {
  const first = unitAt(index);
  if (first < 0x80) return { code: first, units: 1 };
  const units = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let code = first & (0xff >> (units + 1));
  for (let rest = 1; rest < units; rest++) {
    const unit = unitAt(index + rest);
    if ((unit & 0xc0) !== 0x80) return { code: undefined, units: 1 };
    code = (code << 6) | (unit & 0x3f);
  }
  const least = units === 4 ? 0x10000 : units === 3 ? 0x800 : 0x80;
  const isValid = first >= 0xc2 && first <= 0xf4 && code >= least && isCodePoint(code);
  return isValid ? { code, units } : { code: undefined, units: 1 };
}

function utf16At(unitAt: (index: number) => number, index: number, unitBytes: number): Decoded {
  const first = unitAt(index);
  const second = unitBytes === 2 && first >= 0xd800 && first < 0xdc00 ? unitAt(index + 1) : 0;
  if (second >= 0xdc00 && second < 0xe000) {
    return { code: 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), units: 2 };
  }
  return { code: isCodePoint(first) ? first : undefined, units: 1 };
}

function isCodePoint(code: number): boolean {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

function escaped(code: number, sizeBytes: number): string {
  if (code >= 0x20 && code < 0x7f && code !== 0x5c) return String.fromCharCode(code);
  const known = escapes.get(code);
  if (known) return known;
  // A single byte past ASCII is a part of a character, not one.
  if (code < 0x20 || code === 0x7f || (sizeBytes === 1 && code >= 0x80) || !isCodePoint(code)) {
    return hexEscape(code, sizeBytes === 4 && code < 0x100 ? 1 : sizeBytes);
  }
  const character = String.fromCodePoint(code);
  // Controls, format characters and lone separators would garble the line they are shown in.
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? `\\u{${code.toString(16)}}` : character;
}

function hexEscape(unit: number, unitBytes: number): string {
  return `\\x${unit.toString(16).padStart(unitBytes * 2, "0")}`;
}
