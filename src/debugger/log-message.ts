/** A piece of a log message: text as it is, or an expression whose value goes there. */
export type LogPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly text: string; readonly format: LogFormat };

/** How a value is written: as ever, in another base, or of a string the text alone. */
export type LogFormat = "default" | "hexadecimal" | "binary" | "octal" | "text";

/** A log message that cannot be read; its text is a sentence for the user. */
export class LogMessageError extends Error {
  override readonly name = "LogMessageError";
}

const suffixes: ReadonlyMap<string, LogFormat> = new Map([
  ["d", "default"],
  ["x", "hexadecimal"],
  ["h", "hexadecimal"],
  ["b", "binary"],
  ["o", "octal"],
  ["s", "text"],
]);

/**
 * Reads a message such as `i is {i}, its flags {flags,x}`. Braces within an expression must match; `\{` and `\}` are braces
 * themselves.
 *
 * @throws {LogMessageError}
 */
export function parseLogMessage(message: string): readonly LogPiece[] {
  const pieces: LogPiece[] = [];
  let text = "";
  for (let at = 0; at < message.length; at++) {
    const character = message[at] as string;
    const next = message[at + 1];
    if (character === "\\" && (next === "{" || next === "}")) {
      text += next;
      at++;
    } else if (character === "{") {
      const end = endOfExpression(message, at + 1);
      if (end === undefined) throw new LogMessageError(`A { in the log message has no }: \`${message}\`.`);
      if (text !== "") pieces.push({ kind: "text", text });
      text = "";
      pieces.push(expressionIn(message.slice(at + 1, end)));
      at = end;
    } else text += character;
  }
  if (text !== "") pieces.push({ kind: "text", text });
  return pieces;
}

/** Writes a value's text as a format wants it. Hexadecimal is for whoever reads the value to see to. */
export function formatValue(text: string, format: LogFormat): string {
  if (format === "text") return /^(?:0x[\da-f]+ )?"(.*)"…?$/s.exec(text)?.[1] ?? text;
  const digits = /^-?\d+(?![\d.eE])/.exec(text)?.[0];
  if (digits === undefined || (format !== "binary" && format !== "octal")) return text;
  const value = BigInt(digits);
  const magnitude = (value < 0n ? -value : value).toString(format === "binary" ? 2 : 8);
  return `${value < 0n ? "-" : ""}${format === "binary" ? "0b" : "0"}${magnitude}`;
}

function endOfExpression(message: string, start: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = start; at < message.length; at++) {
    const character = message[at] as string;
    if (quote !== undefined) {
      if (character === "\\") at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "{") depth++;
    else if (character === "}" && depth-- === 0) return at;
  }
  return undefined;
}

function expressionIn(text: string): LogPiece {
  const [, expression, suffix = ""] = /^(.*),\s*([a-z])\s*$/s.exec(text) ?? [];
  const format = suffixes.get(suffix);
  if (expression !== undefined && format !== undefined)
    return { kind: "expression", text: expression.trim(), format };
  return { kind: "expression", text: text.trim(), format: "default" };
}
