import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

/** Guests with functions to step out of, and what each returns. */
const returns: readonly (readonly [guest: string, build: string, name: string, returned: string])[] = [
  ["calls", "dwarf5.O0", "total", "31"],
  ["calls", "dwarf5.O0", "add", "0"],
  ["cpp-calls", "dwarf5.O0", "Counter::member", "7"],
  ["cpp-calls", "dwarf5.O0", "twice<double>", "3"],
  ["rust-calls", "dwarf5.O0", "first_word", '"hello"'],
  ["rust-calls", "dwarf5.O0", "Point::shift", "1"],
  ["rust-calls", "dwarf5.O0", "Point::mirrored", "{x = 12, y = 30}"],
];

describe("a step out", () => {
  afterEach(() => DebugSession.abandonAll());

  it("shows nothing where nothing is returned, though code does: constructors of C++", async () => {
    const session = new DebugSession(fixture("cpp-calls", "dwarf5.O0"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    await session.client.send("setFunctionBreakpoints", { breakpoints: [{ name: "shapes::Both::Both" }] });
    await session.run();
    await session.stopped();
    await session.step("stepOut");
    assert.ok(!("Return value" in (await session.locals())));
    await session.end();
  });

  it("has nothing to show once the program has gone on", async () => {
    const session = new DebugSession(fixture("calls", "dwarf5.O0"), { transport: "stdio" });
    await session.runTo(["total"]);
    await session.step("stepOut");
    await session.step("next");
    await session.step("next");
    assert.ok(!("Return value" in (await session.locals())));
    await assert.rejects(session.evaluate("$returned"), /nothing has just been returned/);
    await session.end();
  });

  for (const [guest, build, name, returned] of returns) {
    it(`shows what ${name} of ${guest} returns`, async () => {
      const session = new DebugSession(fixture(guest, build), { transport: "stdio" });
      await session.begin();
      await session.launch();
      await session.client.send("setFunctionBreakpoints", { breakpoints: [{ name }] });
      await session.run();
      await session.stopped();
      await session.step("stepOut");
      const locals = await session.locals();
      assert.equal(locals["Return value"], returned);
      assert.equal((await session.evaluate("$returned")).result, returned);
      await session.end();
    });
  }
});
