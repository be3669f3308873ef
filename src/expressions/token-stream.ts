import { ExpressionError } from "../symbols/variable.ts";
import type { Token } from "./token.ts";

/** Tokens read one after another, with as much looking ahead as is asked for. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #position = 0;

  /** The last token must be of kind `end`; the stream stays at it. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#position + ahead, last)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#position++;
    return token;
  }

  /** Moves past an operator if it is next. */
  accept(operator: string): boolean {
    if (!this.isAt(operator)) return false;
    this.next();
    return true;
  }

  isAt(operator: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "operator" && token.text === operator;
  }

  /** @throws {ExpressionError} unless the operator is next. */
  expect(operator: string): void {
    if (!this.accept(operator)) throw new ExpressionError(`expected \`${operator}\``, this.peek().column);
  }

  /** Moves past a word if it is next. */
  acceptWord(word: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== "name" || text !== word) return false;
    this.next();
    return true;
  }

  /** @throws {ExpressionError} unless the word is next. */
  expectWord(word: string): void {
    if (!this.acceptWord(word)) throw new ExpressionError(`expected \`${word}\``, this.peek().column);
  }

  /** Moves past a `>`, which may be the first half of a `>>`. @throws {ExpressionError} */
  closeAngle(): void {
    if (this.isAt(">>") && !this.#isHalfway) {
      this.#isHalfway = true;
      return;
    }
    if (this.#isHalfway) {
      this.#isHalfway = false;
      this.next();
    } else this.expect(">");
  }
  #isHalfway = false;

  /** The next tokens as debug info spells them in names, and moves past them. */
  nextSpelled(count: number): string {
    let path = "";
    for (let index = 0; index < count; index++) {
      const { kind, text } = this.next();
      const isSpaced = (text === "*" && !path.endsWith("*")) || (kind === "name" && /\w$/.test(path));
      path += text === "," ? ", " : isSpaced ? ` ${text}` : text;
    }
    // Debug info has a space between two closing brackets.
    return path.replaceAll(/>(?=>)/g, "> ");
  }

  /** The name at the next token with the `::` parts after it, without moving. */
  peekQualifiedName(): string {
    let name = this.peek().text;
    for (let ahead = 1; this.isAt("::", ahead) && this.peek(ahead + 1).kind === "name"; ahead += 2) {
      name += `::${this.peek(ahead + 1).text}`;
    }
    return name;
  }

  /** As `peekQualifiedName`, and moves past it. */
  nextQualifiedName(): string {
    const name = this.peekQualifiedName();
    this.#position += name.split("::").length * 2 - 1;
    return name;
  }

  /** Goes back to where `mark` was made. */
  reset(mark: number): void {
    this.#position = mark;
  }

  mark(): number {
    return this.#position;
  }
}
