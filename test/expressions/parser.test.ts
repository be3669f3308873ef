import assert from "node:assert/strict";
import type { Node } from "../../src/expressions/ast.ts";
import { parseExpression } from "../../src/expressions/parser.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";

const typeNames = new Set(["node_t", "ns::type", "int", "struct"]);

/** An expression with all its parentheses, the way the parser groups it. */
function grouped(text: string): string {
  return show(parseExpression(text, (name) => typeNames.has(name)));
}

function show(node: Node): string {
  switch (node.kind) {
    case "integer":
      return `${node.value}`;
    case "float":
      return `${node.value}${node.type === "float" ? "f" : ""}`;
    case "character":
      return `'${node.code}'`;
    case "string":
      return `"${new TextDecoder().decode(node.bytes.subarray(0, -1))}"`;
    case "boolean":
      return `${node.value}`;
    case "name":
      return node.from === "globals" ? `::${node.name}` : node.name;
    case "slot":
      return `$${node.slot}${node.index}`;
    case "member":
      return `(${show(node.object)}${node.operator}${node.name})`;
    case "index":
      return `(${show(node.object)}[${show(node.index)}])`;
    case "unary":
      return `(${node.operator}${show(node.operand)})`;
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "conditional":
      return `(${show(node.condition)} ? ${show(node.then)} : ${show(node.otherwise)})`;
    case "cast":
      return `((${typeText(node.type)})${show(node.operand)})`;
    case "sizeof":
      return `sizeof(${node.operand.kind === "type" ? typeText(node.operand) : show(node.operand)})`;
    default:
      return `<${node.kind}>`;
  }
}

function typeText({ keyword, name, declarators }: Extract<Node, { kind: "cast" }>["type"]): string {
  const base = keyword ? `${keyword} ${name}` : name;
  return base + declarators.map((of) => (of === "*" ? "*" : `[${of}]`)).join("");
}

function failure(text: string): { readonly message: string; readonly column: number } {
  try {
    parseExpression(text, (name) => typeNames.has(name));
  } catch (error) {
    assert.ok(error instanceof ExpressionError);
    return { message: error.message, column: error.column };
  }
  return assert.fail(`${text} is no error`);
}

describe("the expression parser", () => {
  const groupings: readonly (readonly [text: string, expected: string])[] = [
    ["p->next->name[3]", "(((p->next)->name)[3])"],
    ["a0 + a1 * 2", "(a0 + (a1 * 2))"],
    ["*p+x", "((*p) + x)"],
    ["*p.x", "(*(p.x))"],
    ["(*p).x", "((*p).x)"],
    ["-a[1]", "(-(a[1]))"],
    ["&a[1] - &a[0]", "((&(a[1])) - (&(a[0])))"],
    ["a - b - c", "((a - b) - c)"],
    ["a & 1 == 0", "(a & (1 == 0))"],
    ["a << 1 + 2", "(a << (1 + 2))"],
    ["a || b && c | d ^ e & f", "(a || (b && (c | (d ^ (e & f)))))"],
    ["a < b == c > d", "((a < b) == (c > d))"],
    ["!a == b", "((!a) == b)"],
    ["~a|b", "((~a) | b)"],
    ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
    ["a ? b ? c : d : e", "(a ? (b ? c : d) : e)"],
    ["a || b ? c + 1 : d", "((a || b) ? (c + 1) : d)"],
    ["a, b + 1", "(a , (b + 1))"],
    ["a[i, j]", "(a[(i , j)])"],
    ["(int)a + b", "(((int)a) + b)"],
    ["(unsigned char)b[i] & 15", "(((unsigned char)(b[i])) & 15)"],
    ["(node_t)*b", "((node_t)(*b))"],
    ["(n)*2", "(n * 2)"],
    ["(struct node *)p->x", "((struct node*)(p->x))"],
    ["((struct node *)p)->x", "(((struct node*)p)->x)"],
    ["(const struct node *const *)p", "((struct node**)p)"],
    ["(long unsigned int)x", "((unsigned long)x)"],
    ["(short)x", "((short)x)"],
    ["(long long)x", "((long long)x)"],
    ["(signed char)x", "((signed char)x)"],
    ["(int[3][4])x", "((int[4][3])x)"],
    ["(ns::type)x", "((ns::type)x)"],
    ["sizeof x + 1", "(sizeof(x) + 1)"],
    ["sizeof(int) * 2", "(sizeof(int) * 2)"],
    ["sizeof(x)[1]", "sizeof((x[1]))"],
    ["sizeof (node_t *)", "sizeof(node_t*)"],
    ["$local0 + $global12", "($local0 + $global12)"],
    ["::x + ns::y", "(::x + ns::y)"],
    ["a - -1", "(a - (-1))"],
    ["a&&b", "(a && b)"],
    ["0x1F + 0b101 + 017 + 1'000", "(((31 + 5) + 15) + 1000)"],
    ["1.5 + .5f + 1e3 + 2.", "(((1.5 + 0.5f) + 1000) + 2)"],
    ["'a' + '\\n' + '\\x41' + '\\0' + '\\''", "(((('97' + '10') + '65') + '0') + '39')"],
    ['"tab\\t é"', '"tab\t é"'],
    ["true != false", "(true != false)"],
    ["größe", "größe"],
  ];
  for (const [text, expected] of groupings) it(`groups ${text}`, () => assert.equal(grouped(text), expected));

  const failures: readonly (readonly [text: string, column: number, message: RegExp])[] = [
    ["", 0, /expected an expression/],
    ["a +", 3, /expected an expression/],
    ["a b", 2, /unexpected `b`/],
    ["(a", 2, /expected `\)`/],
    ["a[1", 3, /expected `\]`/],
    ["p->", 3, /name of a member/],
    ["1 .3", 2, /unexpected `.3`/],
    ["a ? b", 5, /expected `:`/],
    ["12ab", 0, /no number/],
    ["0x", 0, /no number/],
    ["08", 0, /no number/],
    ["99999999999999999999", 0, /too large/],
    ["'ab'", 0, /exactly one/],
    ["''", 0, /exactly one/],
    ["'\\q'", 0, /unknown escape/],
    ["1 + 'a", 4, /no end/],
    ['"abc', 0, /no end/],
    ["a # b", 2, /unexpected character `#`/],
    ["$x", 0, /unknown/],
    ["struct", 0, /is a type/],
    ["int + 1", 0, /is a type/],
    ["(struct)x", 7, /name of a struct/],
    ["(float int double)x", 1, /no type/],
  ];
  for (const [text, column, message] of failures) {
    it(`refuses ${text || "nothing"} at column ${column}`, () => {
      const error = failure(text);
      assert.match(error.message, message);
      assert.equal(error.column, column);
    });
  }

  it("ends on deep nesting instead of exhausting the stack", () => {
    assert.match(failure(`${"(".repeat(1000)}1${")".repeat(1000)}`).message, /nested too deeply/);
    assert.match(failure(`${"-".repeat(2000)}1`).message, /nested too deeply|unexpected|change/);
    assert.match(failure("1+".repeat(3000)).message, /too long/);
  });

  it("throws nothing but ExpressionError, whatever the text", () => {
    const pieces = [
      "a",
      "1",
      "(",
      ")",
      "*",
      "->",
      "[",
      "]",
      "+",
      "int",
      "sizeof",
      "?",
      ":",
      "'a'",
      "::",
      ".",
      "-",
      "&",
      "node_t",
      "$local0",
      ",",
    ];
    let seed = 12345;
    const random = (limit: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join(" ");
      try {
        assert.ok(grouped(text).length > 0);
      } catch (error) {
        assert.ok(error instanceof ExpressionError, `${text}: ${error}`);
        assert.ok(error.column >= 0 && error.column <= text.length);
      }
    }
  });
});
