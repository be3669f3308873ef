import { encodeUtf8 } from "../base/utf8.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Node } from "./ast.ts";
import type { Token } from "./token.ts";

/** The node of a number: C's and C++'s literals, with digit separators. @throws {ExpressionError} */
export function readNumber({ text, column }: Token): Node {
  const digits = text.replaceAll("'", "");
  const integer = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uU]?[lL]{0,2}|[lL]{1,2}[uU])$/.exec(
    digits,
  );
  if (integer) {
    const [, body = "", suffix = ""] = integer;
    const isDecimal = /^[1-9]/.test(body);
    const longs = suffix.replace(/[uU]/, "").length;
    const value = /^0[0-7]+$/.test(body) ? BigInt(`0o${body.slice(1)}`) : BigInt(body);
    if (value >= 1n << 64n) throw new ExpressionError("this number is too large for 64 bits", column);
    const type = {
      isUnsigned: /[uU]/.test(suffix),
      longs: longs === 2 ? 2 : longs === 1 ? 1 : 0,
      isDecimal,
    } as const;
    return { kind: "integer", value, type, column };
  }
  const float = /^((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([fFlL]?)$/.exec(digits);
  if (float && /[.eE]/.test(float[1] ?? "")) {
    return { kind: "float", value: Number(float[1]), isSingle: /[fF]/.test(float[2] ?? ""), column };
  }
  throw new ExpressionError(`\`${text}\` is no number`, column);
}

/** The node of a character: `'a'`, `'\n'`, `'\x41'`. @throws {ExpressionError} unless it is exactly one. */
export function readCharacter({ text, column }: Token): Node {
  const body = text.slice(text.indexOf("'") + 1, -1);
  const codes = unescaped(body, column);
  const [code] = codes;
  if (code === undefined || codes.length > 1) {
    throw new ExpressionError("a character literal holds exactly one character", column);
  }
  return { kind: "character", code, column };
}

/** The node of a string, as UTF-8 with its final zero. @throws {ExpressionError} */
export function readString({ text, column }: Token): Node {
  if (!/^(?:u8)?"/.test(text))
    throw new ExpressionError("strings of wide characters are not supported", column);
  const body = text.slice(text.indexOf('"') + 1, -1);
  const bytes: number[] = [];
  // Escapes stand for bytes, anything else for its UTF-8.
  for (const part of body.match(/\\(?:x[\da-fA-F]+|[0-7]{1,3}|.)|[^\\]+/gsu) ?? []) {
    if (part.startsWith("\\")) bytes.push(...unescaped(part, column).map((code) => code & 0xff));
    else bytes.push(...encodeUtf8(part));
  }
  return { kind: "string", bytes: new Uint8Array([...bytes, 0]), column };
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
  const parts = body.match(/\\(?:x[\da-fA-F]+|[0-7]{1,3}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|.)|[^\\]/gsu) ?? [];
  return parts.map((part) => {
    if (!part.startsWith("\\")) return part.codePointAt(0) ?? 0;
    const escapeText = part.slice(1);
    if (/^[0-7]/.test(escapeText)) return Number.parseInt(escapeText, 8);
    const hex = /^[xu]\{?([\da-fA-F]+)/.exec(escapeText)?.[1];
    const code = hex === undefined ? simpleEscapes.get(escapeText) : Number.parseInt(hex, 16);
    if (code === undefined || code > 0x10ffff) {
      throw new ExpressionError(`unknown escape \`${part}\``, column);
    }
    return code;
  });
}
