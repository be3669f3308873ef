import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gone, isAlive } from "../support/dap-client.ts";
import { DebugSession } from "../support/debug-session.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { launchInTerminal } from "../support/terminal-program.ts";

const stay = { terminateDebuggee: false };

/** A guest in each language, a place it comes by several times, how it ends, and the last that it prints. */
const guests: readonly (readonly [
  language: string,
  guest: Fixture,
  args: readonly string[],
  marker: string,
  exit: number,
  last: RegExp,
])[] = [
  ["C", fixture("callbacks", "dwarf5.O0"), [], "add", 0, /^\d+ \d+\n$/],
  [
    "C++",
    fixture("cpp-exceptions", "dwarf5.O0"),
    ["base"],
    "throw",
    1,
    /leaving by_base\ncaught out of range 42\n$/,
  ],
  ["Rust", fixture("rust-panics", "dwarf4.O0"), ["index"], "index", 134, /index out of bounds/],
];

describe("a program that is let go of", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-detaching-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => DebugSession.abandonAll());

  const open = (guest: string, build = "dwarf5.O0") =>
    new DebugSession(fixture(guest, build), { transport: "stdio" });

  /** Disconnects without ending the program; the adapter has nothing more to do then. */
  const letGo = async (session: DebugSession): Promise<number> => {
    const { processId } = session;
    await session.client.disconnectRequest(stay);
    await session.client.heard.end();
    session.client.heard.verify();
    assert.deepEqual(session.client.heard.events("exited"), []);
    assert.equal(session.client.heard.events("terminated").length, 1);
    assert.match(session.client.heard.output("console"), new RegExp(`runs on .* as process ${processId}`));
    return processId;
  };

  for (const [language, guest, args, marker, exit, last] of guests) {
    it(`goes on to its own end, stopped by nothing that was set, in ${language}`, async () => {
      const { client, adapter, printed, ended } = await launchInTerminal(guest, "integrated", { args });
      const adapterEnded = once(adapter, "exit");
      await client.ask("setBreakpoints", {
        ...{ source: { path: guest.source() }, breakpoints: [{ line: guest.markers().lineOf(marker) }] },
      });
      await client.ask("setExceptionBreakpoints", {
        filters: ["thrown", "rethrown", "exception", "exit", "panic", "abort", "unreachable"],
      });
      await client.ask("configurationDone");
      assert.equal((await client.event("stopped")).reason, "breakpoint");
      await client.ask("disconnect", stay);
      await client.end();
      client.verify();
      assert.deepEqual(await adapterEnded, [0, null]);
      assert.equal(await ended(), exit);
      assert.match(printed(), last);
    });
  }

  it("does what it was about to do, without anybody who reads what it prints", async () => {
    const session = open("files");
    const removed = join(folder, "renamed.txt");
    writeFileSync(removed, "");
    await session.runTo(["open-to-write"], { preopens: { "/data": folder } });
    await gone(await letGo(session));
    // The last thing it does.
    assert.equal(existsSync(removed), false);
  });

  it("runs while it is let go of, and goes on for as long as it likes", async () => {
    const session = open("spin");
    await session.begin();
    await session.launch();
    await session.run();
    await session.client.heard.event("output", ({ category }) => category === "stdout");
    const processId = await letGo(session);
    // Longer than an orphan is given to unwind, and than a thread sleeps before it looks for its controller.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.ok(isAlive(processId));
    process.kill(processId, "SIGKILL");
    await gone(processId);
  });

  it("stands at a trap, and ends with it", async () => {
    for (const way of ["unreachable", "divide"]) {
      const session = open("traps");
      await session.begin();
      await session.launch({ args: [way] });
      await session.run();
      assert.equal((await session.stopped()).reason, "exception");
      await gone(await letGo(session));
    }
  });

  it("is not watched any more", async () => {
    const guest = fixture("watch", "dwarf5.O0");
    const { client, terminal, printed, ended } = await launchInTerminal(guest, "external", {
      dataBreakpoints: true,
    });
    terminal.stdin.end("typed in");
    await client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "main" }] });
    await client.ask("configurationDone");
    await client.event("stopped");
    const { stackFrames } = await client.ask("stackTrace", { threadId: 1 });
    const name = "counter";
    const { dataId } = await client.ask("dataBreakpointInfo", { name, frameId: stackFrames[0].id });
    const { breakpoints } = await client.ask("setDataBreakpoints", { breakpoints: [{ dataId }] });
    assert.equal(breakpoints[0].verified, true, breakpoints[0].message);
    await client.ask("disconnect", stay);
    await client.end();
    client.verify();
    assert.equal(await ended(), 0);
    assert.match(printed(), /^counter -1, /);
  });

  it("reads on from its terminal", async () => {
    const guest = fixture("hello", "dwarf5.O0");
    const { client, terminal, printed, ended } = await launchInTerminal(guest, "integrated");
    await client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "main" }] });
    await client.ask("configurationDone");
    await client.event("stopped");
    await client.ask("disconnect", stay);
    await client.end();
    terminal.stdin.end("typed\n");
    assert.equal(await ended(), 0);
    assert.match(printed(), /line 1: typed\n/);
  });

  it("has begun, where it waited for its start", async () => {
    const { client, terminal, printed, ended } = await launchInTerminal(
      fixture("hello", "dwarf5.O0"),
      "integrated",
    );
    terminal.stdin.end();
    await client.ask("disconnect", stay);
    await client.end();
    assert.equal(await ended(), 0);
    assert.match(printed(), /GREETING/);
  });

  it("is one that has not ended, nor is to end", async () => {
    const over = open("hello");
    await over.begin();
    await over.launch();
    await over.run();
    await over.exited();
    await over.client.disconnectRequest(stay);
    await gone(over.processId);

    const ending = open("spin");
    await ending.begin();
    await ending.launch();
    await ending.run();
    await ending.client.heard.event("output", ({ category }) => category === "stdout");
    void ending.client.terminateRequest();
    await ending.client.disconnectRequest(stay);
    await gone(ending.processId);
    await ending.client.heard.end();
    ending.client.heard.verify();
  });
});
