import assert from "node:assert/strict";
import { trapKindsOf } from "../../../adapter/convert/trap-kinds.ts";

describe("kinds of traps by the names that users give", () => {
  const count = (text: string): number => {
    const kinds = trapKindsOf(text);
    return "problem" in kinds ? -1 : kinds.length;
  };

  it("are all without a name, and those with a name or a pattern else", () => {
    assert.equal(count(""), 13);
    assert.equal(count(" , "), 13);
    assert.deepEqual(trapKindsOf("stack-overflow"), ["stack-overflow"]);
    assert.deepEqual(trapKindsOf("Integer-*"), ["integer-divide-by-zero", "integer-overflow"]);
    assert.deepEqual(trapKindsOf("*-overflow, *of*bounds"), [
      ...["memory-out-of-bounds", "table-out-of-bounds", "integer-overflow", "stack-overflow"],
    ]);
    assert.equal(count("*"), 13);
  });

  it("are all but those after an exclamation mark, or those named but these", () => {
    assert.equal(count("!unreachable"), 12);
    assert.equal(count("! unreachable, !*overflow"), 10);
    assert.deepEqual(trapKindsOf("integer-*,!integer-overflow"), ["integer-divide-by-zero"]);
  });

  it("are none there is: then the kinds are listed", () => {
    for (const text of ["stack", "stack-overflow, divide", "!", "!nothing", "of*f"]) {
      const kinds = trapKindsOf(text);
      assert.ok("problem" in kinds, text);
      assert.match(kinds.problem, /^There is no kind of trap called `.*`\. The kinds are: unreachable, /);
    }
    assert.ok("problem" in trapKindsOf(`${"*a".repeat(5000)}!`));
  });
});
