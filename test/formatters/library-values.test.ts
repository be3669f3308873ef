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

  it("are found in maps whose hashes differ from run to run", async () => {
    const checked = await checkExpectations(fixture("rust-values", "dwarf5.O0"), ["environment"]);
    assert.deepEqual(checked.wrong, []);
    assert.ok(checked.reached.includes("environment"));
  });
});
