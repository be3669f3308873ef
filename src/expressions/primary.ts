import { ExpressionError } from "../symbols/variable.ts";
import type { Node, TypeSyntax } from "./ast.ts";
import { readCharacter, readNumber, readString } from "./literals.ts";
import { assignmentPrecedence } from "./precedence.ts";
import type { PrimaryParser } from "./primary-parser.ts";
import { parseRustSize } from "./size-syntax.ts";
import type { TokenStream } from "./token-stream.ts";
import { isTypeWord, parseType, startsType, templateEnd } from "./type-parser.ts";

const namedCasts = new Set(["static_cast", "reinterpret_cast", "const_cast", "dynamic_cast"]);

/** A literal, a name, a parenthesis: what has no operator before or behind it. @throws {ExpressionError} */
export function parsePrimary(parser: PrimaryParser): Node {
  const { tokens, language } = parser;
  const token = tokens.peek();
  const { kind, text, column } = token;
  switch (kind) {
    case "number":
      tokens.next();
      return readNumber(token, language);
    case "character":
      tokens.next();
      return readCharacter(token, language);
    case "string":
      tokens.next();
      return readString(token);
    case "slot":
      tokens.next();
      return slotNode(text, column);
    case "name":
      return parseName(parser);
    case "end":
      throw new ExpressionError("expected an expression", column);
    case "operator":
      break;
  }
  if (tokens.accept("(")) {
    const node = parser.expression();
    tokens.expect(")");
    return node;
  }
  if (text === "::" && tokens.peek(1).kind === "name") {
    tokens.next();
    return { kind: "name", name: tokens.nextQualifiedName(), from: "globals", column };
  }
  throw new ExpressionError(`unexpected \`${text}\``, column);
}

function parseName(parser: PrimaryParser): Node {
  const { tokens, language } = parser;
  const { text, column } = tokens.peek();
  if (text === "true" || text === "false") {
    tokens.next();
    return { kind: "boolean", value: text === "true", column };
  }
  if (language === "rust") {
    if (text === "if") return parseIf(parser);
    const size = parseRustSize(parser);
    if (size) return size;
  } else {
    if (namedCasts.has(text) && tokens.isAt("<", 1)) return namedCast(parser);
    const length = tokens.peekQualifiedName().split("::").length * 2 - 1;
    const mayBeCast = isTypeWord(text) || tokens.isAt("(", length) || tokens.isAt("<", length);
    if (mayBeCast && startsType(tokens, parser.isTypeName)) {
      const cast = functionalCast(parser);
      if (cast) return cast;
    }
  }
  const path = templatePath(parser);
  if (path !== undefined) return { kind: "name", name: path, from: "frame", column };
  if (language === "c" && isTypeWord(text) && !parser.isVariable(text))
    throw new ExpressionError(`\`${text}\` is a type, not a value`, column);
  return { kind: "name", name: tokens.nextQualifiedName(), from: "frame", column };
}

/** `if a { b } else { c }` */
function parseIf(parser: PrimaryParser): Node {
  const { tokens } = parser;
  const { column } = tokens.next();
  const condition = parser.expression();
  tokens.expect("{");
  const then = parser.expression();
  tokens.expect("}");
  tokens.expectWord("else");
  if (tokens.peek().text === "if") {
    return { kind: "conditional", condition, then, otherwise: parseIf(parser), column };
  }
  tokens.expect("{");
  const otherwise = parser.expression();
  tokens.expect("}");
  return { kind: "conditional", condition, then, otherwise, column };
}

/** `static_cast<T>(e)` and its like: here they are all the same. */
function namedCast(parser: PrimaryParser): Node {
  const { tokens } = parser;
  const { column } = tokens.next();
  tokens.expect("<");
  const type = parseType(tokens);
  tokens.closeAngle();
  tokens.expect("(");
  const operand = parser.expression();
  tokens.expect(")");
  return { kind: "cast", type, operand, column };
}

/** `int(e)`, `Celsius(e)`; `undefined` where the type is followed by something else. */
function functionalCast(parser: PrimaryParser): Node | undefined {
  const { tokens } = parser;
  const { column } = tokens.peek();
  const mark = tokens.mark();
  const type = typeIfAny(tokens);
  if (type?.declarators.length !== 0 || !tokens.accept("(")) {
    tokens.reset(mark);
    return undefined;
  }
  const operand = parser.expression(assignmentPrecedence);
  tokens.expect(")");
  return { kind: "cast", type, operand, column };
}

function typeIfAny(tokens: TokenStream): TypeSyntax | undefined {
  try {
    return parseType(tokens);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/**
 * A path through something made from a template, `box<int>::made`, or a function made from one, `twice<int>(2)`. Behind the
 * `>` it must go on like that: anything else is a comparison.
 */
function templatePath({ tokens, language }: PrimaryParser): string | undefined {
  let start = 1;
  while (tokens.isAt("::", start)) start += 2;
  // In Rust there may be a `::` before the bracket.
  if (language === "rust" && tokens.isAt("<", start - 1)) start -= 1;
  const end = templateEnd(tokens, start);
  if (end === undefined) return undefined;
  const goesOn = tokens.isAt("::", end + 1) && tokens.peek(end + 2).kind === "name";
  if (!goesOn && !tokens.isAt("(", end + 1)) return undefined;
  let path = tokens.nextSpelled(goesOn ? end + 3 : end + 1);
  while (tokens.isAt("::") && tokens.peek(1).kind === "name") path += tokens.nextSpelled(2);
  return path.replaceAll("::<", "<");
}

function slotNode(text: string, column: number): Node {
  if (text === "$returned") return { kind: "returned", column };
  const [, kind, digits] = /^\$(local|global|memory|mem|sp)(\d*)$/.exec(text) ?? [];
  const index = digits === "" ? undefined : Number(digits);
  // As the text format counts locals.
  if (/^\$\d+$/.test(text)) return { kind: "slot", slot: "local", index: Number(text.slice(1)), column };
  if ((kind === "memory" || kind === "mem") && (index ?? 0) < 1000)
    return { kind: "memory", index: index ?? 0, column };
  if (kind === "sp" && index === undefined)
    return { kind: "slot", slot: "global", index: "stack-pointer", column };
  if ((kind === "local" || kind === "global") && index !== undefined)
    return { kind: "slot", slot: kind, index, column };
  throw new ExpressionError(
    `\`${text}\` is unknown: \`$local0\`, \`$global0\`, \`$sp\` and \`$mem[0x10..0x20]\` are the raw Wasm state`,
    column,
  );
}
