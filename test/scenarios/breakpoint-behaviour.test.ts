import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

/** What a breakpoint at a marker is to do. */
interface Asked {
  readonly at: string;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

describe("what a breakpoint does", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = (guest: string) => new DebugSession(fixture(guest, "dwarf5.O0"), { transport: "stdio" });

  const set = async (session: DebugSession, asked: readonly Asked[]): Promise<readonly Message[]> => {
    const markers = session.fixture.markers();
    const { body } = await session.client.setBreakpointsRequest({
      source: { path: session.fixture.source() },
      breakpoints: asked.map(({ at, ...behaviour }) => ({ line: markers.lineOf(at), ...behaviour })),
    });
    return body.breakpoints as Message[];
  };

  const begin = async (guest: string, asked: readonly Asked[], more: object = {}) => {
    const session = open(guest);
    await session.begin();
    await session.launch(more);
    const breakpoints = await set(session, asked);
    return { session, breakpoints };
  };

  const run = async (guest: string, asked: readonly Asked[], more: object = {}) => {
    const { session, breakpoints } = await begin(guest, asked, more);
    for (const { verified, message } of breakpoints) assert.ok(verified, message);
    await session.run();
    return session;
  };

  const consoleOf = (session: DebugSession) => session.client.heard.output("console");

  it("stops only where a condition is true", async () => {
    const session = await run("spin", [{ at: "spin-body", condition: "counter == 7 && step == 1" }]);
    await session.stoppedAt("spin-body", "breakpoint");
    assert.equal((await session.evaluate("counter")).result, "7");
    await session.end();
  });

  it("counts the hits that a condition leaves", async () => {
    const session = await run("spin", [
      { at: "spin-body", condition: "counter % 2 == 0", hitCondition: "== 5" },
    ]);
    await session.stoppedAt("spin-body", "breakpoint");
    const first = BigInt((await session.evaluate("counter")).result);
    await set(session, [{ at: "spin-body", condition: "counter % 2 == 0", hitCondition: "% 3" }]);
    await session.continue();
    await session.stoppedAt("spin-body", "breakpoint");
    assert.notEqual(BigInt((await session.evaluate("counter")).result), first);
    await session.end();
  });

  it("tells several breakpoints on one line apart", async () => {
    const { session, breakpoints } = await begin("spin", [
      { at: "spin-body", condition: "counter == 3" },
      { at: "spin-body", condition: "counter >= 3" },
    ]);
    await session.run();
    const { body } = await session.stoppedAt("spin-body", "breakpoint");
    assert.deepEqual(
      body.hitBreakpointIds,
      breakpoints.map(({ id }) => id),
    );
    await session.continue();
    const next = await session.stoppedAt("spin-body", "breakpoint");
    assert.deepEqual(next.body.hitBreakpointIds, [breakpoints[1]?.id]);
    await session.end();
  });

  it("says at once why a condition has no meaning", async () => {
    const { session, breakpoints } = await begin("spin", [
      { at: "spin-body", condition: "nonsense > 3" },
      { at: "spin-body", condition: "step >" },
      { at: "spin-body", hitCondition: "often" },
      { at: "spin-body", logMessage: "no end {step" },
    ]);
    assert.deepEqual(
      breakpoints.map(({ verified }) => verified),
      [false, false, false, false],
    );
    assert.match(breakpoints[0]?.message, /there is no variable `nonsense` here/);
    assert.match(breakpoints[1]?.message, /expected an expression/);
    assert.match(breakpoints[2]?.message, /`often` is no count of hits/);
    assert.match(breakpoints[3]?.message, /has no }/);
    await session.end();
  });

  it("stops once where a condition fails, and says why", async () => {
    const { session } = await begin("spin", [
      { at: "spin-body", condition: "10 / (counter - 3) == 1000" },
      { at: "spin-body", condition: "counter == 9" },
    ]);
    await session.run();
    const { body } = await session.stoppedAt("spin-body", "breakpoint");
    assert.match(body.text, /`10 \/ \(counter - 3\) == 1000` could not be evaluated: division by zero/);
    assert.equal((await session.evaluate("counter")).result, "3");
    await session.continue();
    await session.stoppedAt("spin-body", "breakpoint");
    assert.equal((await session.evaluate("counter")).result, "9");
    await session.end();
  });

  it("decides at a stop what the guest cannot decide, unseen", async () => {
    const session = await run("list", [{ at: "look", condition: "(p->id == 3 ? 1 : 0.5) == 1" }]);
    await session.stoppedAt("look", "breakpoint");
    await session.end();
  });

  it("logs in order with the output, without stopping", async () => {
    const session = await run("steps", [{ at: "main-start", logMessage: "before" }]);
    assert.equal(await session.exited(), 0);
    assert.match(consoleOf(session), /^before$/m);
  });

  it("logs values as they are shown elsewhere, in the format asked for", async () => {
    const session = await run("spin", [
      {
        at: "spin-body",
        condition: "counter == 5",
        logMessage: "step {step} {counter,x} {counter + 0.5} {&counter == 0} \\{{nothing}\\}",
      },
      { at: "spin-body", condition: "counter == 6" },
    ]);
    await session.stoppedAt("spin-body", "breakpoint");
    assert.match(consoleOf(session), /step 1 0x5 5\.5 false \{<there is no variable `nothing` here>\}/);
    await session.end();
  });

  it("logs structs, which takes a stop that nobody sees", async () => {
    const session = await run("list", [{ at: "look", logMessage: "it is {*p->next->next}" }]);
    await session.exited();
    assert.deepEqual(session.client.heard.events("stopped"), []);
    assert.match(consoleOf(session), /it is \{id = 1, name = "first", next = 0x00000000\}/);
  });

  it("does not end a step where its condition is false, nor hide its end", async () => {
    const asked = [
      { at: "calls-second", condition: "a == 1000" },
      { at: "calls-second", condition: "(a == 1000 ? 1 : 0.0) == 1" },
      { at: "calls-second", logMessage: "passed with {a}" },
    ];
    const session = await run("steps", [{ at: "calls-first" }, ...asked]);
    await session.stoppedAt("calls-first", "breakpoint");
    await session.client.nextRequest({ threadId: 1 });
    await session.stoppedAt("calls-second", "step");
    assert.match(consoleOf(session), /^passed with 9$/m);
    await session.client.nextRequest({ threadId: 1 });
    await session.stoppedAt("calls-nested", "step");
    await session.end();
  });

  it("counts and fails at a stop as it does in the guest", async () => {
    const unknown = "(counter > 0 ? 1 : 0.0) == 1";
    const { session } = await begin("spin", [
      { at: "spin-body", condition: unknown, hitCondition: "% 4" },
      { at: "spin-body", condition: "((counter == 9 ? 1 : 0.5) / (counter - 6)) == 1 / (counter != 6)" },
    ]);
    await session.run();
    const counters: string[] = [];
    const texts: unknown[] = [];
    for (let stop = 0; stop < 3; stop++) {
      texts.push((await session.stoppedAt("spin-body", "breakpoint")).body.text);
      counters.push((await session.evaluate("counter")).result);
      await session.continue();
    }
    assert.deepEqual(counters, ["4", "6", "8"]);
    assert.match(String(texts[1]), /could not be evaluated: division by zero/);
    await session.end();
  });

  it("logs every line of very many, in order, and then stops", async () => {
    const session = await run("spin", [
      { at: "spin-body", condition: "counter < 20000", logMessage: "{counter}" },
      { at: "spin-body", condition: "counter == 20000" },
    ]);
    await session.stoppedAt("spin-body", "breakpoint");
    const lines = consoleOf(session)
      .split("\n")
      .filter((line) => /^\d+$/.test(line));
    assert.equal(lines.length, 20_000);
    assert.ok(lines.every((line, index) => line === String(index)));
    await session.end();
  });

  it("logs at once what a guest says before it has other things to do", async () => {
    const session = await run("spin", [
      { at: "spin-body", condition: "counter < 3", logMessage: "early {counter}" },
    ]);
    await session.client.heard.event("output", ({ output }) => String(output).includes("early 2"));
    await session.end();
  });

  it("is on functions by their names, behind their prologues", async () => {
    const session = open("steps");
    await session.begin();
    await session.launch();
    const { body } = await session.client.setFunctionBreakpointsRequest({
      breakpoints: [
        { name: "square", condition: "x == 9" },
        { name: "/^is_/" },
        { name: "nobody" },
        { name: "/(/" },
      ],
    });
    const answers = body.breakpoints as Message[];
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, true, false, false],
    );
    assert.match(answers[2]?.message, /no function nobody/);
    assert.match(answers[3]?.message, /no regular expression/);
    await session.run();
    const first = await session.stoppedAt("square-body", "function breakpoint");
    assert.deepEqual(first.body.hitBreakpointIds, [answers[0]?.id]);
    assert.equal((await session.locals()).x, "9");
    await session.continue();
    await session.stoppedAt("even-test", "function breakpoint");
    await session.continue();
    await session.stoppedAt("odd-test", "function breakpoint");
    await session.client.restartRequest({});
    await session.stoppedAt("square-body", "function breakpoint");
    await session.end();
  });

  it("counts in every way that clients write it", async () => {
    for (const [hitCondition, expected] of [
      ["5", "4"],
      ["== 5", "4"],
      ["=5", "4"],
      [">= 5", "4"],
      ["> 5", "5"],
      ["%3", "2"],
    ] as const) {
      const session = await run("spin", [{ at: "spin-body", hitCondition }]);
      await session.stoppedAt("spin-body", "breakpoint");
      assert.equal((await session.evaluate("counter")).result, expected, hitCondition);
      await session.end();
    }
  });

  it("is where a column says, one of several statements of a line", async () => {
    const session = open("steps");
    await session.begin();
    await session.launch();
    const line = session.fixture.markers().lineOf("for-head");
    const source = { path: session.fixture.source() };
    const { body } = await session.client.send("breakpointLocations", { source, line });
    const places = body.breakpoints as { line: number; column: number }[];
    assert.ok(places.length >= 2, JSON.stringify(places));
    assert.ok(places.every((place, at) => at === 0 || place.column > (places[at - 1]?.column ?? 0)));
    const text = readFileSync(session.fixture.source(), "utf8").split("\n")[line - 1] ?? "";
    const column = text.indexOf("i++") + 1;
    const set = await session.client.setBreakpointsRequest({
      source,
      breakpoints: [
        { line, column: column - 2 },
        { line, column: 1 },
        { line, column: 500 },
      ],
    });
    const columns = set.body.breakpoints.map((one) => one.column);
    assert.deepEqual(columns, [places.at(-1)?.column, places[0]?.column, places.at(-1)?.column]);
    await session.run();
    const first = await session.stoppedAt("for-head", "breakpoint");
    assert.deepEqual(first.body.hitBreakpointIds, [set.body.breakpoints[1]?.id]);
    await session.continue();
    const second = await session.stoppedAt("for-head", "breakpoint");
    assert.deepEqual(
      second.body.hitBreakpointIds,
      [0, 2].map((at) => set.body.breakpoints[at]?.id),
    );
    assert.equal((await session.frames(1))[0]?.column, places.at(-1)?.column);
    await session.end();
  });

  it("survives a restart", async () => {
    const session = await run("spin", [{ at: "spin-body", condition: "counter == 4" }]);
    await session.stoppedAt("spin-body", "breakpoint");
    await session.client.restartRequest({});
    await session.stoppedAt("spin-body", "breakpoint");
    assert.equal((await session.evaluate("counter")).result, "4");
    await session.end();
  });
});
