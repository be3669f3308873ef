import { ExpressionError } from "../symbols/variable.ts";
import type { BinaryOperator, Node, UnaryOperator } from "./ast.ts";
import { readTokens } from "./lexer.ts";
import { readCharacter, readNumber, readString } from "./literals.ts";
import { TokenStream } from "./token-stream.ts";
import { type IsTypeName, isTypeWord, parseType, startsType } from "./type-parser.ts";

/** How tightly binary operators bind, as in C; all group to the left. */
const precedence: Readonly<Record<BinaryOperator, number>> = {
  ",": 1,
  "||": 4,
  "&&": 5,
  "|": 6,
  "^": 7,
  "&": 8,
  "==": 9,
  "!=": 9,
  "<": 10,
  ">": 10,
  "<=": 10,
  ">=": 10,
  "<<": 11,
  ">>": 11,
  "+": 12,
  "-": 12,
  "*": 13,
  "/": 13,
  "%": 13,
};
const conditionalPrecedence = 3;
/** Of Rust's `as`: tighter than any operator between two operands, and `-1 as u8` is of −1. */
const castPrecedence = 14;
const unaryPrecedence = 15;
const unaryOperators = new Set(["*", "&", "-", "+", "!", "~"]);
const maxDepth = 200;
/** Tokens of a template's arguments looked through for their end. */
const maxTemplateTokens = 200;
const namedCasts = new Set(["static_cast", "reinterpret_cast", "const_cast", "dynamic_cast"]);

/** What containers are asked by, in the languages there are. */
const countWords = new Map([
  ["size", "count"],
  ["len", "count"],
  ["length", "count"],
  ["empty", "emptiness"],
  ["is_empty", "emptiness"],
] as const) as ReadonlyMap<string, "count" | "emptiness">;

/**
 * Parses one expression of C.
 *
 * `isTypeName` decides what only the debug info can: whether `(a)*b` is a cast or a product.
 * @throws {ExpressionError} at the token that does not fit.
 */
export function parseExpression(text: string, isTypeName: IsTypeName): Node {
  const parser = new Parser(new TokenStream(readTokens(text)), isTypeName);
  return parser.whole();
}

class Parser {
  readonly #tokens: TokenStream;
  readonly #isTypeName: IsTypeName;
  #depth = 0;

  constructor(tokens: TokenStream, isTypeName: IsTypeName) {
    this.#tokens = tokens;
    this.#isTypeName = isTypeName;
  }

  whole(): Node {
    const node = this.#expression(0);
    const { kind, text, column } = this.#tokens.peek();
    if (kind === "end") return node;
    if (/^(?:[-+*/%&|^]|<<|>>)?=$|^\+\+$|^--$/.test(text)) {
      throw new ExpressionError(
        `\`${text}\` would change the guest, which an expression here cannot`,
        column,
      );
    }
    throw new ExpressionError(`unexpected \`${text}\``, column);
  }

  /** An expression of operators that bind at least as tightly as `least`. */
  #expression(least: number): Node {
    if (++this.#depth > maxDepth) {
      throw new ExpressionError("the expression is nested too deeply", this.#tokens.peek().column);
    }
    let left = this.#prefix();
    for (;;) {
      const { kind, text, column } = this.#tokens.peek();
      if (kind === "name" && text === "as" && least <= castPrecedence) {
        this.#tokens.next();
        left = { kind: "cast", type: parseType(this.#tokens), operand: left, column };
        continue;
      }
      if (kind !== "operator") break;
      if (text === "?" && least <= conditionalPrecedence) {
        this.#tokens.next();
        const then = this.#expression(0);
        this.#tokens.expect(":");
        left = {
          kind: "conditional",
          condition: left,
          then,
          otherwise: this.#expression(conditionalPrecedence),
          column,
        };
        continue;
      }
      const binding = isBinary(text) ? precedence[text] : -1;
      if (!isBinary(text) || binding < Math.max(least, 1)) break;
      this.#tokens.next();
      left = { kind: "binary", operator: text, left, right: this.#expression(binding + 1), column };
    }
    this.#depth--;
    return left;
  }

  #prefix(): Node {
    const token = this.#tokens.peek();
    const { kind, text, column } = token;
    if (kind === "operator" && unaryOperators.has(text)) {
      this.#tokens.next();
      const operand = this.#expression(unaryPrecedence);
      return { kind: "unary", operator: text as UnaryOperator, operand, column };
    }
    if (kind === "name" && (text === "sizeof" || text === "_Alignof")) return this.#sizeof();
    if (this.#tokens.isAt("(") && this.#isCast()) {
      this.#tokens.next();
      const type = parseType(this.#tokens);
      this.#tokens.expect(")");
      return { kind: "cast", type, operand: this.#expression(unaryPrecedence), column };
    }
    return this.#postfix(this.#primary());
  }

  #sizeof(): Node {
    const { text, column } = this.#tokens.next();
    if (text !== "sizeof") throw new ExpressionError(`${text} is not supported`, column);
    if (this.#tokens.isAt("(") && this.#isCast()) {
      this.#tokens.next();
      const operand = parseType(this.#tokens);
      this.#tokens.expect(")");
      return { kind: "sizeof", operand, column };
    }
    return { kind: "sizeof", operand: this.#expression(unaryPrecedence), column };
  }

  /** Whether the parenthesis ahead holds a type. */
  #isCast(): boolean {
    const mark = this.#tokens.mark();
    this.#tokens.next();
    const isType = startsType(this.#tokens, this.#isTypeName);
    this.#tokens.reset(mark);
    return isType;
  }

  #postfix(start: Node): Node {
    let node = start;
    for (;;) {
      const { kind, text, column } = this.#tokens.peek();
      if (kind !== "operator") return node;
      if (text === "." || text === "->") {
        this.#tokens.next();
        const name = this.#tokens.next();
        const isTupleField = name.kind === "number" && /^\d+$/.test(name.text);
        const asks = countWords.get(name.text);
        if (asks && this.#tokens.isAt("(") && this.#tokens.isAt(")", 1)) {
          this.#tokens.next();
          this.#tokens.next();
          node = { kind: "size", object: node, asks, column: name.column };
          continue;
        }
        if (text === "." && name.text === "*") {
          const pointer = this.#expression(unaryPrecedence);
          node = { kind: "pointed-member", object: node, pointer, column: name.column };
          continue;
        }
        if (name.kind !== "name" && !isTupleField)
          throw new ExpressionError("expected the name of a member", name.column);
        node = {
          kind: "member",
          object: node,
          operator: text,
          name: this.#memberPath(name.text),
          column: name.column,
        };
      } else if (text === "[") {
        this.#tokens.next();
        node = this.#subscript(node, column);
      } else if (text === "(") {
        throw new ExpressionError("functions of the guest cannot be called", column);
      } else {
        return node;
      }
    }
  }

  /** A member's name with the base classes it is said to be of: `base::a`. */
  #memberPath(first: string): string {
    let path = first;
    while (this.#tokens.isAt("::") && this.#tokens.peek(1).kind === "name") {
      this.#tokens.next();
      path += `::${this.#tokens.next().text}`;
    }
    return path;
  }

  /** What follows a `[`: an index, or the two ends of a range. */
  #subscript(object: Node, column: number): Node {
    const isRange = () => this.#tokens.isAt("..") || this.#tokens.isAt("..=");
    const first = isRange() ? undefined : this.#expression(0);
    if (first && !isRange()) {
      this.#tokens.expect("]");
      return { kind: "index", object, index: first, column };
    }
    const isInclusive = this.#tokens.next().text === "..=";
    const end = this.#tokens.isAt("]") ? undefined : this.#expression(0);
    this.#tokens.expect("]");
    return { kind: "slice", object, start: first, end, isInclusive, column };
  }

  #primary(): Node {
    const token = this.#tokens.peek();
    const { kind, text, column } = token;
    switch (kind) {
      case "number":
        this.#tokens.next();
        return readNumber(token);
      case "character":
        this.#tokens.next();
        return readCharacter(token);
      case "string":
        this.#tokens.next();
        return readString(token);
      case "slot":
        this.#tokens.next();
        return slotNode(text, column);
      case "name":
        return this.#name();
      case "end":
        throw new ExpressionError("expected an expression", column);
      case "operator":
        break;
    }
    if (this.#tokens.accept("(")) {
      const node = this.#expression(0);
      this.#tokens.expect(")");
      return node;
    }
    if (text === "::" && this.#tokens.peek(1).kind === "name") {
      this.#tokens.next();
      return { kind: "name", name: this.#tokens.nextQualifiedName(), from: "globals", column };
    }
    throw new ExpressionError(`unexpected \`${text}\``, column);
  }

  /** `static_cast<T>(e)` and its like: here they are all the same. */
  #namedCast(): Node {
    const { column } = this.#tokens.next();
    this.#tokens.expect("<");
    const type = parseType(this.#tokens);
    this.#tokens.expect(">");
    this.#tokens.expect("(");
    const operand = this.#expression(0);
    this.#tokens.expect(")");
    return { kind: "cast", type, operand, column };
  }

  /** A path through a class made from a template, `box<int>::made`, which must go on behind the `>`. */
  #templatePath(): string | undefined {
    let start = 1;
    while (this.#tokens.isAt("::", start)) start += 2;
    if (!this.#tokens.isAt("<", start)) return undefined;
    let depth = 0;
    let end = start;
    for (; end < start + maxTemplateTokens; end++) {
      const { kind, text } = this.#tokens.peek(end);
      if (kind === "end") return undefined;
      depth += text === "<" ? 1 : text === ">" ? -1 : text === ">>" ? -2 : 0;
      if (depth <= 0) break;
    }
    if (depth !== 0 || !this.#tokens.isAt("::", end + 1) || this.#tokens.peek(end + 2).kind !== "name") {
      return undefined;
    }
    let path = "";
    for (let count = 0; count <= end + 2; count++) {
      const { kind, text } = this.#tokens.next();
      const isSpaced = text === "*" || (kind === "name" && /\w$/.test(path));
      path += text === "," ? ", " : isSpaced ? ` ${text}` : text;
    }
    while (this.#tokens.isAt("::") && this.#tokens.peek(1).kind === "name") {
      path += `${this.#tokens.next().text}${this.#tokens.next().text}`;
    }
    // Debug info has a space between two closing brackets.
    return path.replaceAll(/>(?=>)/g, "> ");
  }

  #name(): Node {
    const { text, column } = this.#tokens.peek();
    if (text === "true" || text === "false") {
      this.#tokens.next();
      return { kind: "boolean", value: text === "true", column };
    }
    if (namedCasts.has(text) && this.#tokens.isAt("<", 1)) return this.#namedCast();
    const templatePath = this.#templatePath();
    if (templatePath !== undefined) return { kind: "name", name: templatePath, from: "frame", column };
    if (isTypeWord(text)) throw new ExpressionError(`\`${text}\` is a type, not a value`, column);
    return { kind: "name", name: this.#tokens.nextQualifiedName(), from: "frame", column };
  }
}

function isBinary(text: string): text is BinaryOperator {
  return Object.hasOwn(precedence, text);
}

function slotNode(text: string, column: number): Node {
  const match = /^\$(local|global)(\d+)$/.exec(text);
  if (!match)
    throw new ExpressionError(
      `\`${text}\` is unknown: \`$local0\` and \`$global0\` are raw Wasm values`,
      column,
    );
  return { kind: "slot", slot: match[1] === "local" ? "local" : "global", index: Number(match[2]), column };
}
