import assert from "node:assert/strict";
import {
  argumentsObject,
  arrayOf,
  boolean,
  count,
  integer,
  object,
  oneOf,
  optional,
  string,
} from "../../../adapter/protocol/arguments.ts";

describe("checking a request's arguments", () => {
  const read = argumentsObject({
    threadId: integer,
    start: optional(count),
    filter: optional(oneOf("named", "indexed")),
    items: optional(arrayOf(object({ line: integer }))),
  });

  it("takes what is asked for and leaves the rest", () => {
    assert.deepEqual(read({ threadId: 1, start: 0, granularity: "line" }, ""), { threadId: 1, start: 0 });
  });

  it("takes null for an optional field as its absence", () => {
    assert.deepEqual(read({ threadId: 1, start: null }, ""), { threadId: 1 });
  });

  it("takes missing arguments for empty ones", () => {
    assert.deepEqual(argumentsObject({ a: optional(boolean) })(undefined, ""), {});
  });

  const wrong: readonly [unknown, string][] = [
    [undefined, "`threadId` is missing."],
    [{ threadId: "1" }, '`threadId` must be a whole number, but is "1".'],
    [{ threadId: 1.5 }, "`threadId` must be a whole number, but is 1.5."],
    [{ threadId: 1, start: -1 }, "`start` must be a whole number from 0, but is -1."],
    [{ threadId: 1, filter: "all" }, '`filter` must be "named" or "indexed", but is "all".'],
    [{ threadId: 1, items: {} }, "`items` must be an array, but is {}."],
    [{ threadId: 1, items: [{ line: 1 }, {}] }, "`items[1].line` is missing."],
    [{ threadId: 1, items: ["x"] }, '`items[0]` must be an object, but is "x".'],
    ["x", '`` must be an object, but is "x".'],
  ];
  for (const [value, sentence] of wrong) {
    it(`says of ${JSON.stringify(value)}: ${sentence}`, () => {
      assert.throws(() => read(value, ""), {
        name: "ArgumentError",
        message: sentence.replace("``", "`arguments`"),
      });
    });
  }

  it("cuts long values in messages", () => {
    assert.throws(() => string({ long: "x".repeat(500) }, "name"), { message: /^.{0,100}$/ });
  });
});
