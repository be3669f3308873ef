import assert from "node:assert/strict";
import { coredumpFixture } from "../support/coredump-fixtures.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

/** What is said of each way that `traps` can trap: the instruction and what it was about to do. */
const explained: readonly [way: string, what: RegExp][] = [
  ["load", /: i32\.load reads 4 bytes at address 0xffffff48: memory 0 has \d+ bytes \(\d+ pages\)/],
  ["store", /: f64\.store writes 8 bytes at address 0xfffffff0: memory 0 has \d+ bytes/],
  ["divide", /: i32\.div_s divides 42 by 0/],
  ["remainder", /: i32\.rem_u takes the remainder of 42 by 0/],
  ["overflow", /: i32\.div_s divides -2147483648 by -1: 2147483648 is more than an i32 holds/],
  [
    "convert",
    /: i32\.trunc_f64_s converts 4\.2\d*e\+301, which is not in the range -2147483648 to 2147483647/,
  ],
  ["convert-nan", /: i32\.trunc_f64_s converts NaN/],
  [
    "indirect-type",
    /: call_indirect calls entry \d+ of table 0 as \(param i32\) \(result i32\): it holds two_doubles \(param f64 f64\) \(result f64\)/,
  ],
  ["indirect-null", /: call_indirect calls entry 0 of table 0, which is empty/],
  ["indirect-range", /: call_indirect calls entry 100000 of table 0: it has \d+ entries/],
  ["stack", /: the stack has \d{3,} frames/],
  ["linear-stack", /: i32\.store8? writes \d bytes? at address 0x1[0-9a-f]{8} \(0xffff[0-9a-f]{4} \+ \d+\)/],
];

describe("exceptions", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = (build = "dwarf5.O0") => new DebugSession(fixture("traps", build), { transport: "stdio" });

  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    for (const [way, what] of explained) {
      it(`say which instruction trapped and on what: ${way}, ${build}`, async () => {
        const session = open(build);
        await session.begin();
        await session.launch({ args: [way] });
        await session.run();
        await session.stopped();
        const { body } = await session.client.exceptionInfoRequest({ threadId: 1 });
        assert.match(body.description ?? "", what);
        assert.match(body.details?.message ?? "", what);
        assert.equal(body.details?.typeName, body.exceptionId);
        const source = session.fixture.source();
        assert.ok(body.details?.stackTrace?.includes(` at ${source}:`), body.details?.stackTrace);
        await session.end();
      });
    }
  }

  it("are said in the console, too, to Zed, which shows no reasons", async () => {
    const session = open();
    await session.begin({ clientID: "zed" });
    await session.launch({ args: ["divide"] });
    await session.run();
    await session.stopped();
    const { output } = await session.client.heard.event("output", ({ category }) => category === "console");
    assert.match(output, /^Stopped at a trap: .*: i32\.div_s divides 42 by 0/);
    await session.end();
  });

  for (const [way, what] of explained) {
    if (!["load", "divide", "indirect-type", "linear-stack"].includes(way)) continue;
    it(`say the same of a coredump that another engine wrote: ${way}`, async () => {
      const session = open();
      await session.begin();
      const { path } = coredumpFixture(`traps.${way}.wasmtime.core`);
      await session.client.send("attach", session.configuration({ coreFile: path }));
      await session.client.heard.event("initialized");
      await session.run();
      await session.client.heard.event("stopped");
      const { body } = await session.client.exceptionInfoRequest({ threadId: 1 });
      assert.match(body.description ?? "", what);
      await session.end();
    });
  }

  it("are offered in few filters that all take conditions, those chosen that end the program", async () => {
    const session = open();
    await session.begin();
    const [answer] = session.client.heard.all
      .filter(({ message }) => message.command === "initialize")
      .slice(-1);
    const message = answer?.message as
      | { body: Record<string, { filter: string; default: boolean; supportsCondition?: boolean }[]> }
      | undefined;
    const filters = message?.body.exceptionBreakpointFilters ?? [];
    assert.deepEqual(
      filters.map(({ filter }) => filter),
      ["trap", "panic", "abort", "exception", "thrown", "rethrown", "exit"],
    );
    const left = filters.filter((filter) => !filter.default).map(({ filter }) => filter);
    assert.deepEqual(left, ["thrown", "rethrown", "exit"]);
    assert.ok(filters.every((filter) => filter.supportsCondition));
    await session.end();
  });

  it("are chosen by kind: by a condition of the filter for all of them, or by filters of their own", async () => {
    const choices: readonly (readonly [chosen: object, stops: readonly string[]])[] = [
      [{ filters: ["trap"] }, ["divide", "unreachable", "convert"]],
      [
        { filters: [], filterOptions: [{ filterId: "trap", condition: "integer-*, unreachable" }] },
        ["divide", "unreachable"],
      ],
      [
        { filters: [], filterOptions: [{ filterId: "trap", condition: "!integer-divide-by-zero" }] },
        ["unreachable", "convert"],
      ],
      [{ filters: ["integer-divide-by-zero"] }, ["divide"]],
    ];
    for (const [chosen, stops] of choices) {
      for (const way of ["divide", "unreachable", "convert", "abort"]) {
        const session = open();
        await session.begin();
        await session.launch({ args: [way] });
        await session.client.setExceptionBreakpointsRequest(chosen as { filters: string[] });
        await session.run();
        const place = await session.stoppedOrExited();
        assert.equal(place !== undefined, stops.includes(way), `${way} of ${JSON.stringify(chosen)}`);
        await session.end();
      }
    }
  });

  it("that were not chosen do not stop the program: it ends", async () => {
    for (const way of ["divide", "unreachable", "abort"]) {
      const session = open();
      await session.begin();
      await session.launch({ args: [way] });
      const chosen = await session.client.setExceptionBreakpointsRequest({
        filters: ["memory-out-of-bounds"],
      });
      assert.deepEqual(chosen.body?.breakpoints, [{ verified: true }]);
      await session.run();
      assert.equal(await session.exited(), 134);
      assert.deepEqual(session.client.heard.events("stopped"), []);
      assert.match(session.client.heard.output("console"), /ended with a trap/);
      await session.end();
    }
  });

  it("can be chosen while the program stands", async () => {
    const session = open();
    await session.runTo(["divide"], { args: ["divide"] });
    await session.client.setExceptionBreakpointsRequest({ filters: [] });
    await session.client.nextRequest({ threadId: 1 });
    assert.equal(await session.exited(), 134);
    await session.end();
  });

  it("do not stop a program that runs without debugging", async () => {
    const session = open();
    await session.begin();
    await session.launch({ args: ["divide"], noDebug: true });
    await session.run();
    assert.equal(await session.exited(), 134);
    assert.deepEqual(session.client.heard.events("stopped"), []);
    await session.end();
  });
});
