import type { Node } from "./ast.ts";
import { unaryPrecedence } from "./precedence.ts";
import type { PrimaryParser } from "./primary-parser.ts";
import { parseType } from "./type-parser.ts";

const words: ReadonlyMap<string, "size" | "alignment"> = new Map([
  ["sizeof", "size"],
  ["alignof", "alignment"],
  ["_Alignof", "alignment"],
  ["__alignof__", "alignment"],
]);

/** Whether a word asks for a size or an alignment, in C or C++. */
export const isSizeWord = (text: string): boolean => words.has(text);

/** `sizeof x`, `sizeof(T)`, `alignof(T)`. */
export function parseSizeof(parser: PrimaryParser): Node {
  const { tokens } = parser;
  const { text, column } = tokens.next();
  const asks = words.get(text) ?? "size";
  if (tokens.isAt("(") && parser.isCast()) {
    tokens.next();
    const operand = parseType(tokens, parser.language);
    tokens.expect(")");
    return { kind: "sizeof", asks, operand, column };
  }
  return { kind: "sizeof", asks, operand: parser.expression(unaryPrecedence), column };
}

/** `size_of::<T>()` and `align_of_val(&x)`, with or without `std::mem::` before them; `undefined` for any other name. */
export function parseRustSize(parser: PrimaryParser): Node | undefined {
  const { tokens } = parser;
  const { column } = tokens.peek();
  const [, asked, value] =
    /^(?:(?:std|core)::mem::)?(size|align)_of(_val)?$/.exec(tokens.peekQualifiedName()) ?? [];
  if (asked === undefined) return undefined;
  const asks = asked === "size" ? "size" : "alignment";
  tokens.nextQualifiedName();
  if (value !== undefined) {
    tokens.expect("(");
    const given = parser.expression();
    tokens.expect(")");
    const operand = given.kind === "unary" && given.operator === "&" ? given.operand : given;
    return { kind: "sizeof", asks, operand, column };
  }
  tokens.expect("::");
  tokens.expect("<");
  const operand = parseType(tokens, parser.language);
  tokens.closeAngle();
  tokens.expect("(");
  tokens.expect(")");
  return { kind: "sizeof", asks, operand, column };
}
