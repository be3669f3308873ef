import assert from "node:assert/strict";
import { DebugSession, type StopPlace } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

describe("a program that can be stopped at every instruction", () => {
  afterEach(() => DebugSession.abandonAll());

  const byInstruction = { granularity: "instruction" };
  const open = (guest: string, build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });
  const step = async (session: DebugSession, kind: string): Promise<StopPlace> => {
    await session.client.send(kind, { threadId: 1, granularity: "instruction" });
    return session.stopped();
  };
  const pointer = async (session: DebugSession): Promise<string> =>
    (await session.frames(1))[0]?.instructionPointerReference;
  const ahead = async (session: DebugSession, instructionCount: number): Promise<Message[]> =>
    (
      await session.client.send("disassemble", {
        memoryReference: await pointer(session),
        instructionCount,
      })
    ).body.instructions;

  it("is stepped by each of them, and into the calls they make", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"], byInstruction);
    const rows = await ahead(session, 12);
    const call = rows.findIndex(({ instruction }) => instruction.includes("call $square"));
    assert.ok(call > 0, rows.map(({ instruction }) => instruction).join("\n"));
    for (const row of rows.slice(1, call + 1)) {
      await step(session, "next");
      assert.equal(await pointer(session), row.address);
    }
    const inside = await step(session, "stepIn");
    assert.equal(inside.function, "square");
    const [first] = await ahead(session, 1);
    const before = (
      await session.client.send("disassemble", {
        memoryReference: first?.address,
        instructionOffset: -1,
        instructionCount: 2,
        resolveSymbols: true,
      })
    ).body.instructions as Message[];
    assert.equal(before[1]?.symbol, "square");
    assert.equal((await step(session, "stepOut")).function, "calls");
    assert.equal(await pointer(session), rows[call + 1]?.address);
    assert.equal(session.client.heard.output("console"), "");
    await session.end();
  });

  it("is stepped over the calls they make, however deep these recurse", async () => {
    const session = open("steps");
    await session.runTo(["fib-left"], byInstruction);
    const [, caller] = await session.frames();
    const rows = await ahead(session, 30);
    const call = rows.findIndex(({ instruction }) => instruction.includes("call $fib"));
    await session.breakAt([]);
    for (const row of rows.slice(1, call + 3)) {
      await step(session, "next");
      assert.equal(await pointer(session), row.address);
      assert.equal(
        (await session.frames())[1]?.instructionPointerReference,
        caller?.instructionPointerReference,
      );
    }
    await session.end();
  });

  it("is stepped around a loop on one line, which a step by line leaves", async () => {
    const session = open("steps");
    await session.runTo(["one-line-loop"], byInstruction);
    const seen = new Map<string, number>();
    for (let count = 0; count < 60; count++) {
      const place = await step(session, "next");
      session.assertAt(place, "one-line-loop");
      const at = await pointer(session);
      seen.set(at, (seen.get(at) ?? 0) + 1);
    }
    assert.ok([...seen.values()].some((times) => times > 2));
    await session.client.nextRequest({ threadId: 1 });
    await session.stoppedAt("one-line-while", "step");
    await session.end();
  });

  it("takes breakpoints on any of them, and lines as before", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"], byInstruction);
    const rows = await ahead(session, 10);
    const breakpoints = rows.map(({ address }) => ({ instructionReference: address }));
    const set = (await session.client.send("setInstructionBreakpoints", { breakpoints })).body
      .breakpoints as Message[];
    assert.ok(set.every(({ verified }) => verified));
    await session.breakAt([]);
    const hit: string[] = [];
    for (const _ of rows.slice(1)) {
      await session.continue();
      assert.equal((await session.stopped()).reason, "instruction breakpoint");
      hit.push(await pointer(session));
    }
    assert.deepEqual(
      hit,
      rows.slice(1).map(({ address }) => address),
    );
    await session.end();
  });

  it("shows variables at all of them", async () => {
    const session = open("steps");
    await session.runTo(["calls-second"], byInstruction);
    assert.equal((await session.locals()).a, "9");
    for (let count = 0; count < 5; count++) {
      await step(session, "next");
      assert.equal((await session.locals()).a, "9");
    }
    await session.end();
  });

  it("says that some only begin or end blocks", async () => {
    const session = open("steps");
    await session.runTo(["for-head"], byInstruction);
    const rows = await ahead(session, 60);
    const block = rows.find(({ instruction }) => instruction.trim() === "block");
    const breakpoints = [{ instructionReference: block?.address }];
    const [set] = (await session.client.send("setInstructionBreakpoints", { breakpoints })).body.breakpoints;
    assert.equal(set.verified, false);
    assert.match(set.message, /only begins or ends a block/);
    await session.end();
  });

  it("is stepped though nothing is known of its lines, from its first instruction on", async () => {
    const session = open("hello", "stripped.O0");
    await session.begin();
    await session.launch({ ...byInstruction, stopOnEntry: true });
    await session.run();
    assert.equal((await session.stopped()).reason, "entry");
    const first = await pointer(session);
    const rows = await ahead(session, 2);
    await session.client.nextRequest({ threadId: 1 });
    assert.equal((await session.stopped()).reason, "step");
    assert.notEqual(await pointer(session), first);
    assert.equal(await pointer(session), rows[1]?.address);
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("does what it does otherwise", async () => {
    for (const guest of ["steps", "list", "files", "ctors"]) {
      const outputs: string[] = [];
      for (const granularity of ["source", "instruction"]) {
        const session = open(guest);
        await session.begin();
        await session.launch({ granularity });
        await session.run();
        const status = await session.exited();
        outputs.push(
          `${status} ${session.client.heard.output("stdout")} ${session.client.heard.output("stderr")}`,
        );
        await session.end();
      }
      assert.equal(outputs[0], outputs[1]);
    }
  });
});
