import assert from "node:assert/strict";
import { MalformedError, TargetError } from "../../../src/base/errors.ts";
import { fakeDebugInfo } from "../../support/fake-launch.ts";
import { begin, type FakeSession, finish, startFakeSession } from "../../support/fake-session.ts";

describe("a session's lifecycle", () => {
  let session: FakeSession;
  beforeEach(() => {
    session = startFakeSession();
  });

  /** Starts a launch that waits until `open` is called. */
  const gateLaunch = () => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    session.launch.gate = () => gate;
    return open;
  };

  it("answers launch before configurationDone, then says that it takes breakpoints, then what it runs", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program: "steps.wasm" });
    await client.event("thread");
    assert.deepEqual(client.said(), ["initialize!", "launch!", "initialized", "process", "module", "thread"]);
    assert.deepEqual(client.events("process")[0], {
      name: "/guests/steps.wasm",
      systemProcessId: 4242,
      isLocalProcess: true,
      startMethod: "launch",
      pointerSize: 32,
    });
    assert.equal(client.events("module")[0]?.module.symbolStatus, "DWARF 5, 1 unit");
    assert.deepEqual(session.launch.program.calls, []);
    await client.ask("configurationDone");
    assert.deepEqual(session.launch.program.calls, ["start"]);
    await finish(session);
  });

  it("starts the program after the launch when configurationDone came before it", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("configurationDone");
    await client.ask("launch", { program: "steps.wasm" });
    assert.deepEqual(session.launch.program.calls, ["start"]);
    await finish(session);
  });

  it("starts the program when everything is sent at once, breakpoints set first", async () => {
    const { client } = session;
    const open = gateLaunch();
    client.post("initialize", { adapterID: "wasm" });
    client.post("launch", { program: "steps.wasm" });
    client.post("setBreakpoints", { source: { path: "/src/steps.c" }, breakpoints: [{ line: 3 }] });
    const last = client.post("configurationDone");
    open();
    assert.equal((await client.answerTo(last)).success, true);
    assert.deepEqual(session.launch.program.calls, ["setBreakpoints /src/steps.c 2", "start"]);
    await finish(session);
  });

  it("starts a program with continue for a client that never sends configurationDone", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program: "steps.wasm" });
    assert.equal((await client.request("stackTrace", { threadId: 1 })).message, "notStopped");
    assert.deepEqual((await client.ask("threads")).threads, [{ id: 1, name: "steps.wasm" }]);
    await client.ask("continue", { threadId: 1 });
    assert.deepEqual(session.launch.program.calls, ["start"]);
    assert.equal((await client.request("configurationDone")).success, true);
    assert.deepEqual(session.launch.program.calls, ["start"]);
    await finish(session);
  });

  it("says why nothing happens when configurationDone does not come", async () => {
    session = startFakeSession({ patienceMs: 1 });
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program: "steps.wasm" });
    assert.match((await client.event("output")).output, /waits.*`configurationDone`.*Continue starts it/);
    await client.ask("continue", { threadId: 1 });
    await finish(session);
  });

  it("stops at the entry when that is asked for, with the answer before the stop", async () => {
    const { client } = session;
    await begin(session, { program: "steps.wasm", stopOnEntry: true });
    const stopped = await client.event("stopped");
    assert.equal(stopped.reason, "entry");
    assert.equal(stopped.allThreadsStopped, true);
    const said = client.said();
    assert.ok(said.indexOf("configurationDone!") < said.indexOf("stopped"));
    await finish(session);
  });

  it("takes a pause before the start for a stop at the entry", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program: "steps.wasm" });
    await client.ask("pause", { threadId: 1 });
    await client.ask("configurationDone");
    assert.equal((await client.event("stopped")).reason, "entry");
    await finish(session);
  });

  it("runs without stopping at the entry when it is not to debug", async () => {
    await begin(session, { program: "steps.wasm", stopOnEntry: true, noDebug: true });
    assert.deepEqual(session.launch.program.calls, ["setExceptionFilters ", "start"]);
    await finish(session);
  });

  it("tells how a program ended, once, in order", async () => {
    const { client } = session;
    await begin(session);
    session.launch.program.exit(3);
    await client.event("terminated");
    assert.deepEqual(client.said().slice(-3), ["thread", "exited", "terminated"]);
    assert.deepEqual(client.events("exited"), [{ exitCode: 3 }]);
    assert.deepEqual((await client.ask("threads")).threads, []);
    assert.match((await client.request("stackTrace", { threadId: 1 })).message, /has ended/);
    await finish(session);
  });

  it("tells the results of an invoked export and why a process died", async () => {
    const { client } = session;
    await begin(session);
    session.launch.program.exit(0, { kind: "exit" }, ["55"]);
    await client.event("terminated");
    assert.equal(client.output("console"), "Results: 55\n");
    await finish(session);

    session = startFakeSession();
    await begin(session);
    session.launch.program.exit(137, { kind: "crashed", message: "killed by SIGKILL." });
    await session.client.event("terminated");
    assert.equal(session.client.output("important"), "The program's process died: killed by SIGKILL.\n");
    await finish(session);
  });

  it("terminates a program on request and tells its end after the answer", async () => {
    const { client } = session;
    await begin(session);
    await client.ask("terminate");
    await client.event("terminated");
    assert.deepEqual(client.said().slice(-4), ["terminate!", "thread", "exited", "terminated"]);
    assert.deepEqual(client.events("exited"), [{ exitCode: 143 }]);
    await finish(session);
  });

  it("kills the program on disconnect, and closes after the answer", async () => {
    const { client } = session;
    await begin(session);
    await client.ask("disconnect", { terminateDebuggee: true });
    await client.end();
    await session.done;
    assert.ok(session.launch.program.calls.includes("kill"));
    client.verify();
  });

  it("lets the program run on where the client wants that, with an end for the client and none for the program", async () => {
    const { client } = session;
    await begin(session);
    await client.ask("disconnect", { terminateDebuggee: false });
    await client.end();
    await session.done;
    assert.deepEqual(session.launch.program.calls, ["start", "detach"]);
    assert.deepEqual(client.said().slice(-3), ["disconnect!", "output", "terminated"]);
    assert.match(
      client.output("console"),
      /runs on without the debugger as process 4242\. What it prints is lost/,
    );
    client.verify();
  });

  it("does not let go of a program whose launch is under way, or whose end has been asked for", async () => {
    const open = gateLaunch();
    await session.client.ask("initialize", { adapterID: "wasm" });
    const launch = session.client.post("launch", { program: "steps.wasm" });
    const disconnect = session.client.post("disconnect", { terminateDebuggee: false });
    open();
    assert.equal((await session.client.answerTo(launch)).success, false);
    assert.equal((await session.client.answerTo(disconnect)).success, true);
    await session.done;
    assert.deepEqual(session.launch.program.calls, ["kill"]);

    session = startFakeSession();
    await begin(session);
    session.client.post("terminate");
    await session.client.ask("disconnect", { terminateDebuggee: false });
    await session.done;
    assert.ok(!session.launch.program.calls.includes("detach"));
  });

  it("kills the program when its client disappears", async () => {
    await begin(session);
    session.client.hangUp();
    await session.done;
    assert.deepEqual(session.launch.program.calls, ["start", "kill"]);
    session.client.verify();
  });

  it("gives up a launch that is under way when the client disconnects, and leaves no program", async () => {
    const { client } = session;
    const open = gateLaunch();
    await client.ask("initialize", { adapterID: "wasm" });
    const launch = client.post("launch", { program: "steps.wasm" });
    const disconnect = client.post("disconnect");
    open();
    assert.equal((await client.answerTo(launch)).message, "cancelled");
    assert.equal((await client.answerTo(disconnect)).success, true);
    await session.done;
    assert.deepEqual(session.launch.program.calls, ["kill"]);
    client.verify();
  });

  it("restarts a stopped program with the same breakpoints, and hears nothing more of the old one", async () => {
    const { client } = session;
    await begin(session);
    const set = await client.ask("setBreakpoints", {
      source: { path: "/src/steps.c" },
      breakpoints: [{ line: 3 }],
    });
    const old = session.launch.program;
    old.halt({ kind: "pause" });
    await client.event("stopped");
    await client.ask("restart");
    assert.equal(session.launch.programs.length, 2);
    assert.deepEqual(session.launch.program.calls, ["setBreakpoints /src/steps.c 2", "start"]);
    assert.deepEqual((await client.event("breakpoint")).breakpoint, set.breakpoints[0]);
    assert.deepEqual(client.events("exited"), []);
    session.launch.program.halt({ kind: "breakpoint", breakpoints: [1] });
    assert.deepEqual((await client.event("stopped")).hitBreakpointIds, [set.breakpoints[0].id]);
    await finish(session);
    assert.equal(client.events("terminated").length, 1);
  });

  it("tells Helix that the thread runs which has started anew: else it would not go to the next stop", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm", clientID: "hx" });
    await client.ask("launch", { program: "steps.wasm" });
    await client.ask("configurationDone");
    assert.equal(client.events("continued").length, 0);
    await client.ask("restart");
    assert.deepEqual(await client.event("continued"), { threadId: 1 });
    await finish(session);
  });

  it("restarts with another configuration if one comes along", async () => {
    const { client } = session;
    await begin(session, { program: "steps.wasm", args: ["a"] });
    await client.ask("restart", { arguments: { program: "steps.wasm", args: ["b"] } });
    assert.deepEqual(session.launch.program.configuration.args, ["b"]);
    await client.ask("restart");
    assert.deepEqual(session.launch.program.configuration.args, ["b"]);
    await finish(session);
  });

  it("keeps the program when a restart's configuration is wrong", async () => {
    const { client } = session;
    await begin(session);
    const answer = await client.request("restart", { arguments: { program: 5 } });
    assert.equal(answer.body.error.format, "`program` must be a string that is not empty, but is 5.");
    assert.equal(session.launch.program.state, "running");
    await finish(session);
  });

  const failures: readonly [string, Error, RegExp][] = [
    [
      "a file that is not there",
      fileError("ENOENT", "/x/steps.wasm"),
      /^There is no file \/x\/steps\.wasm\./,
    ],
    ["a folder", fileError("EISDIR", "/x"), /^\/x is a folder, not a file\./],
    [
      "a text file",
      new MalformedError("not-wasm", "module", 0, "bad magic"),
      /steps\.wasm is not a WebAssembly module/,
    ],
    [
      "a truncated module",
      new MalformedError("unexpected-end", "code", 99, "ends"),
      /truncated.*offset 0x63/,
    ],
    [
      "a component",
      new MalformedError("is-component", "module", 4, "component"),
      /Components are not supported yet/,
    ],
    [
      "a broken module",
      new MalformedError("bad-index", "code", 16, "no type 9"),
      /not a valid WebAssembly module: no type 9/,
    ],
    [
      "missing imports",
      new TargetError("missing-imports", "Nobody provides env.f."),
      /^Nobody provides env\.f\.$/,
    ],
  ];
  for (const [what, error, sentence] of failures) {
    it(`says in one sentence why ${what} cannot be launched, shows it, and ends the session`, async () => {
      const { client } = session;
      session.launch.gate = () => Promise.reject(error);
      await client.ask("initialize", { adapterID: "wasm" });
      const answer = await client.request("launch", { program: "/x/steps.wasm" });
      assert.equal(answer.success, false);
      assert.match(answer.message, sentence);
      assert.equal(answer.body.error.format, answer.message);
      assert.equal(answer.body.error.showUser, true);
      await client.event("terminated");
      assert.deepEqual(client.said(), ["initialize!", "launch?", "terminated"]);
      assert.match((await client.request("launch", { program: "x.wasm" })).message, /session has ended/);
      await finish(session);
    });
  }

  it("refuses a wrong configuration with a sentence for each mistake", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    const answer = await client.request("launch", { program: "a.wasm", args: "x", stopOnEntry: "yes" });
    assert.equal(
      answer.message,
      '`args` must be an array of strings or numbers, but is "x". `stopOnEntry` must be true or false, but is "yes".',
    );
    assert.equal(answer.body.error.showUser, true);
    await finish(session);
  });

  it("says why attaching to a running program does not work", async () => {
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    assert.match((await client.request("attach", {})).message, /coreFile/);
    await finish(session);
  });

  it("says at once that a module has no debug info, and why", async () => {
    const { client, launch } = session;
    launch.debugInfo = fakeDebugInfo([], { kind: "none", reason: "It was stripped: compile with -g." });
    launch.prepare = (program) => {
      program.lines = [];
    };
    await begin(session);
    assert.equal(client.output("important"), "It was stripped: compile with -g.\n");
    const { breakpoints } = await client.ask("setBreakpoints", {
      source: { path: "/a.c" },
      breakpoints: [{ line: 1 }],
    });
    assert.equal(breakpoints[0].message, "It was stripped: compile with -g.");
    await finish(session);
  });

  it("tells each problem of the debug info once, as it turns up", async () => {
    const { client, launch } = session;
    const debugInfo = fakeDebugInfo([]);
    debugInfo.problems.push("Unit 3 is broken.");
    launch.debugInfo = debugInfo;
    await begin(session);
    debugInfo.problems.push("Unit 7 is broken.");
    launch.program.halt({ kind: "pause" });
    await client.event("stopped");
    assert.equal(client.output("console"), "Unit 3 is broken.\nUnit 7 is broken.\n");
    await finish(session);
  });

  it("opens a terminal where the client has one", async () => {
    const { client, launch } = session;
    launch.prepare = (program) => {
      assert.equal(program.configuration.console, "integratedTerminal");
    };
    const done = begin(
      session,
      { program: "a.wasm", console: "integratedTerminal" },
      { supportsRunInTerminalRequest: true },
    );
    await done;
    const { runInTerminal } = launch.program.hooks;
    assert.ok(runInTerminal !== undefined);
    const opened = runInTerminal({
      kind: "integrated",
      title: "a",
      cwd: "/",
      argv: ["node", "x"],
      env: { A: "1" },
    });
    const asked = await client.reverseRequest("runInTerminal");
    assert.deepEqual(asked.arguments, {
      kind: "integrated",
      title: "a",
      cwd: "/",
      args: ["node", "x"],
      env: { A: "1" },
    });
    client.send({
      seq: 100,
      type: "response",
      request_seq: asked.seq,
      command: "runInTerminal",
      success: true,
      body: {},
    });
    await opened;
    const refused = runInTerminal({ kind: "integrated", title: "a", cwd: "/", argv: ["node"], env: {} });
    const again = await client.reverseRequest("runInTerminal");
    client.send({
      seq: 101,
      type: "response",
      request_seq: again.seq,
      command: "runInTerminal",
      success: false,
      message: "no",
    });
    await assert.rejects(refused, /^Error: no$/);
    await finish(session);
  });

  it("prints to the debug console, and says so, where the client has no terminal", async () => {
    await begin(session, { program: "a.wasm", console: "integratedTerminal" });
    assert.equal(session.launch.program.configuration.console, "internalConsole");
    assert.equal(session.launch.program.hooks.runInTerminal, undefined);
    assert.match(session.client.output("console"), /cannot open a terminal/);
    await finish(session);
  });
});

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
