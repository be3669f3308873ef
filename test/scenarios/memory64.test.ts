import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { node24 } from "../support/nodes.ts";
import type { Message } from "../support/transcript.ts";

describe("the memory of a program with 64-bit addresses", function () {
  this.timeout(60_000);
  afterEach(() => DebugSession.abandonAll());

  /** The guest stands in the innermost of several calls. Node has had such memories since 24. */
  const open = async (): Promise<DebugSession> => {
    const session = new DebugSession(fixture("forms", "wasm64.O0"), { transport: "stdio" });
    await session.begin({ supportsMemoryReferences: true, supportsMemoryEvent: true });
    await session.launch({ runtimeExecutable: await node24(), invoke: "run" });
    await session.breakAt(["bottom"]);
    await session.run();
    await session.stoppedAt("bottom", "breakpoint");
    return session;
  };
  const ask = async (session: DebugSession, command: string, asked: object): Promise<Message> =>
    (await session.client.send(command, asked)).body ?? {};

  it("is read and written where a variable lies, and clients are told", async () => {
    const session = await open();
    const { memoryReference, result } = await session.evaluate("&depth");
    assert.match(result, /^0x[0-9a-f]{16}/);
    const read = await ask(session, "readMemory", { memoryReference, count: 4 });
    assert.equal(read.address, memoryReference);
    const depth = Buffer.from(read.data, "base64").readInt32LE();
    assert.equal(String(depth), (await session.evaluate("depth")).result);
    const data = Buffer.of(77, 0, 0, 0).toString("base64");
    await ask(session, "writeMemory", { memoryReference, data });
    assert.deepEqual(await session.client.heard.event("memory"), { memoryReference, offset: 0, count: 4 });
    assert.equal((await session.evaluate("depth")).result, "77");
    await session.end();
  });

  it("ends where it ends, and what is beyond any memory counts as unreadable or is refused", async () => {
    const session = await open();
    const groups = await session.scope("Wasm");
    const { memoryReference, value } =
      (await session.children(groups.get("Memories")?.variablesReference)).get("memory 0") ?? {};
    const size = Number(/^\d+/.exec(value)?.[0]);
    const last = await ask(session, "readMemory", { memoryReference, offset: size - 8, count: 100 });
    assert.deepEqual([Buffer.from(last.data, "base64").length, last.unreadableBytes], [8, 92]);
    const far = await ask(session, "readMemory", { memoryReference: "0x1ffffffff", count: 10 });
    assert.deepEqual([far.data, far.unreadableBytes], [undefined, 10]);
    await assert.rejects(
      ask(session, "writeMemory", { memoryReference: "0x1ffffffff", data: "AAAA" }),
      /0x1ffffffff/,
    );
    await session.end();
  });

  it("has code that is listed both ways, exactly as asked, with addresses that stay", async () => {
    const session = await open();
    const [top] = await session.frames(1);
    const memoryReference = top?.instructionPointerReference;
    const rows = async (instructionOffset: number, instructionCount: number): Promise<Message[]> =>
      (await ask(session, "disassemble", { memoryReference, instructionOffset, instructionCount }))
        .instructions;
    const around = await rows(-40, 80);
    assert.equal(around.length, 80);
    assert.equal(around[40]?.address, memoryReference);
    assert.deepEqual(
      (await rows(0, 40)).map(({ address, instruction }) => [address, instruction]),
      around.slice(40).map(({ address, instruction }) => [address, instruction]),
    );
    // The frame is addressed by 64 bits.
    assert.ok(around.some(({ instruction }) => /i64\.(const|add|sub)/.test(instruction)));
    await session.end();
  });
});
