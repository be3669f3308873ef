import assert from "node:assert/strict";
import { executable, gone, startTestServer, type TestServer } from "../support/dap-client.ts";
import { DebugSession, type Reach } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

describe("a running program", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());
  afterEach(() => DebugSession.abandonAll());

  const stdio: Reach = { transport: "stdio" };
  const open = (guest: string, reach: Reach = stdio) => new DebugSession(fixture(guest, "dwarf5.O0"), reach);

  /** Begins a guest and waits until it prints. */
  const start = async (guest: string, more: object = {}) => {
    const session = open(guest);
    await session.begin();
    await session.launch(more);
    await session.run();
    await session.client.heard.event("output", ({ category }) => category === "stdout");
    return session;
  };

  it("can be paused in a busy loop, looked at, and continued", async () => {
    const session = open("spin");
    await session.runTo(["spin-body"]);
    await session.breakAt([]);
    await session.continue();
    await session.client.pauseRequest({ threadId: 1 });
    const place = await session.stopped();
    assert.equal(place.reason, "pause");
    assert.equal(place.function, "spin");
    assert.equal((await session.locals()).step, "1");
    const before = BigInt((await session.evaluate("counter")).result);
    // A pause may stop the loop before it has come round once.
    for (let now = before; now === before; now = BigInt((await session.evaluate("counter")).result)) {
      await session.continue();
      await session.client.pauseRequest({ threadId: 1 });
      await session.stopped();
    }
    await session.end();
  });

  it("takes a step that comes while another is under way for a part of it", async () => {
    const session = open("spin");
    await session.runTo(["main-spin"], { args: ["3000000"] });
    await session.breakAt([]);
    const { client } = session;
    await Promise.all([client.nextRequest({ threadId: 1 }), client.nextRequest({ threadId: 1 })]);
    await session.stoppedAt("main-done", "step");
    assert.equal((await session.evaluate("counter")).result, "3000000");
    await session.end();
  });

  it("takes a breakpoint, stops at it, and loses it again", async () => {
    const session = await start("spin");
    await session.breakAt(["spin-body"]);
    await session.stoppedAt("spin-body", "breakpoint");
    await session.continue();
    await session.stoppedAt("spin-body", "breakpoint");
    await session.breakAt([]);
    await session.continue();
    await session.client.pauseRequest({ threadId: 1 });
    assert.equal((await session.stopped()).reason, "pause");
    await session.end();
  });

  it("can be changed so that it ends", async () => {
    const session = await start("spin");
    await session.client.pauseRequest({ threadId: 1 });
    await session.stopped();
    const [top] = await session.frames(1);
    await session.client.send("setExpression", { expression: "limit", value: "1", frameId: top?.id });
    await session.continue();
    assert.equal(await session.exited(), 0);
    assert.match(session.client.heard.output("stdout"), /counted to \d+/);
    await session.end();
  });

  it("can be paused while it sleeps", async () => {
    const session = open("sleeper");
    await session.runTo(["doze"], { args: ["60000"] });
    await session.continue();
    await session.client.pauseRequest({ threadId: 1 });
    assert.equal((await session.stopped()).reason, "pause");
    assert.ok((await session.frames()).some(({ name }) => name === "doze"));
    await session.end();
  });

  it("refuses what needs a stop, in the protocol's word", async () => {
    const session = await start("spin");
    for (const command of ["stackTrace", "next", "continue"]) {
      await assert.rejects(session.client.send(command, { threadId: 1 }), /notStopped/);
    }
    await session.end();
  });

  it("ends on request, told in order, and leaves no process", async () => {
    const session = await start("spin");
    await session.client.terminateRequest();
    await session.client.heard.event("terminated");
    await gone(session.processId);
    await session.end();
  });

  it("ends when its client disappears", async () => {
    const session = await start("spin");
    session.client.hangUp();
    await gone(session.processId);
  });

  it("ends when its adapter is killed", async () => {
    const { spawn } = await import("node:child_process");
    const { SessionClient } = await import("../support/session-client.ts");
    const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "inherit"] });
    const client = new SessionClient(adapter.stdout, adapter.stdin);
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program: fixture("spin", "dwarf5.O0").path });
    await client.ask("configurationDone");
    const { systemProcessId } = await client.event("process");
    await client.event("output");
    adapter.kill("SIGKILL");
    await gone(systemProcessId);
  });

  it("is told dead when its process is killed from outside, while it runs and while it is stopped", async () => {
    const running = await start("spin");
    process.kill(running.processId, "SIGKILL");
    await running.client.heard.event("terminated");
    assert.match(running.client.heard.output("important"), /The program's process died/);
    await running.end();

    const stopped = open("steps");
    await stopped.runTo(["fib-base"]);
    process.kill(stopped.processId, "SIGKILL");
    await gone(stopped.processId);
    await stopped.client.heard.event("terminated");
    await stopped.end();
  });

  it("starts anew with its breakpoints", async () => {
    const session = open("steps");
    await session.runTo(["calls-first"]);
    const old = session.processId;
    await session.client.restartRequest({ arguments: session.configuration() as never });
    await session.stoppedAt("calls-first", "breakpoint");
    assert.notEqual(session.processId, old);
    await gone(old);
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
    assert.equal(session.client.heard.events("exited").length, 1);
  });

  it("starts anew while it runs", async () => {
    const session = await start("spin");
    await session.client.restartRequest({ arguments: session.configuration({ args: ["5"] }) as never });
    assert.equal(await session.exited(), 0);
    assert.match(session.client.heard.output("stdout"), /counted to 5\n$/);
    await session.end();
  });

  it("stops in constructors and in start functions, which run before main", async () => {
    const ctors = open("ctors");
    await ctors.runTo(["second-constructor"]);
    assert.equal((await ctors.locals()).local, "2");
    await ctors.end();
    const startfn = open("startfn");
    await startfn.runTo(["begin-loop"], { invoke: "has_started" });
    assert.equal((await startfn.locals()).i, "0");
    await startfn.end();
  });

  it("has files of one base name told apart, and code of a header", async () => {
    const session = open("multi");
    await session.begin();
    await session.launch();
    const [inB] = await session.breakAt(["scale"], "b/util.c");
    assert.equal(inB?.verified, true);
    await session.run();
    const place = await session.stoppedAt("scale", "breakpoint", "b/util.c");
    assert.equal((await session.frames(1))[0]?.source?.path, session.fixture.source("b/util.c"));
    assert.equal(place.function, "scale");
    assert.equal((await session.frames(1, 1))[0]?.name, "b_scale");
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("serves several clients of one server, at once and after another", async () => {
    const reach: Reach = { transport: "TCP", server };
    const [one, two] = [open("steps", reach), open("list", reach)];
    const places = await Promise.all([one.runTo(["calls-first"]), two.runTo(["look"])]);
    one.assertAt(places[0], "calls-first");
    two.assertAt(places[1], "look");
    await one.end();
    assert.equal((await two.evaluate("p->id")).result, "3");
    await two.end();
    const three = open("steps", reach);
    three.assertAt(await three.runTo(["calls-second"]), "calls-second");
    await three.end();
  });

  it("ends with its server, whoever ends that", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const own = await startTestServer();
      const session = open("spin", { transport: "TCP", server: own });
      await session.begin();
      await session.launch();
      await session.run();
      await session.client.heard.event("output");
      assert.equal(await own.stop(signal), 0);
      await gone(session.processId);
      session.client.heard.verify();
    }
  });
});
