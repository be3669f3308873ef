import assert from "node:assert/strict";
import type { Variable } from "../../src/symbols/variable.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { checkExpectations } from "../support/expectations.ts";
import { fixture } from "../support/fixtures.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

/** The locals of a guest whose containers have been overwritten. */
async function locals(guest: string, build: string, args: readonly string[]): Promise<Map<string, Variable>> {
  const module = fixture(guest, build);
  const running = await startFixture(module, { args: [...args] });
  await running.target.setBreakpointLocations([running.point("corrupt")]);
  const { stop } = asStop(await running.target.resume({ kind: "continue" }));
  const symbols = symbolsOf(module, running.target);
  const [scope] = await symbols.scopes(await innermost(running, stop));
  const variables = (await scope?.variables.children("named", 0, 100)) ?? [];
  return new Map(variables.map((variable) => [variable.name, variable]));
}

/** What is shown of those whose text goes on with whatever lies in memory behind them: the rest is in the guests' sources. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cpp-corrupt": {
    long_bits: "size=2147483632 <damaged: memory ends after ",
    long_string: "<damaged: its length is 2147483632, and there is room for ",
    long_wide: "<damaged: its length is 2147483632, and there is room for ",
    long_deque: "size=2147483632 <damaged: its blocks end after 1024> {1, 2, 3, ",
    long_queue: "size=2147483632 <damaged: its blocks end after 1024> {1, ",
    long_span: "size=2147483632 <damaged: memory ends after ",
    long_listed: "size=2147483632 <damaged: memory ends after ",
  },
  "rust-values": {
    // Its capacity was the same number as its length.
    long_deque: "size=2147483632 <damaged: memory ends after ",
    long_heap: "size=2147483632 <damaged: memory ends after ",
    long_slice: "size=2147483632 <damaged: memory ends after ",
    long_boxed: "size=2147483632 <damaged: memory ends after ",
    no_truth: "true",
  },
};

describe("overwritten containers", () => {
  afterEach(endAll);

  for (const [guest, build, args, differing] of [
    ["cpp-corrupt", "dwarf5.O0", [], {}],
    ["rust-values", "dwarf5.O0", ["corrupt"], {}],
    [
      "rust-values",
      "rust163.O0",
      ["corrupt"],
      { long_deque: "<damaged: it begins or ends outside of its room for 8>" },
    ],
  ] as const) {
    it(`say what is wrong with them, as the source of ${guest} has it, as ${build}`, async () => {
      const checked = await checkExpectations(fixture(guest, build), args);
      assert.deepEqual(checked.wrong, []);
      assert.ok(checked.right >= 25, `only ${checked.right} were looked at`);
    });

    it(`say what is wrong before what lies behind them, in ${guest} as ${build}`, async () => {
      const variables = await locals(guest, build, args);
      const wanted: Readonly<Record<string, string>> = { ...expected[guest], ...differing };
      const shown = Object.fromEntries(
        Object.entries(wanted).map(([name, text]) => [
          name,
          variables.get(name)?.value.slice(0, /[>}"\d]$/.test(text) ? undefined : text.length),
        ]),
      );
      assert.deepEqual(shown, wanted);
    });

    it(`end wherever they are looked into, in ${guest} as ${build}`, async () => {
      for (const variable of (await locals(guest, build, args)).values()) {
        const { indexed } = variable;
        assert.ok(indexed <= 16_777_216, `${variable.name} offers ${indexed} elements`);
        // The first page, one in the middle, the last and one past it.
        for (const start of [0, Math.floor(indexed / 2), Math.max(0, indexed - 50), indexed]) {
          const page = await variable.children("indexed", start, 100);
          assert.ok(page.length <= 100);
        }
        for (const child of await variable.children("named", 0, 100)) await child.children("named", 0, 100);
      }
    });
  }
});
