import { ExpressionError } from "../symbols/variable.ts";
import type { ExpressionLanguage } from "./ast.ts";
import type { Token } from "./token.ts";

/** Longest first, so that `->` is not read as `-` and `>`. */
const operators = [
  ["<<=", ">>=", "...", "..="],
  [
    "->",
    "<<",
    ">>",
    "<=",
    ">=",
    "==",
    "!=",
    "&&",
    "||",
    "::",
    "..",
    "++",
    "--",
    "+=",
    "-=",
    "*=",
    "/=",
    "%=",
    "&=",
    "|=",
    "^=",
  ],
  [..."+-*/%&|^~!<>=?:.,()[]{};"],
].flat();

/**
 * Prefixes of characters and strings look like names, so those come first. Numbers are nearly as C's preprocessor
 * sees them: anything that starts like one, so that `12ab` is one bad number.
 */
const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["character", /(?:u8|[uULb])?'(?:[^'\\\n]|\\.)*'/y],
  ["string", /(?:u8|[uUL])?R"([^\s()\\]{0,16})\(.*?\)\1"/sy],
  ["string", /[bc]?r(#*)".*?"\1/sy],
  ["string", /(?:u8|[uULbc])?"(?:[^"\\]|\\.)*"/sy],
  ["slot", /\$(?:[A-Za-z]+\d*|\d+)/y],
  ["name", /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ["number", /0[xX][\da-fA-F'_]*(?:\.[\da-fA-F']*(?=[pP]))?(?:[pP][+-]?\d+)?\w*/y],
  ["number", /\.?\d(?:[eE][+-](?=\d)|[\w']|\.(?!\.))*/y],
];

/** Rust has no such operators: there `--x` is `-(-x)`. */
const steps = new Set(["++", "--"]);

const maxLength = 4_000;

/** The tokens of an expression, the last of kind `end`. @throws {ExpressionError} for what is no token. */
export function readTokens(text: string, language: ExpressionLanguage = "c"): readonly Token[] {
  if (text.length > maxLength) throw new ExpressionError("the expression is too long", maxLength);
  const tokens: Token[] = [];
  let column = 0;
  for (;;) {
    while (/\s/.test(text[column] ?? "")) column++;
    if (column >= text.length) break;
    const token = tupleToken(text, column, tokens) ?? tokenAt(text, column, language);
    tokens.push(token);
    column += token.text.length;
  }
  tokens.push({ kind: "end", text: "", column });
  return tokens;
}

/** The dot or the number of a tuple's field, `pair.0.1`: elsewhere both together would be a number. */
function tupleToken(text: string, column: number, before: readonly Token[]): Token | undefined {
  const last = before.at(-1);
  const dot = before.at(-2);
  if (!last || last.column + last.text.length !== column) return undefined;
  const digits = /^\d+/.exec(text.slice(column, column + 10))?.[0];
  if (last.text === "." && digits && dot && dot.column + dot.text.length === last.column) {
    return endsOperand(dot) ? { kind: "number", text: digits, column } : undefined;
  }
  const isField = /^\.\d/.test(text.slice(column, column + 2)) && endsOperand(last, dot);
  return isField ? { kind: "operator", text: ".", column } : undefined;
}

/** Whether an operand ends with a token: a name, a bracket, the number of a tuple's field. */
function endsOperand({ kind, text }: Token, before?: Token): boolean {
  if (kind === "name" || text === ")" || text === "]") return true;
  return kind === "number" && (before === undefined || before.text === ".");
}

function tokenAt(text: string, column: number, language: ExpressionLanguage): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = column;
    const match = pattern.exec(text);
    if (match) return { kind, text: match[0], column };
  }
  const operator = operators.find(
    (candidate) => text.startsWith(candidate, column) && !(language === "rust" && steps.has(candidate)),
  );
  if (operator) return { kind: "operator", text: operator, column };
  const character = String.fromCodePoint(text.codePointAt(column) ?? 0);
  if (character === "'" || character === '"')
    throw new ExpressionError(`this ${character} has no end`, column);
  throw new ExpressionError(`unexpected character \`${character}\``, column);
}
