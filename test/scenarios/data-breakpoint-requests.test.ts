import assert from "node:assert/strict";
import { dataInfo, watch, watchAll } from "../support/data-watch.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { node24 } from "../support/nodes.ts";

describe("data breakpoints", () => {
  afterEach(() => DebugSession.abandonAll());
  const watching = { dataBreakpoints: true };
  const open = (guest = "watch", build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });

  it("are refused, with the reason, on what lies in no memory or cannot be found", async () => {
    const session = open();
    await session.runTo(["main"], watching);
    const reasons: Record<string, RegExp> = {
      "counter + 1": /^counter \+ 1 cannot be watched: it is computed, and lies nowhere\.$/,
      nothing: /^nothing cannot be watched: it has no size\.$/,
      missing: /there is no variable `missing`/i,
      "counter +": /./,
    };
    for (const [name, reason] of Object.entries(reasons)) {
      const { dataId, description } = await dataInfo(session, { name, frame: 0 });
      assert.equal(dataId, null, name);
      assert.match(description, reason);
    }
    await assert.rejects(dataInfo(session, { name: "counter", frame: 0, mode: "read" }), /no mode `read`/);
    await assert.rejects(dataInfo(session, { name: "counter", asAddress: true }), /no memory reference/);
    const { dataId } = await dataInfo(session, { name: "0xfffffff0", asAddress: true, bytes: 4 });
    const { body } = await session.client.send("setDataBreakpoints", {
      breakpoints: [
        { dataId, accessType: "write" },
        { dataId: "=counter", accessType: "readWrite" },
        { dataId: "=counter", hitCondition: "often" },
        { dataId: "=counter", condition: "nothing_of_that_name > 1" },
        { dataId: "9.9 local" },
        { dataId: "=missing @main" },
        { dataId: "=counter" },
      ],
    });
    const [outside, read, hits, condition, frame, missing, good] = body.breakpoints;
    assert.match(
      outside.message,
      /^The bytes to watch end at 0xfffffff4, beyond the \d+ bytes that the memory has\.$/,
    );
    assert.match(read.message, /^Only writes can be stopped at/);
    assert.match(hits.message, /no count of hits/);
    assert.match(condition.message, /^The breakpoint cannot be decided: there is no variable/);
    assert.match(frame.message, /belonged to a call that is over/);
    assert.match(missing.message, /^missing cannot be found/);
    assert.equal(good.verified, true);
    for (const one of [outside, read, hits, condition, frame, missing]) assert.equal(one.verified, false);
    await session.end();
  });

  it("are found by variables as they are shown", async () => {
    const session = open();
    await session.runTo(["main-link"], watching);
    const [top] = await session.frames(1);
    const { scopes } = (await session.client.scopesRequest({ frameId: top?.id })).body;
    const locals = scopes.find(({ name }) => name === "Locals")?.variablesReference;
    const heap = await session.scope("Locals");
    const inside = await dataInfo(session, {
      name: "id",
      variablesReference: heap.get("heap")?.variablesReference,
    });
    assert.match(inside.dataId, /^0x\w+\+4 \(heap->id\)$/);
    assert.deepEqual(inside.accessTypes, ["write"]);
    const local = await dataInfo(session, { name: "heap", variablesReference: locals ?? 0 });
    assert.equal(local.description, "heap, until its function returns");
    const fixed = await dataInfo(session, { name: "flags.level", frame: 0, mode: "change" });
    assert.equal(fixed.description, "flags.level, when it changes");
    assert.equal(fixed.canPersist, true);
    await session.end();
  });

  it("do not count what the user writes", async () => {
    const session = open();
    await session.runTo(["first-bump"], watching);
    await session.breakAt([]);
    await watchAll(session, { name: "counter", frame: 0 });
    const frameId = (await session.frames(1))[0]?.id;
    await session.client.send("setExpression", { expression: "counter", value: "70", frameId });
    await session.continue();
    assert.equal((await session.stoppedAt("bump")).body.text, "counter changed from 70 to 71");
    await session.end();
  });

  it("work in 64-bit memories", async () => {
    const session = open("forms", "wasm64.O0");
    await session.runTo(["bottom"], { ...watching, invoke: "run", runtimeExecutable: await node24() });
    await session.breakAt([]);
    const [, local] = await watchAll(session, { name: "total", frame: 0 }, { name: "innermost", frame: 0 });
    await session.continue();
    const stop = await session.stoppedAt("run", "data breakpoint");
    assert.equal(stop.body.text, "total changed from 7 to 68");
    const over = session.client.heard.events("breakpoint").filter(({ reason }) => reason === "removed");
    assert.deepEqual(
      over.map(({ breakpoint }) => breakpoint.id),
      [local],
    );
    await session.end();
  });

  it("that a client kept are set before the program runs, and again when it is restarted", async () => {
    const session = open();
    await session.begin();
    await session.launch(watching);
    const kept = await session.client.send("setDataBreakpoints", {
      breakpoints: [{ dataId: "=counter @bump", hitCondition: "2" }],
    });
    assert.equal(kept.body.breakpoints[0]?.verified, true, kept.body.breakpoints[0]?.message);
    await session.run();
    assert.equal((await session.stoppedAt("bump")).body.text, "counter changed from 1 to 2");
    const heap = await dataInfo(session, { name: "heap->id", frame: 1 });
    const local = await dataInfo(session, { name: "heap", frame: 1 });
    await session.client.send("setDataBreakpoints", {
      breakpoints: [{ dataId: "=counter @bump" }, { dataId: heap.dataId }, { dataId: local.dataId }],
    });
    await session.client.send("restart");
    const first = await session.stoppedAt("bump");
    assert.equal(first.body.text, "counter changed from 0 to 1");
    const told = session.client.heard.events("breakpoint").slice(-3);
    assert.deepEqual(
      told.map((one) => one.breakpoint.verified),
      [true, true, false],
    );
    assert.match(told[2]?.breakpoint.message, /belonged to a call that is over/);
    await session.end();
  });

  it("of a program that is not watched come with the offer of a restart, which sets them", async () => {
    const session = open();
    await session.runTo(["first-bump"], {});
    const [breakpoint] = await watch(session, { name: "counter", frame: 0 });
    assert.equal(breakpoint?.verified, false);
    assert.match(
      breakpoint?.message,
      /^The program runs without checks of what it writes\. Restart with it by `:restart-with data-breakpoints`/,
    );
    const offer = await session.client.heard.event("restartOffered");
    assert.equal(offer.option, "dataBreakpoints");
    await session.client.send("restartWith", { option: "dataBreakpoints" });
    await session.stoppedAt("first-bump", "breakpoint");
    await session.breakAt([]);
    await session.continue();
    const stop = await session.stoppedAt("bump", "data breakpoint");
    assert.deepEqual(stop.body.hitBreakpointIds, [breakpoint?.id]);
    await assert.rejects(
      session.client.send("restartWith", { option: "wings" }),
      /"dataBreakpoints" or "instructionStepping"/,
    );
    await session.end();
  });

  it("and stepping by instruction are turned on by a command of the console", async () => {
    const session = open();
    await session.runTo(["main-leaf"], {});
    await session.client.send("next", { threadId: 1, granularity: "instruction" });
    await session.stopped();
    assert.equal((await session.client.heard.event("restartOffered")).option, "instructionStepping");
    const type = async (expression: string): Promise<string> =>
      (await session.client.send("evaluate", { expression, context: "repl" })).body.result;
    assert.match(await type(":restart-with wings"), /one of data-breakpoints, instruction-stepping/);
    assert.equal(await type(":restart-with instruction-stepping"), "Restarted with instruction-stepping.");
    await session.stoppedAt("main-leaf");
    const pointer = async () => (await session.frames(1))[0]?.instructionPointerReference;
    const before = await pointer();
    await session.client.send("next", { threadId: 1, granularity: "instruction" });
    await session.stoppedAt("main-leaf");
    assert.notEqual(await pointer(), before);
    await session.end();
  });
});
