import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DebugSession } from "../support/debug-session.ts";
import { node24 } from "../support/nodes.ts";
import type { Message } from "../support/transcript.ts";
import { buildLarge, largeGuest } from "./large-guest.ts";
import { Comparison } from "./oracle/compare.ts";
import { explained } from "./oracle/explained.ts";
import { ownName } from "./oracle/function-name.ts";
import { type SeenFrame, type SeenStop, seenByLldb } from "./oracle/seen.ts";

describe("stops in the middle of large programs", function () {
  this.timeout(300_000);

  before(buildLarge);
  afterEach(() => DebugSession.abandonAll());

  for (const program of ["sqlite", "fmt", "json"]) {
    it(`show what LLDB shows of the same source: ${program}`, async () => {
      const guest = largeGuest(`${program}.O0`);
      const stops = seenByLldb(program);
      for (const { file, line, text } of stops) {
        const found = readFileSync(guest.source(file), "utf8").split("\n")[line - 1] ?? "";
        assert.ok(found.includes(text), `${file}:${line} is ${found}`);
      }
      const session = new DebugSession(guest, { transport: "stdio" });
      await session.begin();
      // Node 20 has no second memory to keep what outer frames pass by value.
      await session.launch({ runtimeExecutable: await node24() });
      await breakAtAll(session, stops);
      await session.run();
      const comparison = new Comparison(session);
      const left = new Set(stops);
      while (await session.stoppedOrExited()) {
        const frames = await session.frames();
        const [top] = frames;
        const stop = stops.find(({ file, line }) => file === top?.source?.name && line === top?.line);
        assert.ok(stop, `${top?.source?.name}:${top?.line} is no place to stop at`);
        left.delete(stop);
        await compareStop(session, program, stop, frames, comparison);
        await session.continue();
      }
      await session.end();
      assert.deepEqual([...left], []);
      const isExplained = (line: string) => explained.some(({ what }) => what.test(line));
      assert.deepEqual(
        comparison.differences.filter((line) => !isExplained(line)),
        [],
      );
      assert.ok(comparison.compared > 150, `only ${comparison.compared} values were compared`);
    });
  }
});

async function breakAtAll(session: DebugSession, stops: readonly SeenStop[]): Promise<void> {
  for (const file of new Set(stops.map((stop) => stop.file))) {
    const here = stops.filter((stop) => stop.file === file);
    const { body } = await session.client.send("setBreakpoints", {
      source: { path: session.fixture.source(file) },
      breakpoints: here.map(({ line, hit }) => ({ line, hitCondition: String(hit) })),
    });
    for (const [index, { verified, line, message }] of body.breakpoints.entries()) {
      assert.ok(verified, message);
      assert.equal(line, here[index]?.line);
    }
  }
}

async function compareStop(
  session: DebugSession,
  program: string,
  stop: SeenStop,
  frames: readonly Message[],
  comparison: Comparison,
): Promise<void> {
  const place = `${stop.file}:${stop.line}`;
  const own = frames.map(({ name }) => ownName(name)).slice(0, stop.stack.length);
  assert.deepEqual(own, stop.stack.map(ownName), place);
  for (const [index, seen] of stop.frames.entries()) {
    const frame = frames[index];
    assert.deepEqual(
      [frame?.source?.name, frame?.line],
      [seen.file, seen.line],
      `frame ${index} at ${place}`,
    );
    await compareLocals(session, `${program} ${place} #${index}`, seen, frame, comparison);
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
