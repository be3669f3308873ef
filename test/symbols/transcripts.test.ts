import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { endAll, startFixture } from "../support/engine.ts";
import { pointAt } from "../support/expectations.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

/** Parts of one value that are written, and parts within parts. */
const mostParts = 8;
const mostLevels = 3;
/** Addresses in memory that are the linker's choice, and where the code of a function is. */
const address = /0x[0-9a-f]{8}\b/g;

/** One rich program a language, with all variables of all its marked lines, and all there is within them. */
describe("everything there is to see of a program", () => {
  afterEach(endAll);

  for (const guest of ["types", "cpp-values", "rust-values"]) {
    const golden = fromRoot(`test/symbols/golden/${guest}.transcript`);

    it(`is as written down, in ${guest} as DWARF 5`, async () => {
      const transcript = await transcriptOf(fixture(guest, "dwarf5.O0"));
      if (process.env.UPDATE_GOLDEN) writeFileSync(golden, transcript);
      assert.ok(existsSync(golden), `${golden} is missing: run the tests with UPDATE_GOLDEN=1`);
      assert.deepEqual(transcript.split("\n"), readFileSync(golden, "utf8").split("\n"));
    });

    it(`is the same in DWARF 4, in ${guest}`, async () => {
      const transcript = await transcriptOf(fixture(guest, "dwarf4.O0"));
      assert.deepEqual(transcript.split("\n"), readFileSync(golden, "utf8").split("\n"));
    });
  }
});

async function transcriptOf(guest: Fixture): Promise<string> {
  const markers = guest.markers();
  const names = new Map(markers.stops.map(({ line, name }) => [line, name]));
  const running = await startFixture(guest);
  const symbols = symbolsOf(guest, running.target);
  const points = markers.stops.flatMap(({ name }) => pointAt(() => running.point(name)) ?? []);
  await running.target.setBreakpointLocations(points);
  const visited = new Set<string>();
  const lines: string[] = [];
  for (;;) {
    const halt = await running.target.resume({ kind: "continue" });
    if (halt.kind !== "stop") break;
    const frame = await innermost(running, halt.stop);
    const name = names.get(running.lineAt(frame.offset) ?? 0);
    if (name === undefined || visited.has(name)) continue;
    visited.add(name);
    lines.push(`# ${name}`, ...(await scopesText(symbols, frame)), "");
  }
  // A guest is called by its file, which is called by its build.
  return lines.join("\n").replaceAll(`${guest.name}.${guest.build}`, guest.name);
}

async function scopesText(symbols: Symbols, frame: FrameContext): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { kind, name, variables } of await symbols.scopes(frame)) {
    if (kind === "wasm") continue;
    lines.push(`${name}:`);
    for (const variable of await variables.children("named", 0, 200)) {
      lines.push(...(await treeOf(variable, 1)));
    }
  }
  return lines;
}

async function treeOf(variable: Variable, level: number): Promise<readonly string[]> {
  const { name, type, value, named, indexed } = variable;
  const shown = value.replace(address, "0x????????");
  const lines = [`${"  ".repeat(level)}${name}${type === undefined ? "" : `: ${type}`} = ${shown}`];
  // What a value is made of has been seen where its type was the subject.
  if (level > mostLevels || name === "[raw]") return lines;
  for (const [filter, count] of [
    ["named", named],
    ["indexed", indexed],
  ] as const) {
    for (const part of await variable.children(filter, 0, Math.min(count, mostParts))) {
      lines.push(...(await treeOf(part, level + 1)));
    }
    if (count > mostParts) lines.push(`${"  ".repeat(level + 1)}… ${count - mostParts} more`);
  }
  return lines;
}
