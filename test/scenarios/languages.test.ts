import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";
import type { Message } from "../support/transcript.ts";

const namesOf = (frames: readonly Message[]): unknown[] => frames.map(({ name }) => name);

async function evaluated(session: DebugSession, expression: string, context: string): Promise<string> {
  const [frame] = await session.frames(1);
  const { body } = await session.client.evaluateRequest({ expression, context, frameId: frame?.id });
  return body.result;
}

/** What the Wasm scope of the innermost frame says of its function. */
async function functionOf(session: DebugSession): Promise<unknown> {
  return (await session.scope("Wasm")).get("Function")?.value;
}

describe("a program of D, over the protocol", () => {
  afterEach(() => DebugSession.abandonAll());

  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    it(`stops where its parameters have their values, and has frames by its own names, as ${build}`, async () => {
      const session = new DebugSession(fixture("d-values", build), { transport: "stdio" });
      await session.begin();
      await session.launch();
      const { body } = await session.client.send("setFunctionBreakpoints", {
        breakpoints: [
          { name: "d_values.add" },
          { name: "largest" },
          { name: "inner" },
          { name: "Point.sum" },
        ],
      });
      assert.deepEqual(
        body.breakpoints.map(({ verified }: Message) => verified),
        [true, true, true, true],
      );
      await session.run();
      await session.stopped();
      assert.deepEqual(namesOf(await session.frames()), [
        "d_values.add(int, int)",
        "d_values.run",
        "d_values.start",
      ]);
      assert.deepEqual(await session.locals(0), { a: "1", b: "3", sum: "0" });
      assert.match(String(await functionOf(session)), /^func\[\d+\] _D8d_values3addFiiZi$/);
      await session.continue();
      assert.equal((await session.stopped()).function, "d_values.largest!(int).largest(int[])");
      assert.equal((await session.locals(0)).items, "size=2 {2, 3}");
      await session.continue();
      assert.equal((await session.stopped()).function, "d_values.Point.sum() const");
      await session.continue();
      assert.equal((await session.stopped()).function, "d_values.add(int, int)");
      await session.continue();
      assert.equal((await session.stopped()).function, "d_values.outer(int).inner(int)");
      assert.equal((await session.locals(0)).more, "1");
      await session.end();
    });
  }

  it("is stepped through, into and out of its functions", async () => {
    const session = new DebugSession(fixture("d-values", "dwarf5.O0"), { transport: "stdio" });
    await session.runTo(["calls"]);
    const inside = await session.step("stepIn");
    assert.equal(inside.function, "d_values.add(int, int)");
    session.assertAt(await session.step("next"), "add");
    session.assertAt(await session.step("stepOut"), "calls");
    const next = await session.step("stepIn");
    assert.equal(next.function, "d_values.largest!(int).largest(int[])");
    assert.equal((await session.step("stepOut")).function, "d_values.run");
    await session.end();
  });

  it("has the values of its source in conditions, in the console and where they are changed", async () => {
    const session = new DebugSession(fixture("d-values", "dwarf4.O0"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    const markers = session.fixture.markers();
    const { body } = await session.client.send("setBreakpoints", {
      source: { path: session.fixture.source() },
      breakpoints: [{ line: markers.lineOf("loop"), condition: "number == 3 && numbers[0] == 2" }],
    });
    assert.equal(body.breakpoints[0]?.verified, true);
    await session.run();
    await session.stopped();
    assert.equal((await session.locals(0)).number, "3");
    assert.equal(await evaluated(session, "add(20, 22)", "repl"), "42");
    assert.equal(await evaluated(session, "corners[1].sum()", "repl"), "7");
    assert.equal(await evaluated(session, "total = 100", "repl"), "100");
    assert.equal((await session.step("next")).function, "d_values.sumOf(int[], ref int)");
    assert.equal((await session.locals(0)).total, "103");
    await session.end();
  });

  it("is debugged by the names of its functions where it was compiled without -g", async () => {
    const session = new DebugSession(fixture("d-values", "names.O0"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    await session.client.send("setFunctionBreakpoints", { breakpoints: [{ name: "d_values.Point.move" }] });
    await session.run();
    assert.equal((await session.stopped()).function, "d_values.Point.move(int)");
    const { modules } = (await session.client.modulesRequest({})).body;
    assert.equal(modules[0]?.symbolStatus, "names only");
    await session.end();
  });
});

describe("a program of Zig, over the protocol", () => {
  afterEach(() => DebugSession.abandonAll());

  it("stops where its parameters have their values, and has frames by its own names", async () => {
    const session = new DebugSession(fixture("zig-values", "debug"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    const { body } = await session.client.send("setFunctionBreakpoints", {
      breakpoints: [{ name: "zig-values.half" }, { name: "narrow" }, { name: "Point.sum" }],
    });
    assert.deepEqual(
      body.breakpoints.map(({ verified }: Message) => verified),
      [true, true, true],
    );
    await session.run();
    await session.stopped();
    assert.deepEqual(namesOf(await session.frames()), [
      "zig-values.half",
      "zig-values.run",
      "zig-values.start",
    ]);
    assert.equal((await session.locals(0)).n, "8");
    await session.continue();
    await session.stopped();
    assert.equal((await session.locals(0)).n, "1008");
    await session.continue();
    assert.equal((await session.stopped()).function, "zig-values.Point.sum");
    assert.equal((await session.locals(0)).self, "{x = 4, y = 3}");
    await session.continue();
    assert.equal((await session.stopped()).function, "zig-values.narrow");
    const { small, flag, wide, part } = await session.locals(0);
    assert.deepEqual([small, flag, wide, part], ["-3", "true", "2", "0.5"]);
    await session.end();
  });

  it("is stepped through, and stops where a condition about an optional holds", async () => {
    const session = new DebugSession(fixture("zig-values", "debug"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    const markers = session.fixture.markers();
    await session.client.send("setBreakpoints", {
      source: { path: session.fixture.source() },
      breakpoints: [{ line: markers.lineOf("run"), condition: "maybe == 8 && bad != 0" }],
    });
    await session.run();
    session.assertAt(await session.stopped(), "run");
    assert.equal(await evaluated(session, "first.next.value", "watch"), "2");
    assert.equal((await session.step("stepOut")).function, "zig-values.start");
    await session.end();
  });

  it("shows what an optimised build still has, and nothing else", async () => {
    const session = new DebugSession(fixture("zig-values", "safe"), { transport: "stdio" });
    await session.runTo(["run"], { invoke: "run", args: ["8"] });
    const { point, ...locals } = await session.locals(0);
    // LLVM goes on saying what it was before `move`, which it has computed itself.
    assert.equal(point, "{x = 3, y = 4}");
    for (const { expression, expected } of session.fixture.markers().expectationsAt("run")) {
      const shown = locals[expression];
      if (shown === undefined || shown.startsWith("<")) continue;
      assert.ok(meetsExpectation(shown, expected), `${expression} = ${shown}, not ${expected}`);
    }
    await session.end();
  });
});
