import type { ExpressionLanguage, Node } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";
import type { IsTypeName } from "./type-parser.ts";

/** What reading an operand takes of the parser around it. */
export interface PrimaryParser {
  readonly tokens: TokenStream;
  readonly isTypeName: IsTypeName;
  readonly isVariable: IsTypeName;
  readonly language: ExpressionLanguage;
  /** An expression of operators that bind at least as tightly as `least`. */
  expression(least?: number): Node;
  /** Whether the parenthesis ahead holds a type. */
  isCast(): boolean;
}
