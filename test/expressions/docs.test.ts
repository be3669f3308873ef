import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";
import { fromRoot } from "../support/paths.ts";
import { pauseAt } from "../support/paused-fixture.ts";

interface Example {
  readonly expression: string;
  /** `error: ` and a sentence, or a value's text; what ends in an opening quote is only begun. */
  readonly shown: string;
}

/** The tables that follow a `guest:` comment, each with the guest that its expressions are of. */
function readTables(
  text: string,
): readonly { readonly guest: string; readonly examples: readonly Example[] }[] {
  return text
    .split("<!-- guest: ")
    .slice(1)
    .map((part) => {
      const [table = ""] = /\| expression[\s\S]*?(?=\n\n|$)/.exec(part) ?? [];
      const rows = table.split("\n").slice(2);
      const examples = rows.map((row) => {
        const [, expression, error = "", shown] = /^\| `(.*?)` \| (error: )?(`+.*`+) \|$/.exec(row) ?? [];
        if (expression === undefined || shown === undefined)
          throw new Error(`this row cannot be read: ${row}`);
        return { expression, shown: error + shown.replace(/^(`+) ?(.*?) ?\1$/, "$2") };
      });
      return { guest: part.slice(0, part.indexOf(" ")), examples };
    });
}

describe("docs/expressions.md", () => {
  afterEach(endAll);
  const tables = readTables(readFileSync(fromRoot("docs/expressions.md"), "utf8"));

  for (const [index, { guest, examples }] of tables.entries()) {
    it(`shows what is so, in table ${index + 1}, of ${guest}`, async () => {
      assert.ok(examples.length > 0);
      const { symbols, frame } = await pauseAt(fixture(guest, "dwarf5.O0"), "main");
      for (const { expression, shown } of examples) {
        const found = await symbols.evaluate(frame, expression, { onEffect() {} }).then(
          ({ value }) => value,
          (error: unknown) => {
            if (error instanceof ExpressionError) return `error: ${error.message}`;
            throw error;
          },
        );
        const isBegun = /[^"]"$/.test(shown) && shown.split('"').length === 2;
        const compared = isBegun ? found.slice(0, shown.length) : found;
        assert.ok(meetsExpectation(compared, shown), `${expression} shows ${found}, not ${shown}`);
      }
    });
  }
});
