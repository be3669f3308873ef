import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable, gone } from "../support/dap-client.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { SessionClient } from "../support/session-client.ts";
import { launchInTerminal } from "../support/terminal-program.ts";

describe("what surrounds a program", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-surroundings-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => DebugSession.abandonAll());

  const open = (guest: string) => new DebugSession(fixture(guest, "dwarf5.O0"), { transport: "stdio" });

  const inTerminal = (guest: string, kind: "integrated" | "external") =>
    launchInTerminal(fixture(guest, "dwarf5.O0"), kind, { cwd: folder });

  it("is its client's terminal, where it prints and reads while it is debugged", async () => {
    const { source, markers } = fixture("hello", "dwarf5.O0");
    const { client, terminal, printed, ended } = await inTerminal("hello", "integrated");
    await client.ask("setBreakpoints", {
      ...{ source: { path: source() }, breakpoints: [{ line: markers().lineOf("line") }] },
    });
    await client.ask("configurationDone");
    terminal.stdin.write("typed\n");
    assert.equal((await client.event("stopped")).reason, "breakpoint");
    await client.ask("continue", { threadId: 1 });
    terminal.stdin.end();
    await client.event("terminated");
    await ended();
    assert.match(printed(), /line 1: typed\n/);
    assert.equal(client.output("stdout"), "");
    await client.ask("disconnect");
    await client.end();
    client.verify();
    await gone(terminal.pid ?? 0);
  });

  for (const kind of ["integrated", "external"] as const) {
    for (const ending of ["terminate", "disconnect"] as const) {
      it(`is a terminal (${kind}) in which nothing is left after ${ending}`, async () => {
        const { client, terminal } = await inTerminal("spin", kind);
        await client.ask("configurationDone");
        await client.ask("pause", { threadId: 1 });
        assert.equal((await client.event("stopped")).reason, "pause");
        await client.ask("continue", { threadId: 1 });
        await client.ask(ending);
        if (ending === "terminate") {
          await client.event("terminated");
          await client.ask("disconnect");
        }
        await client.end();
        client.verify();
        await gone(terminal.pid ?? 0);
      });
    }
  }

  it("is a terminal that may not come: then the launch fails, and says why", async () => {
    const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "inherit"] });
    const client = new SessionClient(adapter.stdout, adapter.stdin);
    await client.ask("initialize", { adapterID: "wasm", supportsRunInTerminalRequest: true });
    const { path } = fixture("hello", "dwarf5.O0");
    const launch = client.post("launch", { program: path, console: "externalTerminal" });
    const { seq, arguments: asked } = await client.reverseRequest("runInTerminal");
    assert.equal(asked.kind, "external");
    const message = "no terminal here";
    client.send({
      seq: 1000,
      type: "response",
      request_seq: seq,
      command: "runInTerminal",
      success: false,
      message,
    });
    const answer = await client.answerTo(launch);
    assert.equal(answer.success, false);
    assert.match(answer.message, /no terminal here/);
    await client.ask("disconnect");
    await once(adapter, "exit");
    client.verify();
  });

  it("is a file to read, and arguments, variables and folders", async () => {
    writeFileSync(join(folder, "in.txt"), "from a file\n");
    const hello = open("hello");
    await hello.begin();
    await hello.launch({ cwd: folder, stdin: "in.txt", args: ["3"], env: { GREETING: "hi" } });
    await hello.run();
    assert.equal(await hello.exited(), 3);
    assert.match(hello.client.heard.output("stdout"), /argument 1: 3\nGREETING=hi\nline 1: from a file\n$/);
    await hello.end();

    const files = open("files");
    await files.begin();
    await files.launch({ preopens: { "/data": folder } });
    await files.run();
    assert.equal(await files.exited(), 0);
    assert.match(files.client.heard.output("stdout"), /^greeting\.txt from 0: hello files\n/);
    await files.end();
  });

  it("is no folder it was not given", async () => {
    const files = open("files");
    await files.begin();
    await files.launch();
    await files.run();
    assert.equal(await files.exited(), 1);
    await files.end();
  });

  it("is any Node from 20", async () => {
    for (const [, runtimeExecutable] of await nodes()) {
      const session = open("steps");
      session.assertAt(await session.runTo(["square-body"], { runtimeExecutable }), "square-body");
      session.assertAt(await session.step("next"), "square-return");
      assert.deepEqual(await session.locals(), { x: "3", result: "9" });
      session.assertAt(await session.step("stepOut"), "calls-first");
      session.assertAt(await session.step("next"), "calls-second");
      await session.end();
    }
  });
});
