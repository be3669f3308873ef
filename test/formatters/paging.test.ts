import assert from "node:assert/strict";
import type { Target } from "../../src/target/target.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { innermost, symbolsOf } from "../support/paused-fixture.ts";

/** A guest at its large containers, and how many bytes of it have been read. */
async function pausedAtBig(guest: string, build: string) {
  const module = fixture(guest, build);
  const running = await startFixture(module, { args: ["big"] });
  await running.target.setBreakpointLocations([running.point("big")]);
  const { stop } = asStop(await running.target.resume({ kind: "continue" }));
  const counted = { bytes: 0 };
  const target = new Proxy<Target>(running.target, {
    get(whole, name) {
      const member = Reflect.get(whole, name, whole);
      if (typeof member !== "function") return member;
      if (name !== "readMemory") return member.bind(whole);
      return (...args: Parameters<Target["readMemory"]>) => {
        counted.bytes += args[3];
        return whole.readMemory(...args);
      };
    },
  });
  return { symbols: symbolsOf(module, target), frame: await innermost(running, stop), counted };
}

describe("a large container", () => {
  afterEach(endAll);

  for (const [guest, build] of [
    ["cpp-values", "dwarf5.O0"],
    ["rust-values", "dwarf5.O0"],
  ] as const) {
    it(`of a million elements reads the page it is asked for, in ${guest}`, async () => {
      const { symbols, frame, counted } = await pausedAtBig(guest, build);
      const million = await symbols.evaluate(frame, "million");
      assert.equal(million.indexed, 1_000_000);
      const before = counted.bytes;
      const page = await million.children("indexed", 500_000, 100);
      assert.deepEqual(
        page.slice(0, 3).map(({ name, value, evaluateName }) => [name, value, evaluateName]),
        [
          ["[500000]", "1000000", "million[500000]"],
          ["[500001]", "0", "million[500001]"],
          ["[500002]", "0", "million[500002]"],
        ],
      );
      assert.equal(page.length, 100);
      // 400 bytes lie in at most two pages of what is kept of memory.
      assert.ok(counted.bytes - before <= 8192, `${counted.bytes - before} bytes were read`);
    });

    it(`of ten thousand entries gives each once, page by page, and reads nothing twice, in ${guest}`, async () => {
      const { symbols, frame, counted } = await pausedAtBig(guest, build);
      const squares = await symbols.evaluate(frame, "squares");
      assert.equal(squares.indexed, 10_000);
      const before = counted.bytes;
      const shown = new Map<string, string>();
      for (let start = 0; start < 10_000; start += 100) {
        for (const { name, value } of await squares.children("indexed", start, 100)) shown.set(name, value);
      }
      assert.equal(shown.size, 10_000);
      for (const [name, value] of shown) {
        const key = Number(name.slice(1, -1));
        assert.equal(value, String((key * key) | 0));
      }
      const once = counted.bytes - before;
      // A node of the C++ table takes 24 bytes with what the allocator adds, a bucket of the Rust one 9.
      assert.ok(once <= 600_000, `${once} bytes were read`);
      await (await symbols.evaluate(frame, "squares")).children("indexed", 9_900, 100);
      assert.equal(counted.bytes - before, once);
    });

    it(`is not gone through for a summary, in ${guest}`, async () => {
      const { symbols, frame, counted } = await pausedAtBig(guest, build);
      await symbols.evaluate(frame, "squares");
      assert.ok(counted.bytes <= 200_000, `${counted.bytes} bytes were read`);
    });
  }
});
