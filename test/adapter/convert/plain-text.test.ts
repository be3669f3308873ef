import assert from "node:assert/strict";
import { PlainText } from "../../../adapter/convert/plain-text.ts";

describe("text without escape sequences", () => {
  const plain = (...pieces: string[]) => {
    const text = new PlainText();
    return pieces.map((piece) => text.take(piece)).join("");
  };

  it("has neither colours nor movements nor titles in it", () => {
    assert.equal(plain("\u001b[1;31mred\u001b[0m and \u001b[2Kplain"), "red and plain");
    assert.equal(
      plain("\u001b]0;title\u0007text \u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\"),
      "text link",
    );
  });

  it("is the same however the pieces fall", () => {
    const whole = "a\u001b[31mred\u001b[0mb\u001b]0;t\u0007c";
    for (let at = 1; at < whole.length; at++) {
      assert.equal(plain(whole.slice(0, at), whole.slice(at)), "aredbc", `split at ${at}`);
    }
  });

  it("does not wait for the end of what has none", () => {
    assert.ok(plain(`\u001b]${"x".repeat(1000)}`).includes("xxx"));
  });

  it("keeps everything else", () => {
    assert.equal(plain("100 [31m % \t\n\r ä\u0007"), "100 [31m % \t\n\r ä\u0007");
  });
});
