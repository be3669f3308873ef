import assert from "node:assert/strict";
import { declaredInText } from "../../src/debuginfo/declared-in-text.ts";

describe("the line on which a text declares a function", () => {
  const found = (lines: readonly string[], name: string) =>
    declaredInText(lines.join("\n"), name, lines.length - 1);

  it("is the nearest above its code", () => {
    assert.equal(found(["function f(a: i32): i32 {", "", "  return 1;"], "index/f"), 0);
    assert.equal(found(["function f(", "  a: i32,", "): i32 {", "  // why", "  return 1;"], "f"), 0);
    assert.equal(found(["export function f<T>(a: T): T { return a; }"], "index/f<i32>"), 0);
  });

  it("is not a call of it", () => {
    assert.equal(found(["function f(a: i32): i32 {", "  return f(a);"], "index/f"), 0);
    assert.equal(found(["function f(a: i32): i32 {", "  let b = f(a) + f(b);"], "index/f"), 0);
    assert.equal(found(["let x = f(1);", "  return 1;"], "f"), undefined);
    assert.equal(found(["object.f(1);"], "f"), undefined);
  });

  it("is that of a method, an accessor or a constructor", () => {
    const lines = ["class A {", "  constructor(public x: i32) {", "    this.x = x;"];
    assert.equal(found(lines, "index/A#constructor"), 1);
    assert.equal(found(["class A {", "  get x(): i32 {", "    return 1;"], "index/A#get:x"), 1);
    assert.equal(found(["  static make(): A {", "    return 1;"], "index/A.make"), 0);
    assert.equal(found(["  sum(): i32 {", "    return 1;"], "index/A#sum@override"), 0);
  });

  it("may be one of C or C++", () => {
    assert.equal(found(["static const char *name(int n)", "{", "    return 0;"], "name"), 0);
    assert.equal(found(["void shapes::Circle::draw() const {", "    return;"], "draw"), 0);
  });

  it("is not known where the text does not have it nearby", () => {
    assert.equal(found(["function g() {", "  return 1;"], "f"), undefined);
    assert.equal(
      found(["function f() {", ...new Array<string>(200).fill(""), "  return 1;"], "f"),
      undefined,
    );
    assert.equal(found(["function f() {"], ""), undefined);
  });
});
