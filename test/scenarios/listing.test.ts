import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";
import type { Message } from "../support/transcript.ts";

const open = (guest: string, build: string) =>
  new DebugSession(fixture(guest, build), { transport: "stdio" });

/** Text of a listing, line by line. */
async function linesOf(session: DebugSession, source: Message): Promise<string[]> {
  const { body } = await session.client.sourceRequest({
    source: source as never,
    sourceReference: source.sourceReference,
  });
  return body.content.split("\n");
}

/** The 1-based line of a listing that has `text` in it. */
function lineWith(lines: readonly string[], text: string): number {
  const found = lines.findIndex((line) => line.includes(text));
  assert.ok(found >= 0, `no ${text} in\n${lines.join("\n")}`);
  return found + 1;
}

const breakOn = async (session: DebugSession, source: object, lines: readonly number[]) =>
  (
    await session.client.setBreakpointsRequest({
      source: source as never,
      breakpoints: lines.map((line) => ({ line })),
    })
  ).body.breakpoints;

for (const build of ["names", "bare"]) {
  const isNamed = build === "names";
  /** What a function is called, and how a breakpoint on it is asked for. */
  const named = (index: number, name: string): string => (isNamed ? name : `func[${index}]`);

  describe(`the listing of a program ${isNamed ? "of which names are known" : "of which nothing is known"}`, () => {
    afterEach(() => DebugSession.abandonAll());

    async function stopIn(index: number, name: string): Promise<DebugSession> {
      const session = open("wat-names", build);
      await session.begin();
      await session.launch();
      const { body } = await session.client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: named(index, name) }],
      });
      assert.ok(body.breakpoints[0]?.verified, body.breakpoints[0]?.message);
      await session.run();
      const place = await session.stopped();
      assert.equal(place.reason, "function breakpoint");
      return session;
    }

    it("is the source of its frames, with their lines", async () => {
      const session = await stopIn(6, "recurse");
      const [top, caller] = await session.frames();
      assert.equal(top?.source.name, `${named(6, "recurse")}.wat`);
      const lines = await linesOf(session, top?.source);
      assert.match(
        lines[0] ?? "",
        isNamed
          ? /^\(func \$recurse \(;6;\) \(param \$n i32\) \(result i32\)$/
          : /^\(func \(;6;\) \(param i32\)/,
      );
      assert.match(lines[(top?.line ?? 0) - 1] ?? "", isNamed ? /local\.get \$n/ : /local\.get 0/);
      const calling = await linesOf(session, caller?.source);
      assert.match(calling[(caller?.line ?? 0) - 1] ?? "", /call/);
      assert.match(lines.at(-1) ?? "", /\)$/);
      await session.end();
    });

    it("takes breakpoints by the number of the source, in which values are what the source says", async () => {
      const session = await stopIn(5, "values");
      const [top] = await session.frames();
      const lines = await linesOf(session, top?.source);
      const line = lineWith(lines, "global.set 2") + 1;
      const [breakpoint] = await breakOn(session, top?.source, [line]);
      assert.deepEqual([breakpoint?.verified, breakpoint?.line], [true, line]);
      await session.continue();
      assert.equal((await session.stopped()).line, line);
      const wrong: string[] = [];
      for (const { expression, expected } of session.fixture.markers().expectationsAt("values")) {
        if (!isNamed && !expression.startsWith("$")) continue;
        const { result } = await session.evaluate(expression);
        if (!meetsExpectation(result, expected)) wrong.push(`${expression} = ${result}, not ${expected}`);
      }
      assert.deepEqual(wrong, []);
      const locals = await session.locals();
      assert.equal(locals[isNamed ? "large" : "$local2"], "-9000000000");
      assert.equal(locals.$local5, "77");
      await session.end();
    });

    it("takes breakpoints by its path before there is a program, as in a listing that was left open", async () => {
      const before = await stopIn(6, "recurse");
      const [top] = await before.frames();
      const lines = await linesOf(before, top?.source);
      await before.end();
      const session = open("wat-names", build);
      await session.begin();
      const line = lineWith(lines, isNamed ? "call $recurse" : "call");
      const stale = { ...top?.source, sourceReference: 7777 };
      const [waiting] = await breakOn(session, stale, [line]);
      assert.equal(waiting?.verified, false);
      await session.launch();
      const { breakpoint } = await session.client.heard.event("breakpoint");
      assert.deepEqual([breakpoint.verified, breakpoint.line], [true, line]);
      await session.run();
      const place = await session.stopped();
      assert.deepEqual([place.reason, place.line], ["breakpoint", line]);
      await session.end();
    });

    it("is stepped line by line, into calls and out of them", async () => {
      const session = await stopIn(12, isNamed ? "start" : "_start");
      const [top] = await session.frames();
      const lines = await linesOf(session, top?.source);
      await session.client.setFunctionBreakpointsRequest({ breakpoints: [] });
      let place = await session.step("next");
      assert.equal(place.line, (top?.line ?? 0) + 1);
      const call = lineWith(lines, isNamed ? "call $values" : "call 5");
      while (place.line < call) place = await session.step("next");
      const inside = await session.step("stepIn");
      assert.equal(inside.function, named(5, "values"));
      const outside = await session.step("stepOut");
      assert.deepEqual([outside.function, outside.line], [place.function, call + 1]);
      const over = lineWith(lines, isNamed ? "call $recurse" : "call 6");
      place = outside;
      while (place.line <= over) {
        const next = await session.step("next");
        assert.equal(next.function, place.function);
        assert.equal(next.line, place.line + 1);
        place = next;
      }
      await session.continue();
      assert.equal(await session.exited(), 3);
      await session.end();
    });

    it("begins with the first instruction, when that is asked for", async () => {
      const session = open("wat-names", build);
      await session.begin();
      await session.launch({ stopOnEntry: true });
      await session.run();
      const place = await session.stopped();
      assert.deepEqual([place.reason, place.function], ["entry", isNamed ? "start" : "_start"]);
      await session.end();
    });

    it("is among the sources, and says which of its lines can be stopped at", async () => {
      const session = await stopIn(7, "control");
      const { sources } = (await session.client.send("loadedSources", {})).body as { sources: Message[] };
      assert.equal(sources.length, 11);
      const control = sources.find(({ name }) => name === `${named(7, "control")}.wat`);
      const lines = await linesOf(session, control as Message);
      const asked = { source: control, line: 1, endLine: lines.length };
      const { body } = await session.client.send("breakpointLocations", asked);
      const stoppable = (body.breakpoints as Message[]).map(({ line }) => line);
      for (const [at, line] of lines.entries()) {
        const opens = /\)\s+(block|loop|end)\b|^\(func|^ {2}\(local|\) \)$/.test(line);
        assert.equal(stoppable.includes(at + 1), !opens, line);
      }
      const block = lineWith(lines, "block");
      const [moved, last] = await breakOn(session, control as Message, [block, lines.length]);
      assert.ok(moved?.verified && (moved.line ?? 0) > block);
      assert.equal(last?.verified, false);
      await session.end();
    });
  });
}

for (const build of ["names.O0", "stripped.O0"]) {
  describe(`a C program with ${build}`, () => {
    afterEach(() => DebugSession.abandonAll());

    it("stops in its listing and runs to its end as it does otherwise", async () => {
      const session = open("forms", build);
      await session.begin();
      await session.launch({ stopOnEntry: true });
      await session.run();
      const place = await session.stopped();
      assert.equal(place.reason, "entry");
      const inside = await session.step("stepIn");
      assert.match((await session.frames(1))[0]?.source.path, /forms\..*\.wasm\/\d+\/.*\.wat$/);
      assert.ok(inside.line > 0);
      await session.continue();
      const [{ exit = 0, stdout = "" } = {}] = session.fixture.runs;
      assert.equal(await session.exited(), exit);
      assert.equal(session.client.heard.output("stdout"), stdout);
      await session.end();
    });
  });
}

describe("a function without lines in a program that has some", () => {
  afterEach(() => DebugSession.abandonAll());

  it("shows its listing, beside the sources of others", async () => {
    const session = open("steps", "dwarf5.O0");
    await session.runTo(["fib-base"]);
    const outermost = (await session.frames()).at(-1);
    assert.equal(outermost?.name, "_start.command_export");
    assert.equal(outermost?.presentationHint, "subtle");
    const lines = await linesOf(session, outermost?.source);
    assert.match(lines[outermost.line - 1] ?? "", /call/);
    const { sources } = (await session.client.send("loadedSources", {})).body as { sources: Message[] };
    assert.ok(sources.every(({ name }) => !name.endsWith(".wat")));
    const [breakpoint] = await breakOn(session, outermost.source, [outermost.line]);
    assert.equal(breakpoint?.verified, false);
    assert.match(breakpoint?.message ?? "", /\w/);
    await session.end();
  });
});
