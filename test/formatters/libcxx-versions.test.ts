import assert from "node:assert/strict";
import { join } from "node:path";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { checkExpectations } from "../support/expectations.ts";
import { fixture, readManifest } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { innermost, pauseAt, symbolsOf } from "../support/paused-fixture.ts";
import { runPlain } from "../support/run-plain.ts";

/** Builds of `cpp-versions`, by what the library in them calls its version; 14, 19 and 22 are those of `cpp-values`, too. */
const builds = [
  // Its library has no `expected`.
  { version: 15, build: "clang15.O0", absent: ["expectations", "bounded"] },
  { version: 15, build: "clang15-abi1.O0", absent: ["expectations", "bounded"] },
  { version: 16, build: "clang16.O0", absent: ["bounded"] },
  { version: 17, build: "clang17.O0", absent: ["bounded"] },
  { version: 18, build: "clang18.O0", absent: ["bounded"] },
  { version: 20, build: "clang20.O0", absent: ["bounded"] },
  { version: 21, build: "clang21.O0", absent: ["bounded"] },
  { version: 22, build: "clang22-abi1.O0", absent: ["bounded"] },
  // Its iterators know where they end.
  { version: 22, build: "clang22-bounded.O0", absent: ["ends"] },
];

describe("values of libc++'s types", () => {
  afterEach(endAll);

  for (const { version, build, absent } of builds) {
    it(`are shown the same whatever its version: ${version}, as ${build}`, async () => {
      const guest = fixture("cpp-versions", build);
      assert.match(runPlain(guest, { name: "version" }).stdout, new RegExp(`^libc\\+\\+ ${version}:`));
      const checked = await checkExpectations(guest);
      assert.deepEqual(checked.wrong, []);
      assert.deepEqual(checked.absent, absent);
      assert.ok(checked.right >= 125, `only ${checked.right} were looked at`);
    });
  }

  it("say nothing of an end of a vector where none is there to be compared with", async () => {
    const guest = fixture("cpp-versions", "clang21.O0");
    const running = await startFixture(guest);
    await running.target.setBreakpointLocations([running.point("iterators")]);
    const { stop } = asStop(await running.target.resume({ kind: "continue" }));
    const symbols = symbolsOf(guest, running.target);
    const frame = await innermost(running, stop);
    const { value } = await symbols.evaluate(frame, "v.vector_end");
    assert.match(value, /^0x[0-9a-f]{8}$/);
  });

  it("tell the end of a list from an element that has the number of elements for its value", async () => {
    const { symbols, frame } = await pauseAt(fixture("cpp-vocabulary", "dwarf5.O0"), "ends");
    const shown = async (text: string) => (await symbols.evaluate(frame, text, { onEffect() {} })).value;
    assert.equal(await shown("*list_first = 3"), "3");
    assert.equal(await shown("list"), "size=3 {3, 5, 2}");
    assert.equal(await shown("list_end"), "end");
    assert.equal(await shown("list_rend"), "end");
    assert.match(await shown("list_first"), /^0x[0-9a-f]{8}$/);
  });

  it("are looked at in every build there is of them", () => {
    const { builds: made } = readManifest(fromRoot("test/fixtures/cpp-versions"));
    assert.deepEqual(Object.keys(made).sort(), builds.map(({ build }) => build).sort());
  });

  it("are looked at in every version from 14 to 22", () => {
    const { tools } = readManifest(join(fromRoot("test/fixtures"), "cpp-values"));
    const others = Object.keys(tools).flatMap((tool) => /^libc\+\+(?:-(\d+))?$/.exec(tool)?.[1] ?? []);
    const versions = new Set([...others.map(Number), 22, ...builds.map(({ version }) => version)]);
    assert.deepEqual([...versions].sort(), [14, 15, 16, 17, 18, 19, 20, 21, 22]);
  });
});
