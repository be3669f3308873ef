import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { allFixtures } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";

/** What is seen at the first stop at each marker, in the order come to. As C++, functions have their parameters in their names. */
const transcript = [
  { marker: "inner", frames: ["inner", "middle", "inlined", "start"] },
  { marker: "inlined-end", frames: ["inlined", "start"] },
  { marker: "loop-end", frames: ["loops", "start"] },
  { marker: "moving-second", frames: ["moving", "start"] },
  { marker: "moving-third", frames: ["moving", "start"] },
  { marker: "taken-apart-end", frames: ["taken_apart", "start"] },
  { marker: "twice-called", frames: ["twice_called", "choose", "start"] },
  { marker: "wide", frames: ["wide", "start"] },
  { marker: "end", frames: ["start"] },
];

/** Builds in which a line has no code, and why. */
const withoutCode: Readonly<Record<string, { readonly why: string; readonly markers: readonly string[] }>> = {
  "lto4.O2": {
    why: "the linker's optimiser sees all calls and works them out",
    markers: ["twice-called"],
  },
  "lto5.O2": {
    why: "the linker's optimiser sees all calls and works them out",
    markers: ["twice-called"],
  },
  "thin5.O2": {
    why: "the linker's optimiser sees all calls and works them out",
    markers: ["twice-called"],
  },
};

for (const guest of allFixtures().filter(({ name }) => name === "optimised")) {
  describe(`an optimised program, ${guest.build}`, () => {
    afterEach(() => DebugSession.abandonAll());

    it("has the stops, frames and values of every other build", async () => {
      const expected = transcript.filter(
        ({ marker }) => withoutCode[guest.build]?.markers.includes(marker) !== true,
      );
      const session = new DebugSession(guest, { transport: "stdio" });
      const markers = guest.markers();
      let place = await session.runTo(expected.map(({ marker }) => marker));
      const seen: typeof transcript = [];
      const wrong: string[] = [];
      for (;;) {
        const marker = markers.stops.find(({ line }) => line === place.line)?.name ?? `line ${place.line}`;
        if (!seen.some((one) => one.marker === marker)) {
          const frames = await session.frames();
          seen.push({ marker, frames: frames.map(({ name }) => name.replace(/\(.*\)$/, "")) });
          for (const { expression, expected: text } of markers.expectationsAt(marker)) {
            const { result } = await session
              .evaluate(expression)
              .catch((error) => ({ result: error.message }));
            if (!meetsExpectation(result, text) && !/optimised out/.test(result))
              wrong.push(`${marker}: ${expression} = ${result}, not ${text}`);
          }
        }
        await session.continue();
        const next = await session.stoppedOrExited();
        if (!next) break;
        place = next;
      }
      assert.deepEqual(seen, expected);
      assert.deepEqual(wrong, []);
      await session.end();
    });
  });
}
