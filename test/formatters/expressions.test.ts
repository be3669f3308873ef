import assert from "node:assert/strict";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { endAll, startFixture } from "../support/engine.ts";
import { pointAt } from "../support/expectations.ts";
import { fixture } from "../support/fixtures.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

describe("the expression of a part of a value", () => {
  afterEach(endAll);

  for (const [guest, build] of [
    ["cpp-values", "dwarf5.O0"],
    ["cpp-values", "clang14.O0"],
    ["cpp-vocabulary", "dwarf5.O0"],
    ["cpp-language", "dwarf5.O0"],
    ["rust-values", "dwarf5.O0"],
  ] as const) {
    it(`gives the same value again, all over ${guest} as ${build}`, async () => {
      const module = fixture(guest, build);
      const running = await startFixture(module);
      const symbols = symbolsOf(module, running.target);
      const all = module.markers();
      const markers = all.stops.filter(
        ({ name }) =>
          all.expectationsAt(name).length && name !== "big" && name !== "environment" && name !== "corrupt",
      );
      const points = markers.flatMap(({ name }) => pointAt(() => running.point(name)) ?? []);
      await running.target.setBreakpointLocations(points);
      const differing: string[] = [];
      const visited = new Set<number | undefined>();
      let count = 0;
      for (;;) {
        const halt = await running.target.resume({ kind: "continue" });
        if (halt.kind !== "stop") break;
        const frame = await innermost(running, halt.stop);
        const line = running.lineAt(frame.offset);
        if (visited.has(line)) continue;
        visited.add(line);
        const [scope] = await symbols.scopes(frame);
        for (const local of (await scope?.variables.children("named", 0, 100)) ?? []) {
          count += await compare(symbols, frame, local, 2, differing);
        }
      }
      assert.deepEqual(differing, []);
      assert.ok(count > 200, `only ${count} were compared`);
    });
  }
});

/** Compares a variable and some of its parts with what their expressions give; answers how many. */
async function compare(
  symbols: Symbols,
  frame: FrameContext,
  variable: Variable,
  depth: number,
  differing: string[],
): Promise<number> {
  let count = 0;
  const { evaluateName, value } = variable;
  if (evaluateName !== undefined) {
    count++;
    const again = await symbols.evaluate(frame, evaluateName).then(
      (other) => other.value,
      (error: Error) => `error: ${error.message}`,
    );
    if (again !== value) differing.push(`${evaluateName} = ${again}, not ${value}`);
  }
  if (depth === 0) return count;
  const named = await variable.children("named", 0, 12);
  const indexed = await variable.children("indexed", 0, 4);
  for (const part of [...named, ...indexed]) {
    count += await compare(symbols, frame, part, depth - 1, differing);
  }
  return count;
}
