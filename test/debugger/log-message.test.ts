import assert from "node:assert/strict";
import { formatValue, LogMessageError, parseLogMessage } from "../../src/debugger/log-message.ts";

describe("a log message", () => {
  it("is text with expressions in braces", () => {
    assert.deepEqual(parseLogMessage("i is {i}, {p->x, x}!"), [
      { kind: "text", text: "i is " },
      { kind: "expression", text: "i", format: "default" },
      { kind: "text", text: ", " },
      { kind: "expression", text: "p->x", format: "hexadecimal" },
      { kind: "text", text: "!" },
    ]);
  });

  it("has braces of its own behind a backslash", () => {
    assert.deepEqual(parseLogMessage("\\{i\\} \\n"), [{ kind: "text", text: "{i} \\n" }]);
  });

  it("takes braces and commas within an expression as parts of it", () => {
    assert.deepEqual(parseLogMessage("{a['}'] + f{1}}{a, y}"), [
      { kind: "expression", text: "a['}'] + f{1}", format: "default" },
      { kind: "expression", text: "a, y", format: "default" },
    ]);
  });

  it("is refused when a brace has no end", () => {
    assert.throws(() => parseLogMessage("i is {i"), LogMessageError);
    assert.throws(() => parseLogMessage("{'}"), LogMessageError);
  });

  it("writes values in the format asked for", () => {
    assert.equal(formatValue("5", "binary"), "0b101");
    assert.equal(formatValue("-9 'x'", "octal"), "-011");
    assert.equal(formatValue("1.5", "binary"), "1.5");
    assert.equal(formatValue('0x00001234 "it is"', "text"), "it is");
    assert.equal(formatValue('"all"…', "text"), "all");
    assert.equal(formatValue("7", "text"), "7");
  });
});
