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
