import { ExpressionError } from "../symbols/variable.ts";
import type { ExpressionLanguage, TypeSyntax } from "./ast.ts";
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
/** Tokens of a template's arguments looked through for their end. */
const maxTemplateTokens = 200;
/** What may stand between the brackets of a template besides names and numbers. */
const templateOperators = new Set(["<", ">", ">>", ",", "::", "*", "&", "(", ")", "[", "]", ";", "-"]);

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
  if (isTypeWord(text)) return true;
  const name = tokens.peekQualifiedName();
  const end = templateEnd(tokens, name.split("::").length * 2 - 1);
  if (end === undefined) return isTypeName(name);
  const mark = tokens.mark();
  const whole = tokens.nextSpelled(end + 1);
  tokens.reset(mark);
  return isTypeName(whole);
}

/** How far ahead the `>` is that belongs to a `<` at `start`; `undefined` where there is no such pair. */
export function templateEnd(tokens: TokenStream, start: number): number | undefined {
  if (!tokens.isAt("<", start)) return undefined;
  let depth = 0;
  for (let end = start; end < start + maxTemplateTokens; end++) {
    const { kind, text } = tokens.peek(end);
    if (kind === "end" || (kind === "operator" && !templateOperators.has(text))) return undefined;
    depth += text === "<" ? 1 : text === ">" ? -1 : text === ">>" ? -2 : 0;
    if (depth <= 0) return depth === 0 ? end : undefined;
  }
  return undefined;
}

/**
 * Reads a type as C writes it without a name, `unsigned int`, `const struct node **`, `int[3]`, or as Rust does: `*const u8`,
 * `[i32; 4]`, `&str`.
 *
 * @throws {ExpressionError}
 */
export function parseType(tokens: TokenStream, language: ExpressionLanguage = "c"): TypeSyntax {
  const { column } = tokens.peek();
  const rust = parseRustType(tokens, column, language);
  if (rust) return rust;
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
        name: nextTypeName(tokens),
        keyword: keyword === "class" ? "struct" : (keyword as "struct"),
      };
    } else named = { name: nextTypeName(tokens), keyword: undefined };
  }
  named ??= { name: basicName(words, column), keyword: undefined };
  // Behind a type of Rust a `*` multiplies.
  const declarators = language === "rust" ? [] : parseDeclarators(tokens);
  return { kind: "type", ...named, declarators, column };
}

/** A name with the arguments of its template, if it has any. */
function nextTypeName(tokens: TokenStream): string {
  const length = tokens.peekQualifiedName().split("::").length * 2 - 1;
  // What is compared with a number is no argument of its type.
  const isPlain = /^(?:[iuf]\d+|[iu]size|bool|char)$/.test(tokens.peek().text);
  const end = isPlain ? undefined : templateEnd(tokens, length);
  return tokens.nextSpelled(end === undefined ? length : end + 1);
}

/** Rust's pointers, references and arrays, which stand before what they are of. */
function parseRustType(
  tokens: TokenStream,
  column: number,
  language: ExpressionLanguage,
): TypeSyntax | undefined {
  if (tokens.isAt("*") && ["const", "mut"].includes(tokens.peek(1).text)) {
    tokens.next();
    tokens.next();
    return behind(parseType(tokens, language), "*", column);
  }
  if (tokens.accept("&")) {
    tokens.acceptWord("mut");
    const target = parseType(tokens, language);
    // What has no length in itself is referred to by a type with a name of its own.
    if (target.name === "str" && target.declarators.length === 0) return { ...target, name: "&str", column };
    return behind(target, "*", column);
  }
  if (!tokens.accept("[")) return undefined;
  const element = parseType(tokens, language);
  tokens.expect(";");
  const length = parseLength(tokens);
  tokens.expect("]");
  return behind(element, length, column);
}

const behind = (target: TypeSyntax, declarator: "*" | number, column: number): TypeSyntax => ({
  ...target,
  declarators: [...target.declarators, declarator],
  column,
});

function parseDeclarators(tokens: TokenStream): readonly ("*" | number)[] {
  const declarators: ("*" | number)[] = [];
  while (tokens.accept("*")) {
    declarators.push("*");
    while (qualifiers.has(tokens.peek().text)) tokens.next();
  }
  const lengths: number[] = [];
  while (tokens.accept("[")) {
    lengths.unshift(parseLength(tokens));
    tokens.expect("]");
  }
  return [...declarators, ...lengths];
}

function parseLength(tokens: TokenStream): number {
  const { kind, text, column } = tokens.next();
  const length = Number(text);
  if (kind !== "number" || !Number.isSafeInteger(length))
    throw new ExpressionError("expected the array's length", column);
  return length;
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
