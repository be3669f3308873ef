import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromRoot } from "../support/paths.ts";

const numbersIn = (file: string, pattern: RegExp): readonly string[] => [
  ...new Set([...readFileSync(fromRoot(file), "utf8").matchAll(pattern)].map(([, number = ""]) => number)),
];

describe("the page on troubleshooting", () => {
  it("has a place for every error that a client can get, and for no other", () => {
    const errors = numbersIn("adapter/session/errors.ts", /(?:new UserError\(|id: )\s*(\d{4})/g);
    const anchors = numbersIn("docs/troubleshooting.md", /<a id="e(\d{4})">/g);
    assert.ok(errors.length > 30, `${errors.length} errors found`);
    assert.deepEqual([...anchors].sort(), [...errors].sort());
  });
});
