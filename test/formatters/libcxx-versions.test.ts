import assert from "node:assert/strict";
import { join } from "node:path";
import { endAll } from "../support/engine.ts";
import { checkExpectations } from "../support/expectations.ts";
import { fixture, readManifest } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { runPlain } from "../support/run-plain.ts";

/** Builds of `cpp-versions`, by what the library in them calls its version; 14, 19 and 22 are those of `cpp-values`, too. */
const builds = [
  // Its library has no `expected`.
  { version: 15, build: "clang15.O0", absent: ["expectations"] },
  { version: 15, build: "clang15-abi1.O0", absent: ["expectations"] },
  { version: 16, build: "clang16.O0", absent: [] },
  { version: 17, build: "clang17.O0", absent: [] },
  { version: 18, build: "clang18.O0", absent: [] },
  { version: 20, build: "clang20.O0", absent: [] },
  { version: 21, build: "clang21.O0", absent: [] },
  { version: 22, build: "clang22-abi1.O0", absent: [] },
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
