import type { BinaryOperator, ExpressionLanguage } from "./ast.ts";

type Table = Readonly<Record<BinaryOperator, number>>;

/** How tightly binary operators bind, as in C; all group to the left. */
const ofC: Table = {
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

/** In Rust `a & b == c` compares `a & b`. Source: The Rust Reference, "Expression precedence". */
const ofRust: Table = {
  ",": 1,
  "||": 4,
  "&&": 5,
  "==": 6,
  "!=": 6,
  "<": 6,
  ">": 6,
  "<=": 6,
  ">=": 6,
  "|": 7,
  "^": 8,
  "&": 9,
  "<<": 10,
  ">>": 10,
  "+": 12,
  "-": 12,
  "*": 13,
  "/": 13,
  "%": 13,
};

/** Of `=`, `+=` and their like, which group to the right. */
export const assignmentPrecedence = 2;
/** Of `a ? b : c`. */
export const conditionalPrecedence = 3;
/** Of Rust's `as`: tighter than any operator between two operands, and `-1 as u8` is of −1. */
export const castPrecedence = 14;
export const unaryPrecedence = 15;

/** How tightly an operator between two operands binds; `undefined` for what is none. */
export function bindingOf(operator: string, language: ExpressionLanguage): number | undefined {
  return Object.hasOwn(ofC, operator)
    ? (language === "rust" ? ofRust : ofC)[operator as BinaryOperator]
    : undefined;
}

/** Whether an operator compares two operands. */
export function isRelation(operator: string): boolean {
  return ["==", "!=", "<", ">", "<=", ">="].includes(operator);
}
