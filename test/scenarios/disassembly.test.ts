import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

describe("the disassembly of a program", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = (guest: string, build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });

  /** The listing around where the program stands. */
  const list = async (session: DebugSession, more: object): Promise<Message[]> => {
    const [top] = await session.frames(1);
    const memoryReference = top?.instructionPointerReference;
    const answer = await session.client.send("disassemble", { memoryReference, ...more });
    return answer.body.instructions;
  };

  it("is exactly as long as asked, in both directions, with the frame's instruction where the client looks for it", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const [top] = await session.frames(1);
    const around = await list(session, { instructionOffset: -50, instructionCount: 101 });
    assert.equal(around.length, 101);
    assert.equal(around[50]?.address, top?.instructionPointerReference);
    const pages = [
      ...(await list(session, { instructionOffset: -50, instructionCount: 40 })),
      ...(await list(session, { instructionOffset: -10, instructionCount: 61 })),
    ];
    assert.deepEqual(
      pages.map(({ address, instruction }) => [address, instruction]),
      around.map(({ address, instruction }) => [address, instruction]),
    );
    assert.equal(new Set(around.map(({ address }) => address)).size, 101);
    await session.end();
  });

  it("names functions, and interleaves the lines of the source", async () => {
    const session = open("traps");
    const place = await session.runTo(["main-call"], { args: ["exit"] });
    const [top] = await session.frames(1);
    const rows = await list(session, { instructionCount: 30, resolveSymbols: true });
    assert.equal(rows[0]?.symbol, "main");
    assert.equal(rows[0]?.line, place.line);
    assert.deepEqual(rows[0]?.location, top?.source);
    const texts = rows.map(({ instruction }) => String(instruction).trim());
    assert.ok(texts.includes("call_indirect (param i32) (result i32)"), texts.join("\n"));
    // The same source is not said again, but rows have their lines.
    assert.equal(rows.filter(({ location }) => location !== undefined).length, 1);
    const ofMain = rows.slice(
      0,
      rows.findIndex(({ symbol }, row) => row > 0 && symbol !== undefined),
    );
    assert.ok(ofMain.filter(({ line }) => typeof line === "number").length > 10);
    const before = await list(session, {
      instructionOffset: -200,
      instructionCount: 200,
      resolveSymbols: true,
    });
    const calls = before.map(({ instruction }) => String(instruction).trim());
    assert.ok(calls.includes("call $strcmp"), calls.join("\n"));
    assert.ok(calls.includes("global.get $__stack_pointer"));
    const code = before.filter(({ presentationHint }) => presentationHint !== "invalid");
    assert.ok(code.every(({ instructionBytes }) => /^[0-9a-f]{2}( [0-9a-f]{2})*$/.test(instructionBytes)));
    assert.ok(before.some(({ symbol }) => symbol === "main"));
    await session.end();
  });

  it("goes on into the function before, up to the first, and from there in rows without code", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const rows = await list(session, {
      instructionOffset: -100_000,
      instructionCount: 100_000,
      resolveSymbols: true,
    });
    const first = rows.findIndex(({ presentationHint }) => presentationHint !== "invalid");
    assert.ok(first > 0);
    assert.deepEqual(rows[0]?.presentationHint, "invalid");
    assert.ok(rows.slice(first).every(({ presentationHint }) => presentationHint === undefined));
    const starts = rows
      .map(({ symbol }, row) => (symbol === undefined ? -1 : row))
      .filter((row) => row > first);
    assert.ok(starts.length > 0);
    assert.deepEqual([...new Set(starts.map((row) => rows[row - 1]?.instruction))], ["end"]);
    await session.end();
  });

  it("is found by pointers to functions", async () => {
    const session = open("types");
    await session.begin({ supportsMemoryReferences: true });
    await session.launch();
    await session.breakAt(["pointers"]);
    await session.run();
    await session.stopped();
    const { memoryReference, result } = await session.evaluate("table[1]");
    assert.match(result, /\(subtract\)/);
    const rows = await list(session, { memoryReference, instructionCount: 1, resolveSymbols: true });
    assert.equal(rows[0]?.symbol, "subtract");
    await session.end();
  });

  it("has no instructions where data is, and none where nothing is", async () => {
    const session = open("list");
    await session.begin({ supportsMemoryReferences: true });
    await session.launch();
    await session.breakAt(["look"]);
    await session.run();
    await session.stopped();
    const { memoryReference } = await session.evaluate("p");
    const data = await list(session, { memoryReference, instructionOffset: -2, instructionCount: 5 });
    assert.deepEqual(
      data.map(({ presentationHint }) => presentationHint),
      ["invalid", "invalid", "invalid", "invalid", "invalid"],
    );
    const refused = await session.client
      .send("disassemble", { memoryReference: "somewhere", instructionCount: 1 })
      .then(
        () => "",
        (error: Error) => error.message,
      );
    assert.match(refused, /"somewhere" is no memory reference/);
    await session.end();
  });

  it("is there for a program without debug info, while it runs", async () => {
    const session = open("spin", "dwarf5.O0");
    await session.begin();
    await session.launch();
    await session.run();
    const answer = await session.client.send("disassemble", {
      memoryReference: "0xc0de00000000",
      offset: 0x1000,
      instructionCount: 3,
    });
    assert.equal(answer.body.instructions.length, 3);
    await session.end();
  });
});
