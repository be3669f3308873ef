import assert from "node:assert/strict";
import { toModuleOffset } from "../../src/base/brand.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";

/** Numbers from 0 to 1, the same for each seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A copy with up to 20 bytes changed within its custom sections. */
function damage(module: WasmModule, random: () => number): Uint8Array {
  const bytes = Uint8Array.from(module.bytes);
  const targets = module.sections.filter(({ kind, start, end }) => kind === "custom" && end > start);
  for (let changes = 1 + random() * 20; changes > 0; changes--) {
    const target = targets[Math.floor(random() * targets.length)];
    if (!target) break;
    bytes[target.start + Math.floor(random() * (target.end - target.start))] = Math.floor(random() * 256);
  }
  return bytes;
}

/** Asks everything that a session asks. */
function askEverything(bytes: Uint8Array): readonly string[] {
  const module = readModule(bytes);
  const { info, dwarf } = openInfo(module);
  const { offset } = info.statements();
  for (const start of module.code.bodyStarts) {
    const found = info.functionAt(toModuleOffset(start));
    assert.ok(found);
    assert.equal(typeof found.name, "string");
    assert.ok(found.die === undefined || found.die.offset >= 0);
    info.stackShape(found.index).deltaAt(found.from);
  }
  for (const source of info.sources()) {
    info.resolveLine(source, 100);
    assert.equal(typeof (source.text?.() ?? ""), "string");
  }
  for (const at of offset) assert.ok(info.locate(toModuleOffset(at)));
  dwarf?.close();
  return info.problems;
}

describe("damaged debug info", () => {
  for (const build of ["dwarf4.O0", "dwarf5.O2"]) {
    it(`costs what it describes and nothing else, in 40 damaged copies of ${build}`, () => {
      const module = readModule(fixture("steps", build).bytes);
      let damaged = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const problems = askEverything(damage(module, randomFrom(seed)));
        for (const problem of problems) assert.match(problem, /^[A-Z].*\.$/);
        if (problems.length > 0) damaged++;
      }
      assert.ok(damaged > 0);
    });
  }
});
