import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeMessage } from "../../../adapter/protocol/framing.ts";
import { begin, finish, startFakeSession } from "../../support/fake-session.ts";

describe("a connection", () => {
  it("answers an unknown request with an error and goes on", async () => {
    const session = startFakeSession();
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    for (const command of ["makeCoffee", "toString", "__proto__", ""]) {
      const answer = await client.request(command);
      assert.equal(answer.success, false);
      assert.match(answer.message, /There is no request/);
    }
    await finish(session);
  });

  it("answers requests it does not support", async () => {
    const session = startFakeSession();
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    for (const command of ["stepBack", "reverseContinue", "terminateThreads", "goto"]) {
      assert.match((await client.request(command, {})).message, /not supported by this adapter/);
    }
    await finish(session);
  });

  it("answers bad arguments with a sentence, and shows it to nobody", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    const answer = await client.request("scopes", { frameId: "one" });
    assert.equal(
      answer.message,
      'Bad arguments for `scopes`: `frameId` must be a whole number, but is "one".',
    );
    assert.equal(answer.body.error.showUser, false);
    await finish(session);
  });

  it("answers a bug of ours as an internal error, logs it, and goes on", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    session.launch.program.stackTrace = () => Promise.reject(new RangeError("off by one"));
    const answer = await client.request("stackTrace", { threadId: 1 });
    assert.equal(answer.message, "Internal error in `stackTrace`: off by one");
    assert.equal(session.log.length, 1);
    assert.match(session.log[0] ?? "", /Internal error in `stackTrace`: RangeError: off by one\n.*at /);
    await finish(session);
  });

  it("answers when what it has to say cannot be written", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    // A bigint has no JSON.
    session.launch.program.stackTrace = () => Promise.resolve({ frames: [], total: 1n as unknown as number });
    const answer = await client.request("stackTrace", { threadId: 1 });
    assert.match(answer.message, /Internal error.*BigInt/);
    await client.ask("disconnect");
    await session.done;
    // The number of the answer that could not be written is lost with it.
    assert.throws(() => client.verify(), /seq/);
  });

  it("answers requests in their order, and each once, however they arrive", async () => {
    const session = startFakeSession();
    const { client } = session;
    const initialize = { seq: 1, type: "request", command: "initialize", arguments: { adapterID: "wasm" } };
    const threads = (seq: number) => ({ seq, type: "request", command: "threads" });
    client.transcript.push(
      ...[initialize, threads(2), threads(3)].map((message) => ({ from: "client" as const, message })),
    );
    client.sendRaw([initialize, threads(2), threads(3)].map(writeMessage).join(""));
    await client.answerTo(3);
    const answered = client.transcript
      .filter(({ from }) => from === "adapter")
      .map(({ message }) => message.request_seq);
    assert.deepEqual(answered, [1, 2, 3]);
    session.client.hangUp();
    await session.done;
    client.verify();
  });

  it("sends events that a request causes after its answer", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    session.launch.program.whenRunning = () => {
      session.launch.program.print("stdout", "hello\n");
      session.launch.program.halt({ kind: "breakpoint", breakpoints: [] });
    };
    await client.ask("continue", { threadId: 1 });
    await client.event("stopped", ({ reason }) => reason === "breakpoint");
    assert.deepEqual(client.said().slice(-3), ["continue!", "output", "stopped"]);
    await finish(session);
  });

  it("lets a pause overtake a request that takes long", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    const { program } = session.launch;
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const setBreakpoints = program.setBreakpoints.bind(program);
    program.setBreakpoints = async (path, requests) => {
      await gate;
      return setBreakpoints(path, requests);
    };
    const slow = client.post("setBreakpoints", { source: { path: "/a.c" }, breakpoints: [] });
    await client.ask("pause", { threadId: 1 });
    release();
    await client.answerTo(slow);
    await client.event("stopped");
    await finish(session);
  });

  it("drops a request that waits when it is cancelled, in the protocol's word", async () => {
    const session = startFakeSession();
    const { client } = session;
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    session.launch.gate = () => gate;
    await client.ask("initialize", { adapterID: "wasm" });
    const launch = client.post("launch", { program: "a.wasm" });
    const threads = client.post("threads");
    await client.ask("cancel", { requestId: threads });
    const answer = await client.answerTo(threads);
    assert.equal(answer.success, false);
    assert.equal(answer.message, "cancelled");
    open();
    assert.equal((await client.answerTo(launch)).success, true);
    assert.equal((await client.request("cancel", { requestId: launch })).success, true);
    await finish(session);
  });

  it("goes on after a message that cannot be read, and reports it", async () => {
    const session = startFakeSession();
    const { client } = session;
    client.sendRaw("Content-Length: 4\r\n\r\nnope");
    client.sendRaw(writeMessage({ hello: "there" }));
    client.sendRaw(writeMessage([1, 2]));
    client.sendRaw("Content-Length: 4\r\n\r\nnull");
    client.sendRaw(writeMessage({ type: "request", command: "threads" }));
    client.sendRaw(writeMessage({ type: "response", request_seq: 77, success: true }));
    await client.ask("initialize", { adapterID: "wasm" });
    assert.equal(session.log.length, 5);
    assert.match(session.log[0] ?? "", /not valid JSON/);
    assert.match(session.log[1] ?? "", /neither a request/);
    await finish(session);
  });

  it("ends the session at bytes that are no protocol, kills the program and says why", async () => {
    const session = startFakeSession();
    await begin(session);
    session.client.sendRaw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await session.done;
    assert.match(session.log[0] ?? "", /does not speak the Debug Adapter Protocol/);
    assert.ok(session.launch.program.calls.includes("kill"));
    session.client.verify();
  });

  it("ends the session when the client breaks off in the middle of a message", async () => {
    const session = startFakeSession();
    await begin(session);
    session.client.sendRaw('Content-Length: 100\r\n\r\n{"seq":');
    session.client.hangUp();
    await session.done;
    assert.deepEqual(session.log, ["The client broke off in the middle of a message, after 7 of 100 bytes."]);
    assert.ok(session.launch.program.calls.includes("kill"));
    session.client.verify();
  });

  it("refuses what comes before initialize and a second initialize", async () => {
    const session = startFakeSession();
    const { client } = session;
    for (const command of ["launch", "threads", "setBreakpoints", "next", "terminate"]) {
      assert.match((await client.request(command, {})).message, /`initialize` comes first/);
    }
    await client.ask("initialize", { adapterID: "wasm" });
    assert.match((await client.request("initialize", { adapterID: "wasm" })).message, /comes once/);
    assert.match((await client.request("next", { threadId: 1 })).message, /No program is loaded/);
    await finish(session);
  });

  it("writes every message of both sides to the trace file, those before the launch included", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wasm-dap-trace-"));
    try {
      const session = startFakeSession();
      await begin(session, { program: "a.wasm", trace: join(folder, "trace.jsonl") });
      session.launch.program.hooks.trace?.("what is said at the suspend point");
      await finish(session);
      const lines = readFileSync(join(folder, "trace.jsonl"), "utf8").trimEnd().split("\n");
      const traced = lines.map((line) => JSON.parse(line) as { from: string; message: unknown; ms: number });
      assert.deepEqual(
        traced.filter(({ from }) => from === "guest").map(({ message }) => message),
        ["what is said at the suspend point"],
      );
      // What a client sends and what is sent to it cross, so each side is compared by itself.
      for (const side of ["client", "adapter"]) {
        const of = (all: readonly { from: string; message: unknown }[]) =>
          all.filter(({ from }) => from === side).map(({ message }) => message);
        assert.deepEqual(of(traced), of(session.client.transcript));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("goes on without a trace that cannot be written, and says so", async () => {
    const session = startFakeSession();
    await begin(session, { program: "a.wasm", trace: "/nowhere/at/all/trace" });
    assert.match(session.client.output("important"), /^The trace cannot be written: ENOENT/);
    await finish(session);
  });
});
