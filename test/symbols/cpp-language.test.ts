import assert from "node:assert/strict";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { checkExpectations } from "../support/expectations.ts";
import { fixture } from "../support/fixtures.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

/** Classes, references, namespaces, templates: what the C++ guest's source promises. */
describe("values of C++ itself", () => {
  afterEach(endAll);

  for (const build of ["dwarf4.O0", "dwarf5.O0", "simple.O0"]) {
    it(`are what the source says, as ${build}`, async () => {
      const checked = await checkExpectations(fixture("cpp-language", build));
      assert.deepEqual(checked.wrong, []);
      assert.deepEqual(checked.absent, []);
      assert.ok(checked.right >= 100, `only ${checked.right} were looked at`);
    });
  }

  it("show a polymorphic object as what it really is, with its own members", async () => {
    const guest = fixture("cpp-language", "dwarf5.O0");
    const running = await startFixture(guest);
    await running.target.setBreakpointLocations([running.point("polymorphism")]);
    const { stop } = asStop(await running.target.resume({ kind: "continue" }));
    const symbols = symbolsOf(guest, running.target);
    const frame = await innermost(running, stop);
    const pointer = await symbols.evaluate(frame, "first");
    assert.match(pointer.value, /^0x[0-9a-f]{8} \(circle\)$/);
    const object = await symbols.evaluate(frame, "*first");
    assert.equal(object.type, "circle");
    const members = await pointer.children("named", 0, 100);
    const radius = members.find(({ name }) => name === "radius");
    assert.deepEqual([radius?.value, radius?.evaluateName], ["2.5", "first->radius"]);
    assert.equal((await symbols.evaluate(frame, "first->radius")).value, "2.5");
  });
});
