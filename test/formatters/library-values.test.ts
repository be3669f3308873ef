import assert from "node:assert/strict";
import { endAll } from "../support/engine.ts";
import { checkExpectations } from "../support/expectations.ts";
import { fixture } from "../support/fixtures.ts";

/** Values of library types, with the texts that the guests' sources promise. */
describe("values of library types", () => {
  afterEach(endAll);

  const builds = [
    { guest: "cpp-values", build: "dwarf4.O0", absent: [] },
    { guest: "cpp-values", build: "dwarf5.O0", absent: [] },
    // C++20 knows no `expected`.
    { guest: "cpp-values", build: "clang19.O0", absent: ["expectations"] },
    // Its library has no files on WASI.
    { guest: "cpp-values", build: "clang14.O0", absent: ["expectations", "paths"] },
    { guest: "rust-values", build: "dwarf4.O0", absent: [] },
    { guest: "rust-values", build: "dwarf5.O0", absent: [] },
    // Rust 1.63 has no cells that are set once.
    { guest: "rust-values", build: "rust163.O0", absent: ["once-cells"] },
  ];
  for (const { guest, build, absent } of builds) {
    it(`are what the source of ${guest} says, as ${build}`, async () => {
      const checked = await checkExpectations(fixture(guest, build));
      assert.deepEqual(checked.wrong, []);
      assert.deepEqual(checked.absent, absent);
      assert.ok(checked.right >= 150, `only ${checked.right} were looked at`);
    });

    it(`are what the source of ${guest} says of large ones, as ${build}`, async () => {
      const checked = await checkExpectations(fixture(guest, build), ["big"]);
      assert.deepEqual(checked.wrong, []);
      assert.ok(checked.reached.includes("big"));
    });
  }

  for (const { build, least, absent } of [
    { build: "dwarf4.O0", least: 75, absent: [] },
    { build: "dwarf5.O0", least: 75, absent: [] },
    // C++20 knows no flat maps and no arrays of many dimensions.
    { build: "clang19.O0", least: 65, absent: ["newer"] },
    // Nor had libc++ 14 views, or places in the source.
    { build: "clang14.O0", least: 60, absent: ["locations", "views", "newer"] },
  ]) {
    it(`are what the source of cpp-vocabulary says, as ${build}`, async () => {
      const checked = await checkExpectations(fixture("cpp-vocabulary", build));
      assert.deepEqual(checked.wrong, []);
      assert.deepEqual(checked.absent, absent);
      assert.ok(checked.right >= least, `only ${checked.right} were looked at`);
    });
  }

  it("are what the source of cpp-libraries says: types of libraries that are no part of C++", async () => {
    const checked = await checkExpectations(fixture("cpp-libraries", "dwarf5.O0"));
    assert.deepEqual(checked.wrong, []);
    assert.ok(checked.right >= 25, `only ${checked.right} were looked at`);
  });

  it("are found in maps whose hashes differ from run to run", async () => {
    const checked = await checkExpectations(fixture("rust-values", "dwarf5.O0"), ["environment"]);
    assert.deepEqual(checked.wrong, []);
    assert.ok(checked.reached.includes("environment"));
  });
});
