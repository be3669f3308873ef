import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeMessage } from "../../adapter/protocol/framing.ts";
import { connectRaw, executable, gone, startTestServer, type TestServer } from "../support/dap-client.ts";
import { fixture } from "../support/fixtures.ts";
import { SessionClient } from "../support/session-client.ts";

describe("a client that misbehaves", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  const program = fixture("spin", "dwarf5.O0").path;

  /** A client whose program runs. */
  const start = async () => {
    const { client, socket } = await connectRaw(server.port);
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program });
    await client.ask("configurationDone");
    const { systemProcessId } = await client.event("process");
    await client.event("output");
    return { client, socket, pid: systemProcessId as number };
  };

  /** What the server says on stderr from now on. */
  const complaint = async (about: RegExp) => {
    while (!about.test(server.stderr.join(""))) await once(server.process.stderr ?? server.process, "data");
  };

  it("by sending another protocol is told so on stderr and disconnected", async () => {
    const { client } = await connectRaw(server.port);
    client.sendRaw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await client.end();
    await complaint(/does not speak the Debug Adapter Protocol.*GET/);
  });

  it("by sending garbage in a session loses it and its program", async () => {
    const { client, pid } = await start();
    client.sendRaw(Buffer.from([0, 1, 2, 3, 255, 254]));
    await client.end();
    await gone(pid);
    client.verify();
  });

  it("by announcing a message without end is disconnected", async () => {
    const { client, pid } = await start();
    client.sendRaw("Content-Length: 999999999999\r\n\r\n{");
    await client.end();
    await gone(pid);
    await complaint(/999999999999 bytes/);
  });

  it("by breaking off in the middle of a message leaves no program", async () => {
    const { client, pid } = await start();
    client.sendRaw('Content-Length: 1000\r\n\r\n{"seq": 9');
    client.hangUp();
    await client.end();
    await gone(pid);
    await complaint(/broke off in the middle of a message/);
  });

  it("by disappearing leaves no program", async () => {
    const { socket, pid } = await start();
    socket.resetAndDestroy();
    await gone(pid);
  });

  it("by disappearing during the launch leaves no program", async () => {
    const { client, socket } = await connectRaw(server.port);
    client.post("initialize", { adapterID: "wasm" });
    client.post("launch", { program });
    socket.destroySoon();
    const again = await start();
    await again.client.ask("disconnect");
    await gone(again.pid);
  });

  it("by sending requests that make no sense gets an answer to each", async () => {
    const { client, pid } = await start();
    const sent: number[] = [];
    for (const command of [
      "initialize",
      "launch",
      "attach",
      "scopes",
      "variables",
      "evaluate",
      "setVariable",
    ]) {
      for (const args of [
        undefined,
        [],
        "x",
        { frameId: -1, variablesReference: 2 ** 40, threadId: "one" },
      ]) {
        sent.push(client.post(command, args as object));
      }
    }
    for (const seq of sent) assert.equal((await client.answerTo(seq)).success, false);
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("by flooding the server with requests gets all answers in order", async () => {
    const { client, pid } = await start();
    const first = client.post("threads");
    const seqs = Array.from({ length: 2000 }, () => client.post("threads"));
    await client.answerTo(seqs.at(-1) ?? first);
    const answered = client.transcript
      .filter(({ from, message }) => from === "adapter" && message.command === "threads")
      .map(({ message }) => message.request_seq);
    assert.deepEqual(answered, [first, ...seqs]);
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("by asking before it has said who it is gets an answer to each, and may begin then", async () => {
    const { client } = await connectRaw(server.port);
    for (const command of ["launch", "threads", "evaluate", "setBreakpoints", "stepInTargets", "restart"]) {
      const answer = await client.request(command, { program });
      assert.equal(answer.success, false, command);
      assert.match(answer.message, /`initialize` comes first/);
    }
    await client.ask("initialize", { adapterID: "wasm", unknownThing: { deep: [1] } });
    assert.match((await client.request("initialize", { adapterID: "wasm" })).message, /comes once/);
    await client.ask("disconnect");
    client.verify();
  });

  it("by launching twice, or attaching to what is launched, keeps the program it has", async () => {
    const { client, pid } = await start();
    assert.match((await client.request("launch", { program })).message, /loaded already/);
    assert.match((await client.request("attach", { coreFile: "core.wasm" })).message, /loaded already/);
    assert.match((await client.request("attach", {})).message, /loaded already/);
    assert.equal((await client.ask("threads")).threads.length, 1);
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("by leaving in any state leaves no program", async () => {
    const steps: ((client: SessionClient) => void)[] = [
      (client) => void client.post("initialize", { adapterID: "wasm" }),
      (client) => void client.post("launch", { program }),
      (client) => void client.post("configurationDone"),
      (client) => void client.post("pause", { threadId: 1 }),
      (client) => void client.post("restart"),
      (client) => void client.post("terminate"),
    ];
    for (let taken = 0; taken <= steps.length; taken++) {
      const { client } = await connectRaw(server.port);
      for (const step of steps.slice(0, taken)) step(client);
      client.post("disconnect", { terminateDebuggee: false });
      await client.end();
      for (const { systemProcessId } of client.events("process")) await gone(systemProcessId);
      client.verify();
    }
  });

  it("by setting breakpoints while its program ends is answered", async () => {
    const { client, pid } = await start();
    client.post("terminate");
    const breakpoints = [{ line: 10 }];
    const sent = Array.from({ length: 20 }, () =>
      client.post("setBreakpoints", { source: { path: "/spin.c" }, breakpoints }),
    );
    for (const seq of sent) assert.equal((await client.answerTo(seq)).success, true);
    await client.event("terminated");
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("by asking for far too much at once gets all answers, of what was cancelled too", async () => {
    const { client, pid } = await start();
    const sent = Array.from({ length: 10_000 }, (_, at) =>
      at % 2 === 0 ? client.post("threads") : client.post("evaluate", { expression: "1", unknown: at }),
    );
    for (const seq of sent.slice(-100)) client.post("cancel", { requestId: seq });
    for (const seq of sent) await client.answerTo(seq);
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("does the server no harm", async () => {
    const { client, pid } = await start();
    await client.ask("disconnect");
    await gone(pid);
    client.verify();
  });

  it("over stdio ends the adapter, without an exception", async () => {
    for (const bytes of [
      "garbage\n\n\n",
      "Content-Length: x\r\n\r\n",
      'Content-Length: 50\r\n\r\n{"seq":1',
      "",
    ]) {
      const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "pipe"] });
      const stderr: Buffer[] = [];
      adapter.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      adapter.stdin.end(bytes);
      const [status] = await once(adapter, "exit");
      assert.equal(status, 0);
      const said = Buffer.concat(stderr).toString();
      if (bytes === "") assert.equal(said, "");
      else assert.match(said, /^wasm-dap: The client [^\n]+\n$/);
    }
  });

  it("over stdio by closing only its reading side leaves no program", async () => {
    const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "ignore"] });
    const client = new SessionClient(adapter.stdout, adapter.stdin);
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program });
    await client.ask("configurationDone");
    const { systemProcessId } = await client.event("process");
    adapter.stdout.destroy();
    adapter.stdin.write(writeMessage({ seq: 99, type: "request", command: "threads" }));
    await once(adapter, "exit");
    await gone(systemProcessId);
  });
});
