import { encodeUtf8 } from "../base/utf8.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { ExpressionLanguage, Node, TextUnit } from "./ast.ts";
import type { Token } from "./token.ts";

/** The node of a number, in the language's notation. @throws {ExpressionError} */
export function readNumber(token: Token, language: ExpressionLanguage): Node {
  const node = language === "rust" ? rustNumber(token) : cNumber(token);
  if (!node) throw new ExpressionError(`\`${token.text}\` is no number`, token.column);
  return node;
}

/** C's and C++'s literals, with digit separators. */
function cNumber({ text, column }: Token): Node | undefined {
  const digits = text.replaceAll("'", "");
  const integer = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uUzZ]?[lL]{0,2}|[lL]{1,2}[uU])$/.exec(
    digits,
  );
  if (integer) {
    const [, body = "", suffix = ""] = integer;
    const longs = suffix.replace(/u/i, "").length;
    const value = /^0[0-7]+$/.test(body) ? BigInt(`0o${body.slice(1)}`) : BigInt(body);
    if (value >= 1n << 64n) throw new ExpressionError("this number is too large for 64 bits", column);
    return {
      kind: "integer",
      value,
      type: {
        kind: "c",
        isUnsigned: /u/i.test(suffix),
        longs: longs === 2 ? 2 : longs === 1 ? 1 : 0,
        isDecimal: /^[1-9]/.test(body),
      },
      column,
    };
  }
  const hex = /^0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)([fFlL]?)$/.exec(digits);
  const [, whole = "", fraction = "", exponent = ""] = hex ?? [];
  if (hex && whole + fraction !== "") {
    const scale = 2 ** (Number(exponent) - 4 * fraction.length);
    const value = Number(BigInt(`0x${whole}${fraction}`)) * scale;
    return { kind: "float", value, type: floatSuffix(hex[4]), column };
  }
  const float = /^((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([fFlL]?)$/.exec(digits);
  if (!float || !/[.eE]/.test(float[1] ?? "")) return undefined;
  return { kind: "float", value: Number(float[1]), type: floatSuffix(float[2]), column };
}

function floatSuffix(suffix: string | undefined): string | undefined {
  return /^f$/i.test(suffix ?? "") ? "float" : /^l$/i.test(suffix ?? "") ? "long double" : undefined;
}

/** `1_000`, `0o17`, `255u8`, `1.5e3f32`. */
function rustNumber({ text, column }: Token): Node | undefined {
  const integer =
    /^(0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*)([iu](?:8|16|32|64|128|size))?$/.exec(text) ?? [];
  const [, digits, name] = integer;
  if (digits !== undefined) {
    const value = BigInt(digits.replaceAll("_", ""));
    if (value >= 1n << 128n) throw new ExpressionError("this number is too large for 128 bits", column);
    return { kind: "integer", value, type: { kind: "rust", name }, column };
  }
  const [, body, type] = /^(\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]+)?|\.\d+)_?(f32|f64)?$/.exec(text) ?? [];
  if (body === undefined) return undefined;
  return { kind: "float", value: Number(body.replaceAll("_", "")), type, column };
}

/** The node of a character: `'a'`, `'\n'`, `u'é'`, `b'a'`. @throws {ExpressionError} unless it is exactly one. */
export function readCharacter({ text, column }: Token, language: ExpressionLanguage): Node {
  const body = text.slice(text.indexOf("'") + 1, -1);
  const codes = unescaped(body, column);
  const [code] = codes;
  if (code === undefined || codes.length > 1) {
    throw new ExpressionError("a character literal holds exactly one character", column);
  }
  const prefix = text.slice(0, text.indexOf("'"));
  const unit = prefix === "" && language === "rust" ? "rust-char" : unitOf(prefix);
  const most = unit === "byte" || unit === "char8_t" ? 0xff : unit === "char16_t" ? 0xffff : 0x10ffff;
  if (code > most) throw new ExpressionError(`this character does not fit into a ${unit}`, column);
  return { kind: "character", code, unit, column };
}

/** The node of a string, in its encoding, with its final zero. @throws {ExpressionError} */
export function readString({ text, column }: Token): Node {
  const quote = text.indexOf('"');
  const raw = /^(?:(.*)R"[^(]*\((.*)\)[^)]*"|([bc]?)r#*"(.*)"#*)$/s.exec(text);
  const prefix = (raw ? (raw[1] ?? raw[3]) : text.slice(0, quote)) ?? "";
  const unit = unitOf(prefix);
  const body = raw ? (raw[2] ?? raw[4] ?? "") : text.slice(quote + 1, -1);
  const codes: number[] = [];
  const bytes: number[] = [];
  // Escapes stand for code units, anything else for its encoding.
  const parts = raw
    ? [body]
    : (body.match(/\\(?:x[\da-fA-F]+|[0-7]{1,3}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|.)|[^\\]+/gs) ?? []);
  for (const part of parts) {
    const isUnit = !raw && /^\\[x0-7]/.test(part);
    const read =
      raw || !part.startsWith("\\")
        ? Array.from(part, (char) => char.codePointAt(0) ?? 0)
        : unescaped(part, column);
    if (isUnit) bytes.push(...read.map((code) => code & 0xff));
    else bytes.push(...encodeUtf8(String.fromCodePoint(...read)));
    codes.push(...read);
  }
  const size = unitSizes[unit];
  if (size === 1) return { kind: "string", bytes: new Uint8Array([...bytes, 0]), unit, column };
  return { kind: "string", bytes: wideBytes(codes, size), unit, column };
}

/** UTF-16 or UTF-32, little-endian, with a final zero. */
function wideBytes(codes: readonly number[], size: 2 | 4): Uint8Array {
  const units = [...codes, 0].flatMap((code) =>
    size === 2 && code > 0xffff
      ? [0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff)]
      : [code],
  );
  const bytes = new Uint8Array(units.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, unit] of units.entries()) {
    if (size === 2) view.setUint16(index * 2, unit, true);
    else view.setUint32(index * 4, unit, true);
  }
  return bytes;
}

/** Bytes of a unit of text. */
export const unitSizes = {
  char: 1,
  char8_t: 1,
  byte: 1,
  char16_t: 2,
  char32_t: 4,
  wchar_t: 4,
  "rust-char": 4,
} as const;

function unitOf(prefix: string): TextUnit {
  const units: Readonly<Record<string, TextUnit>> = {
    u8: "char8_t",
    u: "char16_t",
    U: "char32_t",
    L: "wchar_t",
    b: "byte",
  };
  return units[prefix] ?? "char";
}

const simpleEscapes = new Map<string, number>([
  ["a", 7],
  ["b", 8],
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
  ["e", 27],
  ["\\", 92],
  ["'", 39],
  ['"', 34],
  ["?", 63],
]);

/** Code points of a literal's body. */
function unescaped(body: string, column: number): number[] {
  const parts =
    body.match(/\\(?:x[\da-fA-F]+|[0-7]{1,3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|u\{[\da-fA-F]+\}|.)|[^\\]/gsu) ??
    [];
  return parts.map((part) => {
    if (!part.startsWith("\\")) return part.codePointAt(0) ?? 0;
    const escapeText = part.slice(1);
    if (/^[0-7]/.test(escapeText)) return Number.parseInt(escapeText, 8);
    const hex = /^[xuU]\{?([\da-fA-F]+)/.exec(escapeText)?.[1];
    const code = hex === undefined ? simpleEscapes.get(escapeText) : Number.parseInt(hex, 16);
    if (code === undefined || code > 0x10ffff) {
      throw new ExpressionError(`unknown escape \`${part}\``, column);
    }
    return code;
  });
}
