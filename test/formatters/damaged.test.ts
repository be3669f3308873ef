import assert from "node:assert/strict";
import type { Variable } from "../../src/symbols/variable.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
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

/** What is shown of each, up to where the memory behind it would show. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cpp-corrupt": {
    sound: "size=3 {1, 2, 3}",
    long_vector: "size=536853064 <damaged: there is room for 3> {1, 2, 3}",
    backward_vector: "<damaged: its end comes before its begin>",
    uneven_vector: "<damaged: its last element is not whole>",
    lost_vector: "size=3 <damaged: memory ends after 0> {}",
    long_bits: "size=2147483632 <damaged: memory ends after ",
    long_string: "<damaged: its length is 2147483632, and there is room for ",
    lost_string: "<damaged: its length is 40, and memory ends before>",
    long_view: "<damaged: its length is 2147483632, and memory ends before>",
    circle:
      "size=2147483632 <damaged: goes in circles after 3> {1, 2, 3, <damaged: goes in circles after 3>}",
    lost_list: "size=3 <damaged: memory out of bounds> {1, <memory out of bounds>, ",
    short_list: "size=5 <damaged: ends after 3> {1, 2, 3, <damaged: ends after 3>}",
    forward_circle: "size=1 <damaged: goes in circles after 1> {1, <damaged: goes in circles after 1>}",
    long_deque: "size=2147483632 <damaged: its blocks end after 1024> {1, 2, 3, ",
    lost_deque: "size=3 <damaged: its blocks end after 0> {}",
    tree_circle: "size=3 <damaged: ends after 1> {[1] = 1, <damaged: ends after 1>}",
    long_tree: "size=2147483632 <damaged: ends after 2> {[1] = 1, [2] = 4, <damaged: ends after 2>}",
    lost_tree: "size=2 <damaged: memory out of bounds> {<memory out of bounds>, ",
    hash_circle: "size=2147483632 <damaged: goes in circles after 1> {[1] = 1, ",
    lost_hash: "size=1 {[<memory out of bounds>] = <memory out of bounds>}",
    lost_count: "<memory out of bounds>",
    lost_pointer: "0xfffffff0",
    no_alternative: "<damaged: its index is 85>",
    odd_optional: "8",
    lost_function: "<memory out of bounds>",
  },
  "rust-values": {
    long_vector: "size=2147483632 <damaged: there is room for 3> {1, 2, 3}",
    long_string: "<damaged: its length is 2147483632, and there is room for 4>",
    not_utf8: '"t\\xffxt"',
    long_text: "<damaged: its length is 2147483632, and memory ends before>",
    lost_vector: "size=5 <damaged: memory ends after 0> {}",
    // Its capacity was the same number as its length.
    long_deque: "size=2147483632 <damaged: memory ends after ",
    large_map: "<damaged: it has 2147483632 of 2147483633 buckets, and memory ends before>",
    hollow_map: "size=3 <damaged: ends after 0> {<damaged: ends after 0>}",
    long_tree:
      "size=2147483632 <damaged: ends after 3> {[1] = 1, [2] = 4, [4] = 16, <damaged: ends after 3>}",
    circle:
      "size=2147483632 <damaged: goes in circles after 3> {1, 2, 3, <damaged: goes in circles after 3>}",
    lost_count: "<memory out of bounds>",
    no_variant: "<no variant has the tag 99>",
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
    it(`say what is wrong with them, in ${guest} as ${build}`, async () => {
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
