import assert from "node:assert/strict";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { beginWalk } from "../support/walk.ts";

describe("calls that were inlined", () => {
  afterEach(endAll);

  for (const build of ["dwarf4.O2", "dwarf5.O2", "dwarf5.O3", "dwarf5.Os", "clang19.O2", "tail.O2"]) {
    describe(`in C, ${build}`, () => {
      it("are frames of their own, each at its own line, with their own variables", async () => {
        const walk = await beginWalk(fixture("optimised", build));
        const { text, frames } = await walk.runTo("inner");
        assert.match(text, /^inner:31 < middle:37 < inlined:44 < start:201$/);
        assert.deepEqual(
          frames.map(({ isInlined = false }) => isInlined),
          [true, true, false, false],
        );
        assert.deepEqual(
          frames.map(({ index }) => index),
          [0, 1, 2, 3],
        );
        const { debugger: core } = walk.recorder;
        assert.deepEqual((await core.stackTrace(1, 2)).frames, frames.slice(1, 3));
        assert.equal((await core.stackTrace(0, 1)).total, frames.length);
        for (const frame of frames) await core.scopes(frame);
        assert.deepEqual(
          walk.recorder.contexts.map(({ frame, inlineDepth }) => [frame, inlineDepth]),
          [
            [0, 0],
            [0, 1],
            [0, 2],
            [1, 0],
          ],
        );
      });

      it("are stepped into one by one, and out of", async () => {
        const walk = await beginWalk(fixture("optimised", build));
        let { text } = await walk.enter();
        const seen: string[] = [];
        for (let steps = 0; steps < 6; steps++) {
          ({ text } = await walk.step("in"));
          seen.push(text.replace(" < start:201", ""));
        }
        assert.deepEqual(seen.slice(0, 3), [
          "inlined:44",
          "middle:37 < inlined:44",
          "inner:30 < middle:37 < inlined:44",
        ]);
        assert.match(seen[3] ?? "", /^inner:31 < middle:37 < inlined:44$/);
        assert.match(seen[4] ?? "", /^consume:24 < inner:31 < middle:37 < inlined:44$/);
      });

      it("are stepped over like others", async () => {
        const walk = await beginWalk(fixture("optimised", build));
        await walk.enter();
        assert.equal((await walk.step("in")).text, "inlined:44 < start:201");
        assert.equal((await walk.step("over")).text, "inlined:50 < start:201");
        assert.equal((await walk.step("over")).text, "inlined:51 < start:201");
        // Of its line the caller has another statement, another call, before it.
        assert.match((await walk.step("over")).text, /^start:20[12]$/);
      });

      it("are stepped out of into the call around them", async () => {
        const walk = await beginWalk(fixture("optimised", build));
        await walk.runTo("inner");
        assert.equal((await walk.step("out")).text, "middle:38 < inlined:44 < start:201");
        assert.match((await walk.step("out")).text, /^inlined:(44|50) < start:201$/);
      });
    });
  }

  it("of Rust are stepped into where they are the user's, through those of the library", async () => {
    const inside = await beginWalk(fixture("rust-optimised", "dwarf5.O3"));
    let place = await inside.enter();
    while (!place.text.startsWith("_start:134")) place = await inside.step("over");
    place = await inside.step("in");
    assert.match(place.text, /^iterators:5\d < _start:134$/);
    place = await inside.step("in");
    assert.match(place.text, /^\{closure#0\}:46 < .* < iterators:52 < _start:134$/);
    place = await inside.step("in");
    assert.match(place.text, /^\{closure#1\}:48 < /);
    place = await inside.step("over");
    assert.match(place.text, /^\{closure#1\}:49 < /);
    place = await inside.step("over");
    assert.match(place.text, /^iterators:54 < _start:134$/);
  });
});
