import assert from "node:assert/strict";
import { LogMessageError, parseLogMessage, textAlone } from "../../src/debugger/log-message.ts";

describe("a log message", () => {
  it("is text with expressions in braces", () => {
    assert.deepEqual(parseLogMessage("i is {i}, {p->x, x}!"), [
      { kind: "text", text: "i is " },
      { kind: "expression", text: "i", format: "decimal", suffixed: "i" },
      { kind: "text", text: ", " },
      { kind: "expression", text: "p->x", format: "hexadecimal", suffixed: "p->x,x" },
      { kind: "text", text: "!" },
    ]);
  });

  it("has braces of its own behind a backslash", () => {
    assert.deepEqual(parseLogMessage("\\{i\\} \\n"), [{ kind: "text", text: "{i} \\n" }]);
  });

  it("takes braces and commas within an expression as parts of it", () => {
    assert.deepEqual(parseLogMessage("{a['}'] + f{1}}{a, y}"), [
      { kind: "expression", text: "a['}'] + f{1}", format: "decimal", suffixed: "a['}'] + f{1}" },
      { kind: "expression", text: "a, y", format: "decimal", suffixed: "a, y" },
    ]);
  });

  it("is refused when a brace has no end", () => {
    assert.throws(() => parseLogMessage("i is {i"), LogMessageError);
    assert.throws(() => parseLogMessage("{'}"), LogMessageError);
  });

  it("writes the text of strings alone where that is asked for", () => {
    assert.deepEqual(parseLogMessage("{name,s}"), [
      { kind: "expression", text: "name", format: "text", suffixed: "name" },
    ]);
    assert.equal(textAlone('0x00001234 "it is"'), "it is");
    assert.equal(textAlone('"all"…'), "all");
    assert.equal(textAlone("7"), "7");
  });
});
