import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { allFixtures, fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";
import { surveyValues, type Tally } from "../support/survey-values.ts";

const goldenPath = fromRoot("test/debugger/optimised-values.golden.json");

/** What can be seen of each build's variables: a change is to be looked at. */
type Golden = Record<string, Record<"inner" | "outer", Omit<Tally, "missing">>>;

const builds = allFixtures().filter(({ name }) => name === "optimised" || name === "rust-optimised");

const engines = await nodes();
/** Has no second memories. */
const [, node20] = engines.find(([label]) => label === "Node 20") ?? [];
const [, newest = process.execPath] = engines.at(-1) ?? [];

describe("values in optimised code", () => {
  const seen: Golden = {};

  for (const guest of builds) {
    const name = `${guest.name}/${guest.build}`;
    it(`are there wherever debug info has a place for them, and never wrong: ${name}, on a Node with second memories`, async () => {
      const { inner, outer, met, wrong } = await surveyValues(guest, newest);
      assert.deepEqual(wrong, []);
      assert.ok(met > 0);
      assert.deepEqual([...inner.missing, ...outer.missing], []);
      seen[name] = { inner: countsOf(inner), outer: countsOf(outer) };
    }).timeout(60_000);
  }

  it("are as many as they have been", () => {
    if (process.env.UPDATE_GOLDEN) writeFileSync(goldenPath, `${JSON.stringify(seen, undefined, 2)}\n`);
    assert.deepEqual(seen, JSON.parse(readFileSync(goldenPath, "utf8")));
  });

  if (node20 !== undefined) {
    it("say on Node 20 what it takes to see them in outer frames", async () => {
      const { inner, outer, wrong } = await surveyValues(fixture("optimised", "dwarf5.O2"), node20);
      assert.deepEqual([...wrong, ...inner.missing], []);
      assert.ok(outer.missing.length > 0);
      for (const missing of outer.missing)
        assert.match(missing, /"runtimeExecutable" name a Node.js of version 22/);
    }).timeout(60_000);
  }
});

const countsOf = ({ available, optimisedOut }: Tally) => ({ available, optimisedOut });
