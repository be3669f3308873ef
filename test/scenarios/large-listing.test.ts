import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";
import { END, moduleOf, section, sized, text, u32, vec } from "../support/wasm-builder.ts";

const functions = 20_000;
const CALL = 0x10;
const NOP = 0x01;

/** A program of many functions without names: `_start`, the last, calls the first two. */
function manyFunctions(): Uint8Array {
  const indexes = Array.from({ length: functions }, (_, index) => index);
  const last = functions - 1;
  const bodies = indexes.map((index) =>
    index === last ? sized(0, CALL, u32(0), CALL, u32(1), END) : sized(0, NOP, NOP, NOP, END),
  );
  return moduleOf(
    section(1, vec([0x60, 0, 0])),
    section(3, vec(...indexes.map(() => 0))),
    section(7, vec([text("_start"), 0, u32(last)])),
    section(10, vec(...bodies)),
  );
}

describe("a large program of which nothing is known", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-large-listing-"));
    writeFileSync(join(folder, "large.wasm"), manyFunctions());
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => DebugSession.abandonAll());

  it("tells of its first functions as sources, and of any other where it stops", async () => {
    const guest = { ...fixture("wat-names", "bare"), path: join(folder, "large.wasm") };
    const session = new DebugSession(guest, { transport: "stdio" });
    await session.begin();
    await session.launch({ stopOnEntry: true });
    const { sources } = (await session.client.send("loadedSources", {})).body as { sources: Message[] };
    assert.equal(sources.length, 1000);
    assert.equal(sources[1]?.name, "func[1].wat");
    await session.run();
    await session.stopped();
    const [top] = await session.frames(1);
    assert.equal(top?.source.name, "_start.wat");
    const { body } = await session.client.setBreakpointsRequest({
      source: sources[1] as never,
      breakpoints: [{ line: 3 }, { line: 30 }],
    });
    assert.equal(body.breakpoints[0]?.verified, true, body.breakpoints[0]?.message);
    assert.match(body.breakpoints[1]?.message ?? "", /^There is no code at or after line 30/);
    await session.continue();
    const place = await session.stopped();
    assert.deepEqual([place.function, place.line], ["func[1]", 3]);
    assert.equal((await session.step("next")).line, 4);
    await session.continue();
    await session.exited();
    await session.end();
  });
});
