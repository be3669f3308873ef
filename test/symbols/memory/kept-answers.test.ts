import assert from "node:assert/strict";
import { KeptAnswers } from "../../../src/symbols/memory/kept-answers.ts";

describe("answers kept for a stop", () => {
  it("are asked for once, also while they are on their way, and at hand from then on", async () => {
    const answers = new KeptAnswers<number, string | undefined>();
    let asked = 0;
    const ask = async () => {
      asked++;
      return undefined;
    };
    const both = [answers.of(1, ask), answers.of(1, ask)];
    assert.deepEqual(await Promise.all(both), [undefined, undefined]);
    assert.equal(answers.of(1, ask), undefined);
    assert.equal(asked, 1);
  });

  it("are not kept when they are failures", async () => {
    const answers = new KeptAnswers<number, string>();
    const failing = () => Promise.reject(new Error("not now"));
    await assert.rejects(async () => answers.of(1, failing), /not now/);
    assert.equal(await answers.of(1, async () => "now"), "now");
  });

  it("are asked for again once they are forgotten, whatever was on its way", async () => {
    const answers = new KeptAnswers<number, string>();
    const before = answers.of(1, async () => "before");
    answers.forget(1);
    const after = answers.of(1, async () => "after");
    assert.deepEqual(await Promise.all([before, after]), ["before", "after"]);
    assert.equal(
      answers.of(1, async () => "never"),
      "after",
    );
  });
});
