import assert from "node:assert/strict";
import { fakeFrame } from "../../support/fake-launch.ts";
import { begin, type FakeSession, finish, startFakeSession } from "../../support/fake-session.ts";

describe("running a program and stopping it", () => {
  let session: FakeSession;
  beforeEach(async () => {
    session = startFakeSession();
  });

  for (const [command, kind] of [
    ["next", "over"],
    ["stepIn", "in"],
    ["stepOut", "out"],
  ]) {
    it(`steps ${kind} with ${command}, answers, and then says where it stopped`, async () => {
      await begin(session);
      const { program } = session.launch;
      program.halt({ kind: "pause" });
      await session.client.ask(command ?? "", { threadId: 1, granularity: "line", singleThread: false });
      assert.deepEqual(program.calls.at(-1), `step ${kind}`);
      assert.equal((await session.client.event("stopped", ({ reason }) => reason === "step")).threadId, 1);
      assert.deepEqual(session.client.events("continued"), []);
      await finish(session);
    });
  }

  it("continues, and says that all threads run", async () => {
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    assert.deepEqual(await session.client.ask("continue", { threadId: 1, granularity: "line" }), {
      allThreadsContinued: true,
    });
    await finish(session);
  });

  it("takes a request for what is under way already for a part of it", async () => {
    await begin(session);
    const { program } = session.launch;
    program.halt({ kind: "pause" });
    await session.client.ask("continue", { threadId: 1 });
    const calls = [...program.calls];
    await session.client.ask("continue", { threadId: 1 });
    assert.deepEqual(program.calls, calls);
    assert.equal((await session.client.request("next", { threadId: 1 })).message, "notStopped");
    await finish(session);
  });

  it("says that a program runs again when no request made it", async () => {
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    session.launch.program.runOn();
    assert.deepEqual(await session.client.event("continued"), { threadId: 1, allThreadsContinued: true });
    await finish(session);
  });

  it("pauses a running program, and takes a pause of a stopped one as done", async () => {
    await begin(session);
    await session.client.ask("pause", { threadId: 1 });
    assert.equal((await session.client.event("stopped")).reason, "pause");
    await session.client.ask("pause", { threadId: 1 });
    await finish(session);
    assert.equal(session.client.events("stopped").length, 1);
  });

  it("says what trapped, whether its variables can be seen, and more on request", async () => {
    await begin(session);
    const { program } = session.launch;
    const message = "integer divide by zero";
    program.trapExplanation = "i32.div_s divides 42 by 0";
    program.frames = [fakeFrame(0, "divide", undefined), fakeFrame(1, "main", undefined)];
    program.halt({ kind: "trap", trap: "integer-divide-by-zero", message, alive: false });
    const stopped = await session.client.event("stopped");
    assert.equal(stopped.reason, "exception");
    assert.match(stopped.text, /^integer divide by zero \(the program has been unwound/);
    assert.deepEqual(await session.client.ask("exceptionInfo", { threadId: 1 }), {
      exceptionId: "integer-divide-by-zero",
      description: stopped.text.replace(message, `${message}: i32.div_s divides 42 by 0`),
      breakMode: "unhandled",
      details: {
        message: `${message}: i32.div_s divides 42 by 0`,
        typeName: "integer-divide-by-zero",
        stackTrace: "divide\nmain",
      },
    });
    program.whenRunning = () => program.exit(134, { kind: "trap", message });
    await session.client.ask("continue", { threadId: 1 });
    await session.client.event("terminated");
    assert.equal(session.client.output("console"), "The program ended with a trap: integer divide by zero\n");
    await finish(session);
  });

  it("stops at the traps and exceptions that were chosen, in this program and after a restart", async () => {
    const { client, launch } = session;
    await begin(session);
    const chosen = await client.ask("setExceptionBreakpoints", {
      filters: ["unreachable", "no-such-thing"],
      filterOptions: [{ filterId: "exception" }],
    });
    assert.deepEqual(
      chosen.breakpoints.map(
        ({ verified, message }: { verified: boolean; message?: string }) => message ?? verified,
      ),
      [true, 'There is no exception filter "no-such-thing".', true],
    );
    await client.ask("restart");
    for (const { calls } of launch.programs)
      assert.ok(calls.includes("setExceptionFilters unreachable,exception"));
    await finish(session);
  });

  it("stops at nothing when it runs without debugging", async () => {
    await begin(session, { program: "steps.wasm", noDebug: true });
    await session.client.ask("setExceptionBreakpoints", { filters: ["unreachable"] });
    assert.deepEqual(
      session.launch.program.calls.filter((call) => call.startsWith("setExceptionFilters")),
      ["setExceptionFilters ", "setExceptionFilters "],
    );
    await finish(session);
  });

  it("has no exception to tell of at another stop", async () => {
    await begin(session);
    session.launch.program.halt({ kind: "pause" });
    assert.match(
      (await session.client.request("exceptionInfo", { threadId: 1 })).message,
      /did not stop at a trap/,
    );
    session.launch.program.runOn();
    session.launch.program.halt({ kind: "exception", message: "Error: boom" });
    assert.equal((await session.client.ask("exceptionInfo", { threadId: 1 })).exceptionId, "exception");
    await finish(session);
  });

  it("passes on what the program prints, before the stop it comes before", async () => {
    await begin(session);
    const { program } = session.launch;
    const bytes = new TextEncoder().encode("€\n");
    program.print("stdout", bytes.slice(0, 1));
    program.print("stdout", bytes.slice(1));
    program.print("stderr", "oops\n");
    program.print("stdout", Uint8Array.of(0xe2));
    program.halt({ kind: "pause" });
    await session.client.event("stopped");
    assert.deepEqual(session.client.events("output"), [
      { category: "stdout", output: "€\n" },
      { category: "stderr", output: "oops\n" },
    ]);
    program.exit();
    await session.client.event("terminated");
    assert.equal(session.client.output("stdout"), "€\n\ufffd");
    await finish(session);
  });
});

describe("setting breakpoints", () => {
  const source = { path: "/src/steps.c" };

  it("says which line each took, or why it took none", async () => {
    const session = startFakeSession();
    await begin(session);
    const { breakpoints } = await session.client.ask("setBreakpoints", {
      source,
      breakpoints: [{ line: 3 }, { line: 4 }, { line: 99 }],
    });
    assert.deepEqual(breakpoints, [
      { id: 1, verified: true, line: 3 },
      { id: 2, verified: true, line: 5 },
      { id: 3, verified: false, line: 99, message: "There is no code here.", reason: "failed" },
    ]);
    await finish(session);
  });

  it("takes them before there is a program, and says where they went when there is one", async () => {
    const session = startFakeSession();
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    const { breakpoints } = await client.ask("setBreakpoints", { source, breakpoints: [{ line: 4 }] });
    assert.deepEqual(breakpoints, [
      { id: 1, verified: false, line: 4, message: "The program is not loaded yet.", reason: "pending" },
    ]);
    await client.ask("launch", { program: "a.wasm" });
    assert.deepEqual(await client.event("breakpoint"), {
      reason: "changed",
      breakpoint: { id: 1, verified: true, line: 5 },
    });
    await finish(session);
  });

  it("gives up those of a source when it is sent without any", async () => {
    const session = startFakeSession();
    const { client } = session;
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("setBreakpoints", { source, breakpoints: [{ line: 4 }] });
    await client.ask("setBreakpoints", { source, breakpoints: [] });
    await client.ask("launch", { program: "a.wasm" });
    assert.deepEqual(session.launch.program.calls, []);
    await finish(session);
  });

  it("takes the lines of old clients", async () => {
    const session = startFakeSession();
    await begin(session);
    const { breakpoints } = await session.client.ask("setBreakpoints", { source, lines: [3, 5] });
    assert.equal(breakpoints.length, 2);
    await finish(session);
  });

  it("passes on what they are to do, but not text that is empty", async () => {
    const session = startFakeSession();
    await begin(session);
    await session.client.ask("setBreakpoints", {
      source,
      breakpoints: [
        { line: 3, condition: "n == 2", hitCondition: "5", logMessage: "" },
        { line: 3, condition: " ", hitCondition: "", logMessage: "n is {n}" },
      ],
    });
    assert.deepEqual(
      session.launch.program.asked.map(({ condition, hitCondition, logMessage }) => [
        condition,
        hitCondition,
        logMessage,
      ]),
      [
        ["n == 2", "5", undefined],
        [undefined, undefined, "n is {n}"],
      ],
    );
    await finish(session);
  });

  it("are set on functions too, with a place only where there is one", async () => {
    const session = startFakeSession();
    await begin(session);
    const { breakpoints } = await session.client.ask("setFunctionBreakpoints", {
      breakpoints: [{ name: "main", condition: "argc > 1" }, { name: "nobody" }],
    });
    assert.deepEqual(
      breakpoints.map(({ verified, message }: { verified: boolean; message?: string }) => [
        verified,
        message,
      ]),
      [
        [true, undefined],
        [false, "The program has no function nobody."],
      ],
    );
    assert.equal("line" in breakpoints[1], false);
    await finish(session);
  });

  it("sets none when the program runs without debugging", async () => {
    const session = startFakeSession();
    await begin(session, { program: "a.wasm", noDebug: true });
    const { breakpoints } = await session.client.ask("setBreakpoints", {
      source,
      breakpoints: [{ line: 3 }],
    });
    assert.equal(breakpoints[0].verified, false);
    assert.equal(breakpoints[0].message, "The program runs without debugging.");
    await finish(session);
  });

  it("passes on a change, even one that comes before the answer", async () => {
    const session = startFakeSession();
    const { client } = session;
    await begin(session);
    const { program } = session.launch;
    const setBreakpoints = program.setBreakpoints.bind(program);
    program.setBreakpoints = async (path, requests) => {
      const set = await setBreakpoints(path, requests);
      const [first] = set;
      if (first !== undefined)
        program.hooks.events.breakpointChanged({ ...first, line: 6, message: "It moved." });
      return set;
    };
    const { breakpoints } = await client.ask("setBreakpoints", { source, breakpoints: [{ line: 3 }] });
    assert.deepEqual([breakpoints[0].line, breakpoints[0].message], [7, "It moved."]);
    const changed = {
      id: 1,
      path: source.path,
      request: { line: 2 },
      verified: false,
      line: 2,
      message: "It is gone.",
    };
    program.hooks.events.breakpointChanged(changed);
    const told = await client.event("breakpoint");
    assert.deepEqual(
      [told.breakpoint.id, told.breakpoint.verified, told.breakpoint.message],
      [breakpoints[0].id, false, "It is gone."],
    );
    await finish(session);
  });

  it("refuses a source without a path or a number", async () => {
    const session = startFakeSession();
    await begin(session);
    const answer = await session.client.request("setBreakpoints", { source: {}, breakpoints: [] });
    assert.match(answer.message, /neither a path nor a sourceReference/);
    await finish(session);
  });
});
