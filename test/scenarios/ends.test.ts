import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

/** How each way that `traps` can end badly is told: the marker it stops at, its kind, its function. */
const traps: readonly [way: string, marker: string, kind: string, inFunction: string][] = [
  ["unreachable", "unreachable", "unreachable", "trap_unreachable"],
  ["load", "load", "memory-out-of-bounds", "trap_load"],
  ["store", "store", "memory-out-of-bounds", "trap_store"],
  ["divide", "divide", "integer-divide-by-zero", "trap_divide"],
  ["remainder", "remainder", "integer-divide-by-zero", "trap_remainder"],
  ["overflow", "overflow", "integer-overflow", "trap_overflow"],
  ["convert", "convert", "invalid-conversion-to-integer", "trap_convert"],
  ["convert-nan", "convert-nan", "invalid-conversion-to-integer", "trap_convert_nan"],
  ["indirect-type", "indirect-type", "indirect-call-type-mismatch", "trap_indirect_type"],
  ["indirect-range", "indirect-range", "table-out-of-bounds", "trap_indirect_range"],
];

describe("the end of a program", () => {
  afterEach(() => DebugSession.abandonAll());
  const open = (guest: string, build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });

  const runUntilStop = async (session: DebugSession, more: object) => {
    await session.begin();
    await session.launch(more);
    await session.run();
    return session.stopped();
  };

  for (const [way, marker, kind, inFunction] of traps) {
    it(`by the trap ${way} is told where it happens, with its kind and its variables`, async () => {
      const session = open("traps");
      const place = await runUntilStop(session, { args: [way] });
      assert.equal(place.reason, "exception");
      session.assertAt(place, marker);
      assert.equal(place.function, inFunction);
      const info = (await session.client.exceptionInfoRequest({ threadId: 1 })).body;
      assert.equal(info.exceptionId, kind);
      const [, caller] = await session.frames();
      assert.equal(caller?.name, "main");
      assert.equal((await session.scope("Locals")).size > 0, true);
      await session.continue();
      assert.equal(await session.exited(), 134);
      await session.end();
    });
  }

  it("by abort shows who called it", async () => {
    const session = open("traps");
    const place = await runUntilStop(session, { args: ["abort"] });
    assert.equal(place.reason, "exception");
    const frames = await session.frames();
    const user = frames.find(({ name }) => name === "trap_abort");
    assert.equal(user?.line, session.fixture.markers().lineOf("abort"));
    assert.equal((await session.locals(frames.indexOf(user ?? {}))).code, "42");
    assert.equal(session.client.heard.output("stdout"), "aborting: asked to 42\n");
    await session.end();
  });

  it("by an overflow of the stack has its frames, page by page", async () => {
    const session = open("traps");
    const place = await runUntilStop(session, { args: ["stack"] });
    assert.equal(place.reason, "exception");
    const first = await session.client.stackTraceRequest({ threadId: 1, startFrame: 0, levels: 20 });
    const total = first.body.totalFrames ?? 0;
    assert.ok(total > 1000);
    const last = await session.frames(20, total - 10);
    assert.equal(last.length, 10);
    assert.ok(last.some(({ name }) => name === "main"));
    await session.continue();
    assert.equal(await session.exited(), 134);
    await session.end();
  });

  it("with a status is told as it is, with all that was printed", async () => {
    const session = open("hello");
    await session.begin();
    await session.launch({ args: ["7", "ä b"], env: { GREETING: "grüß dich" } });
    await session.run();
    assert.equal(await session.exited(), 7);
    assert.match(session.client.heard.output("stdout"), /argument 2: ä b\nGREETING=grüß dich\n/);
    assert.equal(session.client.heard.output("stderr"), "0 lines\n");
    await session.end();
  });

  it("by a call of exit inside a step is told as an end, not as a stop", async () => {
    const session = open("traps");
    await session.runTo(["exit"], { args: ["exit"] });
    await session.client.nextRequest({ threadId: 1 });
    assert.equal(await session.exited(), 42);
    await session.end();
    assert.equal(session.client.heard.events("stopped").length, 1);
  });

  it("of an invoked export tells its results", async () => {
    const session = open("reactor");
    await session.begin();
    await session.launch({ invoke: "fib", args: [10] });
    await session.run();
    assert.equal(await session.exited(), 0);
    assert.equal(session.client.heard.output("console"), "Results: 55\n");
    await session.end();
  });

  it("comes without a stop when it runs without debugging", async () => {
    const session = open("steps");
    await session.begin();
    await session.launch({ noDebug: true });
    const [ignored] = await session.breakAt(["calls-first"]);
    assert.equal(ignored?.verified, false);
    await session.run();
    assert.equal(await session.exited(), 0);
    assert.equal(session.client.heard.output("stdout"), "total 772\n");
    await session.end();
  });

  it("of a program without debug info is told like any other, and why no line can be stopped at", async () => {
    const session = open("hello", "stripped.O0");
    await session.begin();
    await session.launch();
    const [unset] = await session.breakAtLines([10]);
    assert.equal(unset?.verified, false);
    assert.match(unset?.message, /no debug info.*-g/i);
    assert.match(session.client.heard.output("important"), /no debug info.*-g/i);
    await session.run();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("of one whose lines wasm-opt emptied says so", async () => {
    const session = open("steps", "emptied.O2");
    await session.begin();
    await session.launch();
    const [unset] = await session.breakAt(["calls-first"]);
    assert.match(unset?.message, /wasm-opt/);
    await session.end();
  });
});
