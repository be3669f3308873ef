/** A piece of an expression's text. `column` is 0-based, of its first character. */
export interface Token {
  readonly kind: "name" | "number" | "character" | "string" | "slot" | "operator" | "end";
  /** As written; empty at the end. */
  readonly text: string;
  readonly column: number;
}

/** One past the last column of a token. */
export function endOf(token: Token): number {
  return token.column + token.text.length;
}
