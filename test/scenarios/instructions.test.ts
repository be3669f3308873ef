import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

describe("instructions of a program", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = (guest: string, build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });

  /** Instructions from where the program stands on. */
  const ahead = async (session: DebugSession, instructionCount: number): Promise<Message[]> => {
    const [top] = await session.frames(1);
    const memoryReference = top?.instructionPointerReference;
    const answer = await session.client.send("disassemble", { memoryReference, instructionCount });
    return answer.body.instructions;
  };
  const breakAt = async (session: DebugSession, ...breakpoints: Message[]): Promise<Message[]> =>
    (await session.client.send("setInstructionBreakpoints", { breakpoints })).body.breakpoints;

  /** The first row of another line. */
  const nextLine = (rows: readonly Message[]): Message => {
    const row = rows.find(({ line }) => line !== undefined && line !== rows[0]?.line);
    assert.ok(row);
    return row;
  };

  it("stop the program where a statement begins with them, by their address or by bytes from another", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const rows = await ahead(session, 40);
    const there = nextLine(rows);
    const offset = Number(BigInt(there.address) - BigInt(rows[0]?.address));
    for (const asked of [
      { instructionReference: there.address },
      { instructionReference: rows[0]?.address, offset },
    ]) {
      const [set] = await breakAt(session, asked);
      assert.deepEqual(
        [set?.verified, set?.line, set?.instructionReference, set?.message],
        [true, there.line, there.address, undefined],
      );
    }
    const [set] = await breakAt(session, { instructionReference: there.address });
    await session.continue();
    const { reason, body, line } = await session.stopped();
    assert.deepEqual([reason, line], ["instruction breakpoint", there.line]);
    assert.deepEqual(body.hitBreakpointIds, [set?.id]);
    const [top] = await session.frames(1);
    assert.equal(top?.instructionPointerReference, there.address);
    assert.deepEqual(await breakAt(session), []);
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("stop the program only where a condition holds, and count", async () => {
    const session = new DebugSession(fixture("spin", "dwarf5.O0"), { transport: "stdio" });
    await session.runTo(["spin-body"]);
    const [here] = await ahead(session, 1);
    const instructionReference = here?.address;
    await session.breakAt([]);
    const [bad, good] = await breakAt(
      session,
      { instructionReference, condition: "nonsense" },
      { instructionReference, condition: "counter % 2 == 1", hitCondition: "3" },
    );
    assert.match(bad?.message, /there is no variable `nonsense`/);
    assert.deepEqual([bad?.verified, good?.verified], [false, true]);
    await session.continue();
    const { body } = await session.stopped();
    assert.deepEqual(body.hitBreakpointIds, [good?.id]);
    assert.equal((await session.evaluate("counter")).result, "5");
    await session.end();
  });

  it("that no statement begins with are not taken, and the answer says why", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const rows = await ahead(session, 40);
    const [within, middle, data, nothing] = await breakAt(
      session,
      { instructionReference: rows[1]?.address },
      { instructionReference: rows[0]?.address, offset: 1 },
      { instructionReference: "0x400" },
      { instructionReference: "main" },
    );
    assert.match(
      within?.message,
      /where a statement begins, and none begins here\. The next such place is 0x/,
    );
    assert.match(middle?.message, /No instruction of the program begins at 0x/);
    assert.match(data?.message, /in the program's data/);
    assert.match(nothing?.message, /no place in the program/);
    for (const one of [within, middle, data, nothing])
      assert.deepEqual([one?.verified, one?.reason], [false, "failed"]);
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("that are also the beginning of a line with a breakpoint hit both", async () => {
    const session = open("steps");
    const place = await session.runTo(["calls-first"]);
    const there = nextLine(await ahead(session, 40));
    const [onLine] = await session.breakAt(["calls-second"]);
    const [onInstruction] = await breakAt(session, { instructionReference: there.address });
    assert.notEqual(onLine?.id, onInstruction?.id);
    await session.continue();
    const { reason, body } = await session.stopped();
    assert.equal(reason, "breakpoint");
    assert.deepEqual(body.hitBreakpointIds, [onLine?.id, onInstruction?.id]);
    assert.equal(place.reason, "breakpoint");
    await session.end();
  });

  it("keep their breakpoints through a restart", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const there = nextLine(await ahead(session, 40));
    const [set] = await breakAt(session, { instructionReference: there.address });
    await session.breakAt([]);
    await session.client.send("restart", {});
    const { breakpoint } = await session.client.heard.event(
      "breakpoint",
      (body) => body.breakpoint.id === set?.id,
    );
    assert.equal(breakpoint.verified, true);
    const { reason, line } = await session.stopped();
    assert.deepEqual([reason, line], ["instruction breakpoint", there.line]);
    await session.end();
  });

  it("take their breakpoints before the program is there", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const there = nextLine(await ahead(session, 40));
    await session.end();
    const again = open("steps");
    await again.begin();
    const [early] = await breakAt(again, { instructionReference: there.address });
    assert.deepEqual([early?.verified, early?.reason], [false, "pending"]);
    await again.launch();
    const { breakpoint } = await again.client.heard.event("breakpoint");
    assert.deepEqual([breakpoint.id, breakpoint.verified, breakpoint.line], [early?.id, true, there.line]);
    await again.run();
    assert.equal((await again.stopped()).line, there.line);
    await again.end();
  });

  it("are stepped over by statements, with the calls they make, which is said once", async () => {
    const session = open("steps");
    await session.runTo(["three-statements"]);
    for (const marker of ["statements-with-call", "one-line-return"]) {
      await session.client.send("next", { threadId: 1, granularity: "instruction" });
      await session.stoppedAt(marker, "step");
    }
    const said = session.client.heard.output("console").match(/goes to where the next statement begins/g);
    assert.equal(said?.length, 1);
    await session.end();
  });

  it("are stepped into calls", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    await session.client.send("stepIn", { threadId: 1, granularity: "instruction" });
    await session.stoppedAt("square-body", "step");
    await session.client.send("stepOut", { threadId: 1, granularity: "instruction" });
    assert.equal((await session.stopped()).function, "calls");
    await session.end();
  });
});
