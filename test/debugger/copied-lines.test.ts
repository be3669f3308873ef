import assert from "node:assert/strict";
import { endAll } from "../support/engine.ts";
import { allFixtures, type Fixture } from "../support/fixtures.ts";
import { beginWalk, type Walk } from "../support/walk.ts";

/** Marked lines of `unrolled`, and how often the program runs each: see its source. */
const runs: Readonly<Record<string, number>> = {
  "wholly-first": 4,
  "wholly-second": 4,
  "partly-first": 11,
  "partly-odd": 6,
  "partly-even": 5,
  "partly-last": 11,
  carried: 8,
  "carried-last": 8,
  "threaded-then": 1,
  "threaded-both": 2,
  "threaded-yes": 1,
  "threaded-no": 1,
  "threaded-end": 2,
  "split-up": 6,
  "split-down": 5,
  "split-last": 11,
  mixed: 3,
  "mixed-last": 3,
};

/**
 * Lines that have no code, so that a breakpoint goes to the next that has: -O2 chooses the values of both branches without any
 * branch left, and sinks what both have in common into the line behind.
 */
const withoutCode: Readonly<Record<string, readonly string[]>> = {
  "dwarf5.O2": ["threaded-then", "threaded-yes", "threaded-no", "split-up", "split-down"],
  "dwarf5.O3": ["threaded-then", "threaded-yes", "threaded-no"],
  "clang19.O2": ["threaded-yes", "split-up", "split-down"],
  "clang19.O3": ["threaded-yes"],
};

async function walkTo(guest: Fixture, markers: readonly string[]): Promise<Walk> {
  const walk = await beginWalk(guest);
  const lines = markers.map((marker) => ({ line: guest.markers().lineOf(marker) - 1 }));
  await walk.recorder.debugger.setBreakpoints(guest.source(), lines);
  await walk.recorder.debugger.start({ stopOnEntry: false });
  return walk;
}

/** How often a program stops in each marked line, with breakpoints on all of them. */
async function stopsOf(guest: Fixture, markers: readonly string[]): Promise<Record<string, number>> {
  const walk = await walkTo(guest, markers);
  const names = new Map(markers.map((name) => [guest.markers().lineOf(name), name]));
  const stops: Record<string, number> = {};
  for (let place = await walk.place(); place.frames.length > 0; place = await walk.continue()) {
    assert.equal(place.reason, "breakpoint");
    const name = names.get(Number(/^[^:]*:(\d+)/.exec(place.text)?.[1])) ?? place.text;
    stops[name] = (stops[name] ?? 0) + 1;
  }
  return stops;
}

describe("breakpoints on lines that the compiler has made copies of", () => {
  afterEach(endAll);

  for (const guest of allFixtures().filter(({ name }) => name === "unrolled")) {
    const markers = Object.keys(runs).filter((name) => !withoutCode[guest.build]?.includes(name));

    it(`stop once each time that the line is run, ${guest.build}`, async () => {
      const expected = Object.fromEntries(markers.map((name) => [name, runs[name]]));
      assert.deepEqual(await stopsOf(guest, markers), expected);
    });

    it(`go to another line where there is no code, ${guest.build}`, async () => {
      const walk = await beginWalk(guest);
      for (const marker of withoutCode[guest.build] ?? []) {
        const line = guest.markers().lineOf(marker) - 1;
        const [breakpoint] = await walk.recorder.debugger.setBreakpoints(guest.source(), [{ line }]);
        assert.ok(breakpoint?.line !== undefined && breakpoint.line > line, marker);
      }
    });

    it(`leave steps as they are: each goes to another line, ${guest.build}`, async () => {
      const walk = await walkTo(guest, ["carried"]);
      const seen = [(await walk.place()).text];
      while (seen.at(-1)?.startsWith("carried:")) seen.push((await walk.step("over")).text);
      const again = seen.filter((text, at) => text === seen[at - 1]);
      assert.deepEqual(again, []);
      const line = guest.markers().lineOf("carried");
      assert.equal(seen.filter((text) => text.startsWith(`carried:${line} `)).length, runs.carried);
    });
  }
});

describe("a breakpoint on the line that a function ends on", () => {
  afterEach(endAll);

  for (const guest of allFixtures().filter(({ name }) => name === "optimised")) {
    it(`stops once for each way out that the compiler has made, ${guest.build}`, async () => {
      assert.deepEqual(await stopsOf(guest, ["choose-end"]), { "choose-end": 5 });
    });

    it(`does not stop twice where what was inlined is done in between other lines, ${guest.build}`, async () => {
      assert.deepEqual(await stopsOf(guest, ["taken-apart"]), { "taken-apart": 1 });
    });
  }
});
