import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

const pageBytes = 65_536;

describe("the memory of a program", () => {
  afterEach(() => DebugSession.abandonAll());

  /** A program that stands at a marker, for a client that knows memory. */
  const open = async (guest: string, marker: string): Promise<DebugSession> => {
    const session = new DebugSession(fixture(guest, "dwarf5.O0"), { transport: "stdio" });
    await session.begin({
      ...{ supportsMemoryReferences: true, supportsMemoryEvent: true, supportsInvalidatedEvent: true },
    });
    await session.launch();
    await session.breakAt([marker]);
    await session.run();
    await session.stopped();
    return session;
  };
  const read = async (session: DebugSession, asked: object): Promise<Message> =>
    (await session.client.send("readMemory", asked)).body;
  const refusal = (answer: Promise<unknown>): Promise<string> =>
    answer.then(
      () => "",
      (error: Error) => error.message,
    );
  const bytesOf = ({ data = "" }: Message): Buffer => Buffer.from(data, "base64");
  /** The first memory, as the Wasm scope has it. */
  const memory0 = async (session: DebugSession): Promise<Message> => {
    const groups = await session.scope("Wasm");
    const memories = await session.children(groups.get("Memories")?.variablesReference);
    return memories.get("memory 0") ?? {};
  };

  it("is read where a variable lies, before it and behind it", async () => {
    const session = await open("list", "look");
    const { memoryReference, result } = await session.evaluate("&p->id");
    assert.equal(BigInt(memoryReference), BigInt(String(result).split(" ")[0] ?? ""));
    const there = await read(session, { memoryReference, count: 4 });
    assert.equal(bytesOf(there).readInt32LE(), 3);
    assert.equal(there.address, memoryReference);
    assert.equal(there.unreadableBytes, undefined);
    const before = await read(session, { memoryReference, offset: -4, count: 8 });
    assert.equal(BigInt(before.address), BigInt(memoryReference) - 4n);
    assert.equal(bytesOf(before).readInt32LE(4), 3);
    await session.end();
  });

  it("ends where it ends: what is beyond counts as unreadable", async () => {
    const session = await open("list", "look");
    const { memoryReference, value } = await memory0(session);
    assert.equal(memoryReference, "0x0");
    const size = Number(/^\d+/.exec(value)?.[0]);
    assert.equal(size % pageBytes, 0);
    const last = await read(session, { memoryReference, offset: size - 16, count: 100 });
    assert.deepEqual([bytesOf(last).length, last.unreadableBytes], [16, 84]);
    const beyond = await read(session, { memoryReference, offset: size + 5, count: 10 });
    assert.deepEqual([beyond.data, beyond.unreadableBytes], [undefined, 10]);
    const before = await read(session, { memoryReference, offset: -3, count: 10 });
    assert.deepEqual([before.data, before.unreadableBytes], [undefined, 3]);
    assert.deepEqual(await read(session, { memoryReference, count: 0 }), { address: "0x0" });
    const whole = await read(session, { memoryReference, count: size });
    assert.equal(bytesOf(whole).length, size);
    await session.end();
  });

  it("is written to, and clients are told under every name they know the place by", async () => {
    const session = await open("list", "look");
    const { memoryReference } = await session.evaluate("&p->id");
    await read(session, { memoryReference: "0x0", count: 16 });
    await session.client.send("writeMemory", {
      memoryReference,
      data: Buffer.of(42, 0, 0, 0).toString("base64"),
    });
    const told = [await session.client.heard.event("memory"), await session.client.heard.event("memory")];
    assert.deepEqual(told, [
      { memoryReference: "0x0", offset: Number(memoryReference), count: 4 },
      { memoryReference, offset: 0, count: 4 },
    ]);
    await session.client.heard.event("invalidated");
    assert.equal((await session.evaluate("p->id")).result, "42");
    await session.end();
  });

  it("is told to have changed when a variable is", async () => {
    const session = await open("list", "look");
    const { memoryReference } = await session.evaluate("&p->id");
    const locals = await session.scope("Locals");
    const variablesReference = locals.get("p")?.variablesReference;
    await session.client.send("setVariable", { variablesReference, name: "id", value: "77" });
    assert.deepEqual(await session.client.heard.event("memory"), { memoryReference, offset: 0, count: 4 });
    assert.equal(bytesOf(await read(session, { memoryReference, count: 4 })).readInt32LE(), 77);
    await session.end();
  });

  it("is written whole or not at all, unless the client takes less", async () => {
    const session = await open("list", "look");
    const { memoryReference, value } = await memory0(session);
    const size = Number(/^\d+/.exec(value)?.[0]);
    const data = Buffer.alloc(32, 7).toString("base64");
    const write = (more: object) => session.client.send("writeMemory", { memoryReference, data, ...more });
    assert.match(await refusal(write({ offset: size - 16 })), /32 bytes at 0x[0-9a-f]+ do not fit/);
    const end = { memoryReference, offset: size - 16, count: 16 };
    assert.notEqual(bytesOf(await read(session, end))[15], 7);
    const part = (await write({ offset: size - 16, allowPartial: true })).body;
    assert.deepEqual(part, { offset: size - 16, bytesWritten: 16 });
    assert.deepEqual(bytesOf(await read(session, end)), Buffer.alloc(16, 7));
    assert.deepEqual((await write({ offset: size + 9, allowPartial: true })).body.bytesWritten, 0);
    assert.deepEqual((await write({ offset: -8, allowPartial: true })).body, { offset: 0, bytesWritten: 24 });
    assert.match(await refusal(write({ data: "***" })), /base64/);
    await session.end();
  });

  it("is another than the code, which can be read under its own references and not be written", async () => {
    const session = await open("list", "look");
    const [top] = await session.frames(1);
    const memoryReference = top?.instructionPointerReference;
    const [row] = (await session.client.send("disassemble", { memoryReference, instructionCount: 1 })).body
      .instructions;
    const bytes = bytesOf(await read(session, { memoryReference, count: 2 }));
    assert.equal(bytes.toString("hex"), row.instructionBytes.replaceAll(" ", "").slice(0, 4));
    const header = bytesOf(await read(session, { memoryReference: "0xc0de00000000", count: 4 }));
    assert.equal(header.toString("latin1"), "\0asm");
    const written = session.client.send("writeMemory", { memoryReference, data: "AA==" });
    assert.match(await refusal(written), /in the program's code, which cannot be written/);
    await session.end();
  });

  it("is read in no other state than standing still, and not without bounds", async () => {
    const session = await open("list", "look");
    assert.match(
      await refusal(read(session, { memoryReference: "0x0", count: 2 ** 32 })),
      /At most 134217728 bytes/,
    );
    assert.match(await refusal(read(session, { memoryReference: "p", count: 4 })), /no memory reference/);
    assert.match(
      await refusal(read(session, { memoryReference: "0x50000000000", count: 4 })),
      /there is no memory 5/,
    );
    await session.continue();
    await session.exited();
    assert.match(await refusal(read(session, { memoryReference: "0x0", count: 4 })), /ended/);
    await session.end();
  });
});
