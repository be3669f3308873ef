import type { DReader } from "./d-reader.ts";
import { NotMangled } from "./reader.ts";

/** The type of a value: its text, and the letter that it begins with. */
export interface ValueType {
  readonly text: string;
  readonly kind: string;
}

/** A value that a template is given, as D writes it. @throws {NotMangled} */
export function readValue(reader: DReader, type: ValueType): string {
  return reader.nested(() => reader.made(readPlain(reader, type)));
}

const untyped: ValueType = { text: "", kind: "" };

function readPlain(reader: DReader, type: ValueType): string {
  const next = reader.peek();
  if (/\d/.test(next)) return readInteger(reader, type.kind, "");
  reader.next();
  switch (next) {
    case "n":
      return "null";
    case "N":
      return readInteger(reader, type.kind, "-");
    case "i":
      return readInteger(reader, type.kind, "");
    case "e":
      return readReal(reader);
    case "c": {
      const real = readReal(reader);
      reader.expect("c");
      return `${real}+${readReal(reader)}i`;
    }
    case "a":
    case "w":
    case "d":
      return readText(reader, next);
    case "A":
      return type.kind === "H" ? readEntries(reader) : `[${readList(reader).join(", ")}]`;
    case "S":
      return `${type.text}(${readList(reader).join(", ")})`;
    case "f":
      return reader.grammar.mangled(reader);
    default:
      throw new NotMangled();
  }
}

const readCount = (reader: DReader): number => Number(reader.match(/\d+/y));

function readList(reader: DReader): string[] {
  const values: string[] = [];
  for (let count = readCount(reader); count > 0; count--) values.push(readValue(reader, untyped));
  return values;
}

function readEntries(reader: DReader): string {
  const entries: string[] = [];
  for (let count = readCount(reader); count > 0; count--) {
    const key = readValue(reader, untyped);
    entries.push(`${key}:${readValue(reader, untyped)}`);
  }
  return `[${entries.join(", ")}]`;
}

/** Digits of a character's code by its type. */
const codeDigits: Readonly<Record<string, readonly [prefix: string, digits: number]>> = {
  ...{ a: ["x", 2], u: ["u", 4], w: ["U", 8] },
};

const suffixes: Readonly<Record<string, string>> = { h: "u", t: "u", k: "u", l: "L", m: "uL" };

function readInteger(reader: DReader, kind: string, sign: string): string {
  const digits = reader.match(/\d+/y);
  const code = codeDigits[kind];
  if (code && sign === "") {
    const value = BigInt(digits);
    if (kind === "a" && value >= 0x20n && value < 0x7fn) return `'${String.fromCharCode(Number(value))}'`;
    return `'\\${code[0]}${value.toString(16).padStart(code[1], "0")}'`;
  }
  if (kind === "b") return sign + (/^0+$/.test(digits) ? "false" : "true");
  return `${sign}${digits}${suffixes[kind] ?? ""}`;
}

/** `NAN`, `INF`, `NINF`, or digits of a hexadecimal number and its exponent. */
function readReal(reader: DReader): string {
  if (reader.take("NAN")) return "NaN";
  if (reader.take("INF")) return "Inf";
  if (reader.take("NINF")) return "-Inf";
  const sign = reader.take("N") ? "-" : "";
  const digits = reader.match(/[0-9A-F]+/y);
  reader.expect("P");
  const exponentSign = reader.take("N") ? "-" : "";
  const rest = digits.length > 1 ? `.${digits.slice(1)}` : ".";
  return `${sign}0x${digits[0]}${rest}p${exponentSign}${reader.match(/\d+/y)}`;
}

/** The bytes of a string as UTF-8, of whatever characters it is. */
function readText(reader: DReader, width: string): string {
  const count = readCount(reader);
  reader.expect("_");
  const bytes = reader.text(count * 2);
  if (!/^[0-9a-f]*$/.test(bytes)) throw new NotMangled();
  const units = Uint8Array.from(bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = JSON.stringify(new TextDecoder().decode(units));
  return width === "a" ? text : text + width;
}
