import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DebugSession } from "../support/debug-session.ts";
import { node24 } from "../support/nodes.ts";
import type { Message } from "../support/transcript.ts";
import { buildLarge, largeGuest } from "./large-guest.ts";
import { Comparison } from "./oracle/compare.ts";
import { explained, reachedOtherwise } from "./oracle/explained.ts";
import { ownName } from "./oracle/function-name.ts";
import { type SeenFrame, type SeenStop, seenByLldb } from "./oracle/seen.ts";

describe("stops in the middle of large programs", function () {
  this.timeout(300_000);

  before(buildLarge);
  afterEach(() => DebugSession.abandonAll());

  for (const program of ["sqlite", "fmt", "json"]) {
    for (const build of ["O0", "O2"]) {
      it(`show what LLDB shows of the same source: ${program}.${build}`, () => compareAll(program, build));
    }
  }
});

/** Stops at all places that LLDB was stopped at, as far as optimisation has left them, and compares what is there. */
async function compareAll(program: string, build: string): Promise<void> {
  const optimised = build !== "O0";
  const guest = largeGuest(`${program}.${build}`);
  const session = new DebugSession(guest, { transport: "stdio" });
  await session.begin();
  // Node 20 has no second memory to keep what outer frames pass by value.
  await session.launch({ runtimeExecutable: await node24() });
  const left = await breakAtAll(session, seenByLldb(program));
  const count = left.size;
  await session.run();
  const comparison = new Comparison(session, { optimised });
  while (await session.stoppedOrExited()) {
    const frames = await session.frames();
    const [top] = frames;
    const stop = [...left].find(({ file, line }) => file === top?.source?.name && line === top?.line);
    assert.ok(stop, `${top?.source?.name}:${top?.line} is no place to stop at`);
    left.delete(stop);
    const place = `${stop.file}:${stop.line}`;
    if (!optimised || !reachedOtherwise.includes(place)) {
      await compareStop(session, `${program}.${build} ${place}`, stop, frames, comparison);
    }
    await session.continue();
  }
  await session.end();
  assert.deepEqual([...left], []);
  const isExplained = (line: string) => explained.some(({ what }) => what.test(line));
  assert.deepEqual(
    comparison.differences.filter((line) => !isExplained(line)),
    [],
  );
  assert.ok(count >= (optimised ? 10 : 14), `only ${count} places were compared`);
  const fewest = optimised ? 50 : 150;
  assert.ok(comparison.compared > fewest, `only ${comparison.compared} values were compared`);
}

/** Sets breakpoints at these places; answers those that have code. Of others the user is told. */
async function breakAtAll(session: DebugSession, stops: readonly SeenStop[]): Promise<Set<SeenStop>> {
  const set = new Set<SeenStop>();
  for (const file of new Set(stops.map((stop) => stop.file))) {
    const path = session.fixture.source(file);
    const lines = readFileSync(path, "utf8").split("\n");
    for (const { line, text } of stops.filter((stop) => stop.file === file)) {
      assert.ok(lines[line - 1]?.includes(text), `${file}:${line} is ${lines[line - 1]}`);
    }
    const request = async (wanted: readonly SeenStop[]): Promise<Message[]> => {
      const breakpoints = wanted.map(({ line, hit }) => ({ line, hitCondition: String(hit) }));
      return (await session.client.send("setBreakpoints", { source: { path }, breakpoints })).body
        .breakpoints;
    };
    const wanted = stops.filter((stop) => stop.file === file);
    const answers = await request(wanted);
    const there = wanted.filter(({ line }, at) => answers[at]?.verified && answers[at]?.line === line);
    for (const { message } of answers.filter((_, at) => !there.includes(wanted[at] as SeenStop))) {
      assert.match(message, /no code/);
    }
    await request(there);
    for (const stop of there) set.add(stop);
  }
  return set;
}

async function compareStop(
  session: DebugSession,
  where: string,
  stop: SeenStop,
  frames: readonly Message[],
  comparison: Comparison,
): Promise<void> {
  const own = frames.map(({ name }) => ownName(name)).slice(0, stop.stack.length);
  assert.deepEqual(own, stop.stack.map(ownName), where);
  for (const [index, seen] of stop.frames.entries()) {
    const frame = frames[index];
    assert.deepEqual(
      [frame?.source?.name, frame?.line],
      [seen.file, seen.line],
      `frame ${index} at ${where}`,
    );
    await compareLocals(session, `${where} #${index}`, seen, frame, comparison);
  }
}

async function compareLocals(
  session: DebugSession,
  where: string,
  seen: SeenFrame,
  frame: Message | undefined,
  comparison: Comparison,
): Promise<void> {
  const { scopes } = (await session.client.scopesRequest({ frameId: frame?.id })).body;
  const scope = scopes.find(({ name }) => name === "Locals");
  const { variables } = (
    await session.client.variablesRequest({ variablesReference: scope?.variablesReference ?? 0 })
  ).body;
  for (const [name, theirs] of Object.entries(seen.locals)) {
    const ours = variables.find((one) => one.name === name);
    await comparison.compare(`${where} ${name}`, theirs, ours as Message | undefined);
  }
}
