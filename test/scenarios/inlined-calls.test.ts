import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

const namesOf = (frames: readonly Message[]): unknown[] => frames.map(({ name }) => name);

describe("calls that were inlined, over the protocol", () => {
  afterEach(() => DebugSession.abandonAll());

  it("are frames with lines and variables of their own, in pages that fit together", async () => {
    const session = new DebugSession(fixture("optimised", "dwarf5.O2"), { transport: "stdio" });
    await session.runTo(["inner"]);
    const frames = await session.frames();
    assert.deepEqual(namesOf(frames), ["inner", "middle", "inlined", "start"]);
    const lines = frames.map(({ line }) => line);
    const markers = session.fixture.markers();
    assert.deepEqual(lines.slice(0, 3), ["inner", "middle-first", "inlined"].map(markers.lineOf));
    const pages = [
      ...(await session.frames(1)),
      ...(await session.frames(2, 1)),
      ...(await session.frames(9, 3)),
    ];
    assert.deepEqual(pages, frames);
    assert.equal((await session.locals(0)).n, "5");
    assert.equal((await session.locals(1)).a, "5");
    assert.equal((await session.locals(2)).start, "5");
    const [, middle] = frames;
    const asked = { expression: "b", frameId: middle?.id, context: "watch" };
    assert.equal((await session.client.evaluateRequest(asked)).body.result, "6");
    await session.end();
  });

  it("are stepped into, out of and over, and frames of the stop before have nothing to show", async () => {
    const session = new DebugSession(fixture("optimised", "dwarf5.O2"), { transport: "stdio" });
    await session.begin();
    await session.launch({ stopOnEntry: true });
    await session.run();
    assert.equal((await session.stopped()).function, "start");
    session.assertAt(await session.step("stepIn"), "inlined");
    const [before] = await session.frames(1);
    const inside = await session.step("stepIn");
    assert.equal(inside.function, "middle");
    session.assertAt(inside, "middle-first");
    const { body } = await session.client.scopesRequest({ frameId: before?.id ?? 0 });
    assert.deepEqual(body.scopes, []);
    assert.equal((await session.step("stepIn")).function, "inner");
    session.assertAt(await session.step("stepOut"), "middle-second");
    assert.equal((await session.step("stepOut")).function, "inlined");
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("stop at breakpoints on their functions, each copy by itself", async () => {
    const session = new DebugSession(fixture("optimised", "dwarf5.O2"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    const { body } = await session.client.send("setFunctionBreakpoints", {
      breakpoints: [{ name: "inner" }],
    });
    assert.equal(body.breakpoints[0]?.verified, true);
    await session.run();
    for (const marker of ["middle-first", "middle-second"]) {
      const place = await session.stopped();
      assert.deepEqual([place.function, place.reason], ["inner", "function breakpoint"]);
      const [, caller] = await session.frames(2);
      assert.equal(caller?.line, session.fixture.markers().lineOf(marker));
      await session.continue();
    }
    assert.equal(await session.exited(), 0);
    await session.end();
  });
});
