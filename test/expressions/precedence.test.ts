import assert from "node:assert/strict";
import type { ExpressionLanguage, Node } from "../../src/expressions/ast.ts";
import { parseExpression } from "../../src/expressions/parser.ts";
import { randomNumbers } from "../support/random-expression.ts";

/** How tightly operators bind: C++ draft, "Expressions"; The Rust Reference, "Expression precedence". */
const levels: Readonly<Record<ExpressionLanguage, readonly (readonly string[])[]>> = {
  c: [[","], ["="], [], ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="]].concat([
    ["<<", ">>"],
    ["+", "-"],
    ["*", "/", "%"],
  ]),
  rust: [[","], ["="], [], ["||"], ["&&"], ["==", "!=", "<", ">", "<=", ">="], ["|"], ["^"], ["&"]].concat([
    ["<<", ">>"],
    ["+", "-"],
    ["*", "/", "%"],
    [],
  ]),
};
const assignmentLevel = 1;
const conditionalLevel = 2;
const castLevel = 13;
const unaryLevel = 14;
const compound = ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="];

type Piece =
  | { readonly kind: "operand" | "binary" | "unary" | "postfix" | "cast" | "colon"; readonly text: string }
  | { readonly kind: "question" };

/** A random expression in pieces that are read from left to right. */
function randomPieces(language: ExpressionLanguage, random: (limit: number) => number): Piece[] {
  const binary = levels[language].flat();
  const unary = language === "c" ? ["-", "+", "!", "~", "*", "&"] : ["-", "!", "*", "&"];
  const pieces: Piece[] = [];
  let open = 0;
  for (let count = 1 + random(9); count > 0; count--) {
    while (random(4) === 0) pieces.push({ kind: "unary", text: unary[random(unary.length)] as string });
    pieces.push({ kind: "operand", text: "pqruvw"[random(6)] as string });
    while (random(6) === 0) {
      pieces.push({ kind: "postfix", text: [".m", "->m", "[x]", "(x)", "(x, y)"][random(5)] as string });
    }
    if (language === "rust" && random(6) === 0) pieces.push({ kind: "cast", text: "i32" });
    if (count === 1) break;
    const kind = random(10);
    if (language === "c" && kind === 0) {
      pieces.push({ kind: "question" });
      open++;
    } else if (open > 0 && kind < 4) {
      pieces.push({ kind: "colon", text: ":" });
      open--;
    } else if (kind === 4) pieces.push({ kind: "binary", text: compound[random(compound.length)] as string });
    else pieces.push({ kind: "binary", text: binary[random(binary.length)] as string });
  }
  for (; open > 0; open--) pieces.push({ kind: "colon", text: ":" }, { kind: "operand", text: "z" });
  return pieces;
}

const textOf = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) =>
      piece.kind === "question" ? "?" : piece.kind === "cast" ? `as ${piece.text}` : piece.text,
    )
    .join(" ");

/**
 * Groups an expression by Dijkstra's shunting yard, which has nothing in common with the parser but the grammar.
 * `undefined` for a chain of comparisons, which Rust refuses.
 */
function grouped(pieces: readonly Piece[], language: ExpressionLanguage): string | undefined {
  const output: string[] = [];
  const stack: { readonly text: string; readonly level: number; readonly isUnary?: boolean }[] = [];
  let isChained = false;
  const levelOf = (text: string): number =>
    compound.includes(text) ? assignmentLevel : levels[language].findIndex((level) => level.includes(text));
  const reduce = (): void => {
    const { text, isUnary } = stack.pop() as (typeof stack)[number];
    const right = output.pop() as string;
    if (isUnary) output.push(`(${text}${right})`);
    else if (text === ":") {
      const then = output.pop();
      output.push(`(${output.pop()} ? ${then} : ${right})`);
    } else output.push(`(${output.pop()} ${text} ${right})`);
  };
  const reduceWhile = (holds: (level: number) => boolean): void => {
    for (let top = stack.at(-1); top && top.text !== "?" && holds(top.level); top = stack.at(-1)) reduce();
  };
  for (const piece of pieces) {
    switch (piece.kind) {
      case "operand":
        output.push(piece.text);
        break;
      case "unary":
        stack.push({ text: piece.text, level: unaryLevel, isUnary: true });
        break;
      case "postfix":
        output.push(`(${output.pop()}${piece.text})`);
        break;
      case "cast":
        reduceWhile((level) => level > castLevel);
        output.push(`(${output.pop()} as ${piece.text})`);
        break;
      case "question":
        reduceWhile((level) => level > conditionalLevel);
        stack.push({ text: "?", level: -1 });
        break;
      case "colon":
        while (stack.at(-1)?.text !== "?") reduce();
        stack.pop();
        // What comes behind it may be an assignment.
        stack.push({ text: ":", level: assignmentLevel });
        break;
      case "binary": {
        const level = levelOf(piece.text);
        const isRelation = language === "rust" && level === levelOf("==");
        const isRight = level === assignmentLevel;
        reduceWhile((other) => other > level);
        if (isRelation && stack.at(-1)?.level === level) isChained = true;
        if (!isRight) reduceWhile((other) => other >= level);
        stack.push({ text: piece.text, level });
      }
    }
  }
  while (stack.length > 0) reduce();
  return isChained ? undefined : output[0];
}

function show(node: Node): string {
  switch (node.kind) {
    case "name":
      return node.name;
    case "unary":
      return `(${node.operator}${show(node.operand)})`;
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "assignment":
      return `(${show(node.target)} ${node.operator ?? ""}= ${show(node.value)})`;
    case "conditional":
      return `(${show(node.condition)} ? ${show(node.then)} : ${show(node.otherwise)})`;
    case "cast":
      return `(${show(node.operand)} as ${node.type.name})`;
    case "member":
      return `(${show(node.object)}${node.operator}${node.name})`;
    case "index":
      return `(${show(node.object)}[${show(node.index)}])`;
    case "call":
      return `(${show(node.callee)}(${node.args.map(show).join(", ")}))`;
    default:
      return node.kind;
  }
}

describe("how operators group", () => {
  for (const language of ["c", "rust"] as const) {
    it(`is, in ${language}, as an independent parser has it`, () => {
      const random = randomNumbers(language.length);
      let compared = 0;
      for (let round = 0; round < 20_000; round++) {
        const pieces = randomPieces(language, random);
        const text = textOf(pieces);
        const expected = grouped(pieces, language);
        if (expected === undefined) {
          assert.throws(() => parseExpression(text, () => false, language), /chained/, text);
          continue;
        }
        assert.equal(show(parseExpression(text, () => false, language)), expected, text);
        compared++;
      }
      assert.ok(compared > 10_000, `${compared} were compared`);
    });
  }
});
