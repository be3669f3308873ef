import assert from "node:assert/strict";
import { endAll } from "../support/engine.ts";
import { allFixtures, type Fixture } from "../support/fixtures.ts";
import { beginWalk, type Walk } from "../support/walk.ts";

const buildsOf = (name: string): readonly Fixture[] => allFixtures().filter((guest) => guest.name === name);

/** Optimised when it is linked, when `twice_called` is seen to be called with constants alone. */
const isWholeProgram = ({ build }: Fixture): boolean => /^(?:lto|thin).*O2$/.test(build);

/** How often a program stops before it ends, and in which function each time. */
async function stopsOf(walk: Walk): Promise<string[]> {
  await walk.recorder.debugger.start({ stopOnEntry: false });
  const stops: string[] = [];
  for (let place = await walk.place(); place.frames.length > 0; place = await walk.continue()) {
    assert.equal(place.reason, "breakpoint");
    stops.push(place.text.split(":")[0] ?? "");
  }
  return stops;
}

/** As C++, which type units need, functions have their parameters in their names. */
const withoutParameters = (text: string): string => text.replace(/\([^()]*\)/g, "");

async function onFunction(guest: Fixture, name: string): Promise<string[]> {
  const walk = await beginWalk(guest);
  const [breakpoint] = await walk.recorder.debugger.setFunctionBreakpoints([{ name }]);
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  return stopsOf(walk);
}

async function onLine(guest: Fixture, marker: string, file?: string): Promise<string[]> {
  const walk = await beginWalk(guest);
  const line = guest.markers(file).lineOf(marker) - 1;
  const [breakpoint] = await walk.recorder.debugger.setBreakpoints(guest.source(file), [{ line }]);
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  assert.equal(breakpoint?.line, line);
  return stopsOf(walk);
}

describe("breakpoints in functions that may be inlined", () => {
  afterEach(endAll);

  for (const guest of buildsOf("optimised")) {
    it(`stop once for each call, in C, ${guest.build}`, async () => {
      assert.deepEqual(await onFunction(guest, "inner"), ["inner", "inner"]);
      assert.deepEqual(await onFunction(guest, "dot"), ["dot"]);
      assert.deepEqual(await onLine(guest, "inner"), ["inner", "inner"]);
      assert.deepEqual(await onLine(guest, "dot", "vector.h"), ["dot"]);
    });
  }

  for (const guest of buildsOf("optimised")) {
    // The linker's optimiser works its calls out beforehand: nothing is left of them.
    if (isWholeProgram(guest)) continue;
    it(`stop in each of the copies that a function has, ${guest.build}`, async () => {
      assert.deepEqual(await onFunction(guest, "twice_called"), ["twice_called", "twice_called"]);
      assert.deepEqual(await onLine(guest, "twice-called"), ["twice_called", "twice_called"]);
    });
  }

  it("say that there is no such function where nothing is left of it", async () => {
    for (const guest of buildsOf("optimised").filter(isWholeProgram)) {
      const walk = await beginWalk(guest);
      const [breakpoint] = await walk.recorder.debugger.setFunctionBreakpoints([{ name: "twice_called" }]);
      assert.equal(breakpoint?.message, "The program has no function twice_called.");
    }
  });

  for (const guest of buildsOf("optimised")) {
    it(`stop on the line that calls, also where it holds nothing else, and a step goes inside, ${guest.build}`, async () => {
      for (const [marker, caller, called] of [
        ["middle-first", "middle", "inner"],
        ["middle-second", "middle", "inner"],
        ["inlined", "inlined", "middle"],
      ] as const) {
        const walk = await beginWalk(guest);
        const line = guest.markers().lineOf(marker) - 1;
        const [breakpoint] = await walk.recorder.debugger.setBreakpoints(guest.source(), [{ line }]);
        assert.equal(breakpoint?.verified, true, breakpoint?.message);
        assert.equal(breakpoint?.line, line, marker);
        await walk.recorder.debugger.start({ stopOnEntry: false });
        const there = await walk.place();
        assert.match(withoutParameters(there.text), new RegExp(`^${caller}:${line + 1} < `));
        const inside = await walk.step("in");
        assert.match(
          withoutParameters(inside.text),
          new RegExp(`^${called}:\\d+ < ${caller}:${line + 1} < `),
        );
        assert.deepEqual((await walk.continue()).frames, []);
      }
    });
  }

  for (const guest of buildsOf("rust-optimised")) {
    it(`stop once for each call, in Rust, ${guest.build}`, async () => {
      assert.deepEqual(await onFunction(guest, "innermost"), ["innermost", "innermost"]);
      assert.deepEqual(await onLine(guest, "innermost"), ["innermost", "innermost"]);
      assert.equal((await onLine(guest, "map-closure")).length, 3);
      assert.equal((await onLine(guest, "found")).length, 1);
    });
  }
});
