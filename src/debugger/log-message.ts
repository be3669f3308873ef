import type { IntegerFormat } from "../symbols/text/scalar-text.ts";

/** A piece of a log message: text as it is, or an expression whose value goes there. */
export type LogPiece =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "expression";
      readonly text: string;
      readonly format: LogFormat;
      /** The expression with the suffix for its format, as the language of expressions has it. */
      readonly suffixed: string;
    };

/** How a value is written: its integers as they are to be, or of a string the text alone. */
export type LogFormat = IntegerFormat | "text";

/** A log message that cannot be read; its text is a sentence for the user. */
export class LogMessageError extends Error {
  override readonly name = "LogMessageError";
}

const suffixes: ReadonlyMap<string, LogFormat> = new Map([
  ["d", "decimal-only"],
  ["x", "hexadecimal"],
  ["X", "hexadecimal"],
  ["h", "hexadecimal"],
  ["H", "hexadecimal"],
  ["b", "binary"],
  ["o", "octal"],
  ["c", "character"],
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

/** The text of a string without its quotes and where it is; any other value's as it is. */
export function textAlone(text: string): string {
  return /^(?:0x[\da-f]+ )?"(.*)"…?$/s.exec(text)?.[1] ?? text;
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
  const [, before = "", suffix = ""] = /^(.*),\s*([a-zA-Z])\s*$/s.exec(text) ?? [];
  const format = suffixes.get(suffix);
  const expression = (format ? before : text).trim();
  const suffixed = format && format !== "text" ? `${expression},${suffix}` : expression;
  return { kind: "expression", text: expression, format: format ?? "decimal", suffixed };
}
