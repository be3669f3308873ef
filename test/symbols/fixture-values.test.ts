import assert from "node:assert/strict";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import { endAll, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { type Expectation, meetsExpectation } from "../support/markers.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

/** Expressions of the guests' sources, at the places and with the texts that the sources promise. */
describe("values of a paused guest", () => {
  afterEach(endAll);

  const builds = {
    ...{ types: ["dwarf4.O0", "dwarf5.O0"], list: ["dwarf4.O0", "dwarf5.O0"] },
    ...{ "d-values": ["dwarf4.O0", "dwarf5.O0"], "zig-values": ["debug"] },
  };
  for (const [name, ofName] of Object.entries(builds)) {
    for (const build of ofName) {
      it(`are what the source of ${name} says, as ${build}`, async () => {
        const guest = fixture(name, build);
        const markers = guest.markers();
        const expected = new Map(
          markers.stops.map((stop) => [stop.line, markers.expectationsAt(stop.name)] as const),
        );
        const promising = markers.stops.filter((stop) => expected.get(stop.line)?.length);
        const running = await startFixture(guest);
        const symbols = symbolsOf(guest, running.target);
        await running.target.setBreakpointLocations(promising.map((stop) => running.point(stop.name)));
        const wrong: string[] = [];
        const visited = new Set<number>();
        for (;;) {
          const halt = await running.target.resume({ kind: "continue" });
          if (halt.kind !== "stop") break;
          const frame = await innermost(running, halt.stop);
          const line = running.lineAt(frame.offset) ?? 0;
          if (visited.has(line)) continue;
          visited.add(line);
          for (const expectation of expected.get(line) ?? [])
            wrong.push(...(await check(symbols, frame, expectation)));
        }
        assert.deepEqual(wrong, []);
        assert.equal(visited.size, promising.length, "a marker was not come to");
      });
    }
  }
});

async function check(symbols: Symbols, frame: FrameContext, expectation: Expectation): Promise<string[]> {
  const { marker, expression, expected } = expectation;
  const shown = await symbols.evaluate(frame, expression).then(
    (variable) => variable.value,
    (error: Error) => `error: ${error.message}`,
  );
  return meetsExpectation(shown, expected) ? [] : [`${marker}: ${expression} = ${shown}, not ${expected}`];
}
