import type { IntegerFormat } from "../symbols/text/scalar-text.ts";
import type { Token } from "./token.ts";

/** How an expression's value is to be shown: `,x`, `,10`, `,x10`, `,!`. */
export interface FormatSuffix {
  readonly format?: IntegerFormat;
  /** Bytes as the text they are. */
  readonly isText?: true;
  /** How many elements of what a pointer points to, or of a list. */
  readonly count?: number;
  /** As the debug info has it, whatever could show it better. */
  readonly isRaw?: true;
  /** Of the comma. */
  readonly column: number;
  /** The tokens before the comma. */
  readonly before: readonly Token[];
}

const formats: ReadonlyMap<string, IntegerFormat> = new Map([
  ["x", "hexadecimal"],
  ["h", "hexadecimal"],
  ["X", "hexadecimal"],
  ["H", "hexadecimal"],
  ["d", "decimal-only"],
  ["b", "binary"],
  ["o", "octal"],
  ["c", "character"],
] as const);

const longestCount = 1_000_000;

/**
 * The format that stands behind the last comma, outside of all brackets; `undefined` where there is none.
 *
 * One letter alone is a format even if a variable has that name: `(a, x)` is C's comma operator.
 */
export function readSuffix(tokens: readonly Token[]): FormatSuffix | undefined {
  const comma = tokens.at(-3);
  const word = tokens.at(-2);
  if (comma?.kind !== "operator" || comma.text !== "," || !word || tokens.length < 4) return undefined;
  const before = tokens.slice(0, -3);
  if (!isBalanced(before)) return undefined;
  const { column } = comma;
  if (word.text === "!" || word.text === "raw") return { isRaw: true, column, before };
  const [, letter = "", digits = ""] = /^([a-zA-Z]?)(\d*)$/.exec(word.text) ?? [];
  const format = formats.get(letter);
  const isText = letter === "s";
  const count = digits === "" ? undefined : Number(digits);
  if (
    (letter !== "" && !format && !isText) ||
    (letter === "" && count === undefined) ||
    (count ?? 0) > longestCount
  ) {
    return undefined;
  }
  return {
    ...(format && { format }),
    ...(isText && { isText }),
    ...(count !== undefined && { count }),
    column,
    before,
  };
}

/** Whether all brackets are closed. */
function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind !== "operator") continue;
    if ("([{".includes(text)) depth++;
    else if (")]}".includes(text)) depth--;
  }
  return depth === 0;
}
