import assert from "node:assert/strict";
import type { Node } from "../../src/expressions/ast.ts";
import { parseExpression } from "../../src/expressions/parser.ts";

const parse = (text: string): Node => parseExpression(text, (name) => name === "circle");

/** The kinds of a node and of what it is made of, leftmost first. */
function kinds(node: Node): string {
  switch (node.kind) {
    case "member":
      return `${kinds(node.object)}.${node.name}`;
    case "call":
      return `${kinds(node.callee)}(${node.args.map(kinds).join(", ")})`;
    case "slice":
      return `${kinds(node.object)}[${node.start ? kinds(node.start) : ""}${node.isInclusive ? "..=" : ".."}${node.end ? kinds(node.end) : ""}]`;
    case "pointed-member":
      return `${kinds(node.object)}.*${kinds(node.pointer)}`;
    case "cast":
      return `(${kinds(node.operand)} as ${node.type.name}${node.type.declarators.join("")})`;
    case "binary":
      return `(${kinds(node.left)} ${node.operator} ${kinds(node.right)})`;
    case "unary":
      return `(${node.operator}${kinds(node.operand)})`;
    case "name":
      return node.name;
    case "integer":
      return String(node.value);
    case "float":
      return `float ${node.value}`;
    default:
      return node.kind;
  }
}

describe("expressions about library types", () => {
  for (const [text, meaning] of [
    ["v.size() + 1", "(v.size() + 1)"],
    ["m.at(k, 1).x", "m.at(k, 1).x"],
    ["v.size + 1", "(v.size + 1)"],
    ["v[1..3]", "v[1..3]"],
    ["v[..=n]", "v[..=n]"],
    ["v[2..]", "v[2..]"],
    ["t.0", "t.0"],
    ["t.0.1", "t.0.1"],
    ["t.0.1.x", "t.0.1.x"],
    ["f(1.5)".slice(2, 5), "float 1.5"],
    ["a + .5", "(a + float 0.5)"],
    ["a as i64 - 1", "((a as i64) - 1)"],
    ["a * b as u8", "(a * (b as u8))"],
    ["-a as u8", "((-a) as u8)"],
    ["a as i64 as u8", "((a as i64) as u8)"],
    ["static_cast<circle *>(p)", "(p as circle*)"],
    ["derived.base::a", "derived.base::a"],
    ["place.*member", "place.*member"],
    ["box<int>::made", "box<int>::made"],
    ["std::map<int, char *>::count", "std::map<int, char *>::count"],
    ["box<box<int>>::made", "box<box<int> >::made"],
    ["a < b", "(a < b)"],
    ["a < b > c", "((a < b) > c)"],
  ] as const) {
    it(`reads ${text}`, () => assert.equal(kinds(parse(text)), meaning));
  }
});
