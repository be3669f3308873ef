import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { pauseAt } from "../support/paused-fixture.ts";

describe("completing an expression", () => {
  after(endAll);

  it("replaces what stands before the cursor, wherever in an expression that is", async () => {
    const { symbols, frame } = await pauseAt(fixture("calls", "dwarf5.O0"), "main");
    const docs = readFileSync(fromRoot("docs/expressions.md"), "utf8");
    const texts = [...docs.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text = ""]) => text);
    assert.ok(texts.length > 50);
    for (const text of texts) {
      for (let column = 0; column <= text.length; column++) {
        const { start, items } = await symbols.complete(frame, text, column);
        assert.ok(start >= 0 && start <= column, text);
        const typed = text.slice(start, column).toLowerCase();
        for (const { label } of items)
          assert.ok(label.toLowerCase().startsWith(typed), `${label} for ${typed}`);
      }
    }
  });

  it("changes and calls nothing", async () => {
    const { symbols, frame } = await pauseAt(fixture("calls", "dwarf5.O0"), "main");
    for (const text of ["(counter = 5).", "mirrored(&here).", "s[counter++].", "operation(1, 2)."]) {
      assert.deepEqual((await symbols.complete(frame, text, text.length)).items, [], text);
    }
    assert.equal((await symbols.evaluate(frame, "counter")).value, "0");
  });
});
