import type { Variable } from "../../../src/symbols/variable.ts";
import { CommandError } from "./command.ts";

/** How `print` may show a number: letter → what it is. */
export const valueFormats: ReadonlyMap<string, string> = new Map([
  ["x", "hexadecimal"],
  ["d", "decimal"],
  ["o", "octal"],
  ["t", "binary"],
  ["c", "character"],
]);

/** A value's text in a format; as its language writes it without one. @throws {CommandError} it has no such form. */
export async function formatValue(variable: Variable, format: string | undefined): Promise<string> {
  if (format === undefined || variable.unavailable !== undefined) return variable.value;
  if (format === "x") return (await variable.asHex()).value;
  const number = integerOf(variable.value);
  if (number === undefined) {
    if (format === "d") return variable.value;
    throw new CommandError(`\`${variable.value}\` is no integer: only /x and /d show other values.`);
  }
  const sign = number < 0n ? "-" : "";
  const size = number < 0n ? -number : number;
  if (format === "d") return String(number);
  if (format === "o") return `${sign}0${size.toString(8)}`;
  if (format === "t") return `${sign}0b${size.toString(2)}`;
  return characterText(number);
}

/** The integer that a text begins with, as values of characters and enumerations do: `97 'a'`. */
export function integerOf(text: string): bigint | undefined {
  const [, digits] = /^(-?(?:0x[0-9a-f]+|\d+))(?![\d.e])/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

function characterText(number: bigint): string {
  const code = Number(BigInt.asUintN(32, number));
  const printable =
    (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
  return printable ? `${number} '${String.fromCodePoint(code)}'` : String(number);
}
