import { ExpressionError } from "../symbols/variable.ts";
import type { TypeSyntax } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";

const basicWords = new Set([
  "void",
  "bool",
  "_Bool",
  "char",
  "short",
  "int",
  "long",
  "float",
  "double",
  "signed",
  "unsigned",
  "__int128",
]);
const qualifiers = new Set(["const", "volatile", "restrict", "_Atomic"]);
const keywords = new Set(["struct", "union", "enum", "class"]);

/** Whether a name is a type's to the debug info, and no variable's. */
export type IsTypeName = (name: string) => boolean;

/** Whether a word can only be part of a type. */
export function isTypeWord(text: string): boolean {
  return basicWords.has(text) || qualifiers.has(text) || keywords.has(text);
}

/** Whether a type begins at the next token. */
export function startsType(tokens: TokenStream, isTypeName: IsTypeName): boolean {
  const { kind, text } = tokens.peek();
  if (kind !== "name") return false;
  return isTypeWord(text) || isTypeName(tokens.peekQualifiedName());
}

/** Reads a type as C writes it without a name: `unsigned int`, `const struct node **`, `int[3]`. @throws {ExpressionError} */
export function parseType(tokens: TokenStream): TypeSyntax {
  const { column } = tokens.peek();
  const words: string[] = [];
  let named: Pick<TypeSyntax, "name" | "keyword"> | undefined;
  for (let token = tokens.peek(); token.kind === "name"; token = tokens.peek()) {
    if (qualifiers.has(token.text)) tokens.next();
    else if (basicWords.has(token.text)) words.push(tokens.next().text);
    else if (named || words.length > 0) break;
    else if (keywords.has(token.text)) {
      const keyword = tokens.next().text;
      if (tokens.peek().kind !== "name")
        throw new ExpressionError(`expected the name of a ${keyword}`, tokens.peek().column);
      named = {
        name: tokens.nextQualifiedName(),
        keyword: keyword === "class" ? "struct" : (keyword as "struct"),
      };
    } else named = { name: tokens.nextQualifiedName(), keyword: undefined };
  }
  named ??= { name: basicName(words, column), keyword: undefined };
  return { kind: "type", ...named, declarators: parseDeclarators(tokens), column };
}

function parseDeclarators(tokens: TokenStream): readonly ("*" | number)[] {
  const declarators: ("*" | number)[] = [];
  while (tokens.accept("*")) {
    declarators.push("*");
    while (qualifiers.has(tokens.peek().text)) tokens.next();
  }
  const lengths: number[] = [];
  while (tokens.accept("[")) {
    const { kind, text, column } = tokens.next();
    const length = Number(text);
    if (kind !== "number" || !Number.isSafeInteger(length))
      throw new ExpressionError("expected the array's length", column);
    tokens.expect("]");
    lengths.unshift(length);
  }
  return [...declarators, ...lengths];
}

/** C's keywords come in any order: `long unsigned int` is `unsigned long`. */
function basicName(words: readonly string[], column: number): string {
  const count = (word: string) => words.filter((other) => other === word).length;
  const longs = count("long");
  const rest = words.filter((word) => !["signed", "unsigned", "long", "short", "int"].includes(word));
  if (rest.length > 1 || longs > 2) throw new ExpressionError(`\`${words.join(" ")}\` is no type`, column);
  const [base] = rest;
  const sign = count("unsigned") > 0 ? "unsigned " : "";
  if (base === "char") return sign ? "unsigned char" : count("signed") > 0 ? "signed char" : "char";
  if (base === "double") return longs > 0 ? "long double" : "double";
  if (base !== undefined) return sign + base;
  if (longs > 0) return `${sign}${longs === 2 ? "long long" : "long"}`;
  return `${sign}${count("short") > 0 ? "short" : "int"}`;
}
