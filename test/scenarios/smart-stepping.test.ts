import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

describe("smart stepping", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = () => new DebugSession(fixture("callbacks", "dwarf5.O0"), { transport: "stdio" });
  const vendor = { stepFilters: ["vendor/**"] };

  const startAt = async (marker: string, more: object = {}, file?: string) => {
    const session = open();
    await session.runTo([marker], more, file);
    return session;
  };

  const at = (session: DebugSession, { line }: { readonly line: number }, marker: string, file?: string) =>
    assert.equal(line, session.fixture.markers(file).lineOf(marker));

  /** The targets of the innermost frame. */
  const targetsOf = async (session: DebugSession): Promise<Message[]> => {
    const [top] = await session.frames(1);
    return (await session.client.send("stepInTargets", { frameId: top?.id })).body.targets;
  };

  const stepInto = async (session: DebugSession, name: string, which = 0) => {
    const targets = (await targetsOf(session)).filter(({ label }) => label === name);
    await session.client.send("stepIn", { threadId: 1, targetId: targets[which]?.id });
    return session.stopped();
  };

  it("goes into code that is the user's own, also where other code calls it", async () => {
    const session = await startAt("through-vendor", vendor);
    at(session, await session.step("stepIn"), "visit");
    await session.end();
  });

  it("goes from one callback to the next, and out of them to the user's own code", async () => {
    const session = await startAt("through-vendor", vendor);
    at(session, await session.step("stepIn"), "visit");
    const names = (await session.frames()).map(({ name, presentationHint, source }) => [
      name,
      presentationHint ?? source?.presentationHint ?? "normal",
    ]);
    assert.deepEqual(names.slice(0, 3), [
      ["largest", "normal"],
      ["each", "subtle"],
      ["main", "normal"],
    ]);
    // To the next line, the end of the function, and then into the next call of it.
    for (let place = await session.step("stepIn"); ; place = await session.step("stepIn")) {
      assert.equal(place.function, "largest");
      if (place.line === session.fixture.markers().lineOf("visit")) break;
    }
    at(session, await session.step("stepOut"), "through-vendor");
    await session.end();
  });

  it("goes through a library of the language, whose sources are not there, into a callback", async () => {
    const session = await startAt("through-libc");
    at(session, await session.step("stepIn"), "compare");
    await session.end();
  });

  it("goes into all code that has a source where nothing is filtered", async () => {
    const session = await startAt("through-vendor");
    at(session, await session.step("stepIn"), "each-begin", "vendor/each.c");
    const [top] = await session.frames(1);
    assert.equal(top?.presentationHint, undefined);
    await session.end();
  });

  it("filters by functions too", async () => {
    for (const filter of ["each", "/^ea/"]) {
      const session = await startAt("through-vendor", { stepFilters: [filter] });
      at(session, await session.step("stepIn"), "visit");
      await session.end();
    }
  });

  it("stays in filtered code that a breakpoint is in, over lines, and leaves it to the user's own", async () => {
    const session = await startAt("each-begin", vendor, "vendor/each.c");
    const [top] = await session.frames(1);
    assert.equal(top?.presentationHint, undefined);
    assert.equal(top?.source?.presentationHint, undefined);
    const { line } = await session.step("next");
    assert.equal(line, session.fixture.markers("vendor/each.c").lineOf("each-begin") + 1);
    at(session, await session.step("stepOut"), "through-vendor");
    await session.end();
  });

  it("refuses a filter that cannot be read, at the launch", async () => {
    const session = open();
    await session.begin();
    await assert.rejects(
      session.launch({ stepFilters: ["/(/"] }),
      /`stepFilters`: \/\(\/ is no regular expression/,
    );
    await session.end();
  });

  it("lists the calls of a line by their names, in order", async () => {
    const session = await startAt("several");
    assert.deepEqual(
      (await targetsOf(session)).map(({ label }) => label),
      ["twice", "twice", "add"],
    );
    const [first, second] = await targetsOf(session);
    assert.ok((first?.column ?? 0) < (second?.column ?? 0));
    await session.end();
  });

  it("goes into the call that is chosen and into no other", async () => {
    const session = await startAt("several");
    const { function: name } = await stepInto(session, "add");
    assert.equal(name, "add");
    assert.deepEqual(await session.locals(), { a: "2", b: "6" });
    await session.end();
    const other = await startAt("several");
    assert.equal((await stepInto(other, "twice", 1)).function, "twice");
    assert.equal((await other.locals()).n, "3");
    await other.end();
  });

  it("goes into what a pointer leads to", async () => {
    const session = await startAt("pointer");
    assert.deepEqual(
      (await targetsOf(session)).map(({ label }) => label),
      ["add", "a function through a pointer"],
    );
    assert.equal((await stepInto(session, "a function through a pointer")).function, "twice");
    assert.equal((await session.locals()).n, "9");
    await session.end();
  });

  it("is not confused by recursion", async () => {
    const session = await startAt("recursion");
    await session.breakAt([]);
    assert.deepEqual(
      (await targetsOf(session)).map(({ label }) => label),
      ["down", "twice", "add"],
    );
    assert.equal((await session.locals()).n, "2");
    assert.equal((await stepInto(session, "add")).function, "add");
    assert.deepEqual(await session.locals(), { a: "2", b: "4" });
    await session.end();
    const deeper = await startAt("recursion");
    await deeper.breakAt([]);
    assert.equal((await stepInto(deeper, "down")).function, "down");
    assert.equal((await deeper.locals()).n, "1");
    await deeper.end();
  });

  it("refuses a target of an earlier stop", async () => {
    const session = await startAt("several");
    const [first] = await targetsOf(session);
    await session.step("next");
    await assert.rejects(
      session.client.send("stepIn", { threadId: 1, targetId: first?.id }),
      /Step target \d+ belongs to an earlier stop/,
    );
    await session.end();
  });

  it("has no targets in outer frames", async () => {
    const session = await startAt("twice");
    const [, outer] = await session.frames(2);
    const { body } = await session.client.send("stepInTargets", { frameId: outer?.id });
    assert.deepEqual(body.targets, []);
    await session.end();
  });
});
