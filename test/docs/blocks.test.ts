import assert from "node:assert/strict";
import { blocksOf, commandsOf, missingLine } from "./blocks.ts";

const page = [
  "Text.",
  "<!-- not run: nobody could -->",
  "```sh",
  "one 'two  three'   # and why",
  "four # status 3",
  "```",
  "",
  "```console",
  "$ five",
  "first",
  "…",
  "$ six",
  "```",
].join("\n");

describe("blocks of a page", () => {
  const [shell, session] = blocksOf(page);

  it("have a language, a line, and what the comment above them says", () => {
    assert.deepEqual([shell?.language, shell?.line, shell?.marks.get("not run")], ["sh", 3, "nobody could"]);
    assert.deepEqual([session?.language, session?.line, session?.marks.size], ["console", 8, 0]);
  });

  it("have commands, without remarks, with the status they end with and what they show", () => {
    assert.deepEqual(shell && commandsOf(shell), [
      { text: "one 'two  three'", status: 0 },
      { text: "four", status: 3 },
    ]);
    assert.deepEqual(session && commandsOf(session), [
      { text: "five", status: 0, output: ["first", "…"] },
      { text: "six", status: 0, output: [] },
    ]);
  });
});

describe("output that a page shows", () => {
  const printed = ["a", "b", "c", "d"];
  const cases: readonly [shown: readonly string[], missing: string | undefined][] = [
    [["a", "b", "c", "d"], undefined],
    [["…", "c", "d"], undefined],
    [["a", "…"], undefined],
    [["a", "…", "c", "…"], undefined],
    [["…"], undefined],
    [["a", "b"], "a"],
    [["b", "…"], "b"],
    [["…", "c"], "c"],
    [["a", "…", "x", "…"], "x"],
    [["…", "c", "…", "b", "…"], "b"],
    [["a", "c", "…"], "a"],
  ];
  for (const [shown, missing] of cases) {
    it(`${shown.join(" ")} is ${missing === undefined ? "" : "not "}what a b c d is`, () => {
      assert.equal(missingLine(shown, printed), missing);
    });
  }
});
