import { ExpressionError } from "../symbols/variable.ts";
import type { BinaryOperator, ExpressionLanguage, Node, UnaryOperator, ValueOperator } from "./ast.ts";
import { type FormatSuffix, readSuffix } from "./format-suffix.ts";
import { readTokens } from "./lexer.ts";
import {
  assignmentPrecedence,
  bindingOf,
  castPrecedence,
  conditionalPrecedence,
  isRelation,
  unaryPrecedence,
} from "./precedence.ts";
import { parsePrimary } from "./primary.ts";
import type { PrimaryParser } from "./primary-parser.ts";
import { isSizeWord, parseSizeof } from "./size-syntax.ts";
import { TokenStream } from "./token-stream.ts";
import { type IsTypeName, parseType, startsType } from "./type-parser.ts";

const unaryOperators = new Set(["*", "&", "-", "+", "!", "~"]);
const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);
const maxDepth = 200;

/** An expression, and how its value is to be shown. */
export interface ParsedExpression {
  readonly node: Node;
  readonly suffix?: FormatSuffix;
  /** The text without the suffix. */
  readonly text: string;
}

/**
 * Parses one expression of C, C++ or Rust, with a format suffix such as `,x` at its end.
 *
 * `isTypeName` decides what only the debug info can: whether `(a)*b` is a cast or a product. `isVariable` says of words for
 * types of C whether they are variables all the same: other languages have some called `double`.
 * @throws {ExpressionError} at the token that does not fit.
 */
export function parseWithSuffix(
  text: string,
  isTypeName: IsTypeName,
  language: ExpressionLanguage = "c",
  isVariable: IsTypeName = () => false,
): ParsedExpression {
  const tokens = readTokens(text, language);
  const suffix = readSuffix(tokens);
  const stream = new TokenStream(suffix ? [...suffix.before, endAt(suffix.column)] : tokens);
  const node = new Parser(stream, isTypeName, language, isVariable).whole();
  return suffix ? { node, suffix, text: text.slice(0, suffix.column).trim() } : { node, text: text.trim() };
}

const endAt = (column: number) => ({ kind: "end", text: "", column }) as const;

/** As `parseWithSuffix`, where the value is not to be shown: a suffix changes nothing. */
export function parseExpression(
  text: string,
  isTypeName: IsTypeName,
  language: ExpressionLanguage = "c",
): Node {
  return parseWithSuffix(text, isTypeName, language).node;
}

class Parser implements PrimaryParser {
  readonly tokens: TokenStream;
  readonly isTypeName: IsTypeName;
  readonly language: ExpressionLanguage;
  readonly isVariable: IsTypeName;
  #depth = 0;

  constructor(
    tokens: TokenStream,
    isTypeName: IsTypeName,
    language: ExpressionLanguage,
    isVariable: IsTypeName,
  ) {
    this.tokens = tokens;
    this.isTypeName = isTypeName;
    this.language = language;
    this.isVariable = isVariable;
  }

  whole(): Node {
    const node = this.expression();
    const { kind, text, column } = this.tokens.peek();
    if (kind === "end") return node;
    throw new ExpressionError(`unexpected \`${text}\``, column);
  }

  /** An expression of operators that bind at least as tightly as `least`. */
  expression(least = 0): Node {
    if (++this.#depth > maxDepth) {
      throw new ExpressionError("the expression is nested too deeply", this.tokens.peek().column);
    }
    let left = this.#prefix();
    for (let next = this.#extended(left, least); next; next = this.#extended(left, least)) left = next;
    this.#depth--;
    return left;
  }

  /** `left` with the operator behind it and what that takes; `undefined` where none binds tightly enough. */
  #extended(left: Node, least: number): Node | undefined {
    const { kind, text, column } = this.tokens.peek();
    if (kind === "name" && text === "as" && least <= castPrecedence) {
      this.tokens.next();
      return { kind: "cast", type: parseType(this.tokens, this.language), operand: left, column };
    }
    if (kind !== "operator") return undefined;
    if (text === "?" && least <= conditionalPrecedence) {
      this.tokens.next();
      const then = this.expression();
      this.tokens.expect(":");
      return {
        kind: "conditional",
        condition: left,
        then,
        otherwise: this.expression(assignmentPrecedence),
        column,
      };
    }
    if (assignments.has(text) && least <= assignmentPrecedence) {
      this.tokens.next();
      const operator = text === "=" ? undefined : (text.slice(0, -1) as ValueOperator);
      return {
        kind: "assignment",
        operator,
        target: left,
        value: this.expression(assignmentPrecedence),
        column,
      };
    }
    const binding = bindingOf(text, this.language);
    if (binding === undefined || binding < Math.max(least, 1)) return undefined;
    this.tokens.next();
    const right = this.expression(binding + 1);
    const after = this.tokens.peek();
    if (this.language === "rust" && isRelation(text) && isRelation(after.text)) {
      throw new ExpressionError("comparisons cannot be chained: use parentheses or `&&`", after.column);
    }
    return { kind: "binary", operator: text as BinaryOperator, left, right, column };
  }

  #prefix(): Node {
    const { kind, text, column } = this.tokens.peek();
    if (kind === "operator" && unaryOperators.has(text)) {
      this.tokens.next();
      if (text === "&" && this.language === "rust") this.tokens.acceptWord("mut");
      const operand = this.expression(unaryPrecedence);
      return { kind: "unary", operator: text as UnaryOperator, operand, column };
    }
    if (kind === "operator" && (text === "++" || text === "--")) {
      this.tokens.next();
      return {
        kind: "step",
        operator: text === "++" ? "+" : "-",
        target: this.expression(unaryPrecedence),
        isPostfix: false,
        column,
      };
    }
    if (kind === "name" && isSizeWord(text)) return parseSizeof(this);
    if (this.language === "c" && this.tokens.isAt("(") && this.isCast()) {
      this.tokens.next();
      const type = parseType(this.tokens);
      this.tokens.expect(")");
      return { kind: "cast", type, operand: this.expression(unaryPrecedence), column };
    }
    return this.#postfix(parsePrimary(this));
  }

  /** Whether the parenthesis ahead holds a type. */
  isCast(): boolean {
    const mark = this.tokens.mark();
    this.tokens.next();
    const isType = startsType(this.tokens, this.isTypeName);
    this.tokens.reset(mark);
    return isType;
  }

  #postfix(start: Node): Node {
    let node = start;
    for (;;) {
      const { kind, text, column } = this.tokens.peek();
      if (kind !== "operator") return node;
      if (text === "." || text === "->") {
        this.tokens.next();
        node = this.#member(node, text);
      } else if (text === "[") {
        this.tokens.next();
        node = this.#subscript(node, column);
      } else if (text === "(") {
        this.tokens.next();
        node = { kind: "call", callee: node, args: this.#arguments(), column };
      } else if (text === "++" || text === "--") {
        this.tokens.next();
        node = { kind: "step", operator: text === "++" ? "+" : "-", target: node, isPostfix: true, column };
      } else {
        return node;
      }
    }
  }

  #member(object: Node, operator: "." | "->"): Node {
    const name = this.tokens.next();
    const { column } = name;
    if (operator === "." && name.text === "*") {
      return { kind: "pointed-member", object, pointer: this.expression(unaryPrecedence), column };
    }
    const isTupleField = name.kind === "number" && /^\d+$/.test(name.text);
    if (name.kind !== "name" && !isTupleField)
      throw new ExpressionError("expected the name of a member", column);
    return { kind: "member", object, operator, name: this.#memberPath(name.text), column };
  }

  /** A member's name with the base classes it is said to be of: `base::a`. */
  #memberPath(first: string): string {
    let path = first;
    while (this.tokens.isAt("::") && this.tokens.peek(1).kind === "name") {
      this.tokens.next();
      path += `::${this.tokens.next().text}`;
    }
    return path;
  }

  /** What follows a `(` up to its `)`. */
  #arguments(): readonly Node[] {
    const args: Node[] = [];
    while (!this.tokens.accept(")")) {
      if (args.length > 0) this.tokens.expect(",");
      args.push(this.expression(assignmentPrecedence));
    }
    return args;
  }

  /** What follows a `[`: an index, or the two ends of a range. */
  #subscript(object: Node, column: number): Node {
    const isRange = () => this.tokens.isAt("..") || this.tokens.isAt("..=");
    const first = isRange() ? undefined : this.expression();
    if (first && !isRange()) {
      this.tokens.expect("]");
      return { kind: "index", object, index: first, column };
    }
    const isInclusive = this.tokens.next().text === "..=";
    const end = this.tokens.isAt("]") ? undefined : this.expression();
    this.tokens.expect("]");
    return { kind: "slice", object, start: first, end, isInclusive, column };
  }
}
