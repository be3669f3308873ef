import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { toModuleOffset } from "../../src/base/brand.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { OffsetMapBuilder, originalOffset } from "../../src/instrument/offset-map.ts";
import { firstSiteFrom } from "../../src/instrument/site-table.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { instantiate, instructionOffsets, instrumentEverywhere } from "../support/instrumented-guest.ts";
import { fromRoot } from "../support/paths.ts";
import { programs } from "../support/programs.ts";
import { I32, WasmBuilder } from "../support/wasm-builder.ts";

/** Wasm frames of an error's stack, innermost first, as the engine reports them. */
function framesOf(error: unknown): { func: number; offset: number }[] {
  assert.ok(error instanceof Error);
  const frames = error.stack?.matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g) ?? [];
  return Array.from(frames, ([, func, offset]) => ({
    func: Number(func),
    offset: Number.parseInt(offset ?? "", 16),
  }));
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

describe("mapping offsets back", () => {
  const limit = Error.stackTraceLimit;
  before(() => {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  });
  after(() => {
    Error.stackTraceLimit = limit;
  });

  it("finds, for every frame of every trap, the original's frame", () => {
    let traps = 0;
    for (const program of programs) {
      const imports = { host: { log: () => {} } };
      const { exports } = new WebAssembly.Instance(
        new WebAssembly.Module(program.bytes as BufferSource),
        imports,
      );
      const instrumented = instrumentEverywhere(program.bytes);
      const guest = instantiate(instrumented, () => {}, imports);
      guest.setAll(-1);
      for (const [name, ...args] of program.calls) {
        const errors = [exports[name], guest.exports[name]].map((run) => {
          try {
            return void (run as (...args: unknown[]) => unknown)(...args);
          } catch (error) {
            return error;
          }
        });
        if (!(errors[0] instanceof WebAssembly.RuntimeError)) continue;
        traps++;
        const mapped = framesOf(errors[1]).map(({ func, offset }) => ({
          func,
          offset: instrumented.originalOffset(offset),
        }));
        assert.deepEqual(mapped, framesOf(errors[0]), program.name);
      }
    }
    assert.ok(traps >= 10);
  });

  it("finds the calls in progress when a host function throws", () => {
    const bytes = new WasmBuilder()
      .type([])
      .import("host", "fail", "func", 0)
      .func(0, [[2, I32]], assemble("nop\ncall 0"))
      .func(0, [], assemble("nop"))
      .func(0, [], assemble("i32.const 1\nif\ncall 1\nend"))
      .export("f", "func", 3)
      .build();
    const fail = () => {
      throw new Error("host");
    };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), {
      host: { fail },
    });
    const instrumented = instrumentEverywhere(bytes);
    const guest = instantiate(instrumented, () => {}, { host: { fail } });
    const expected = framesOf(thrownBy(exports.f as () => void));
    const offsets = instructionOffsets(bytes);
    assert.deepEqual(expected, [
      { func: 1, offset: offsets[1] },
      { func: 3, offset: offsets[7] },
    ]);
    for (const armed of [0, -1]) {
      guest.setAll(armed);
      const frames = framesOf(thrownBy(() => guest.call("f")));
      assert.deepEqual(
        frames.map(({ func, offset }) => ({ func, offset: instrumented.originalOffset(offset) })),
        expected,
      );
    }
  });

  it("says of a guest suspended in a probe that it stands at the site, and nothing of what was appended", () => {
    const [program] = programs;
    assert.ok(program);
    const instrumented = instrumentEverywhere(program.bytes);
    let seen = 0;
    const check = (site: number) => {
      const [suspend, ...frames] = framesOf(new Error("here"));
      assert.ok((suspend?.func ?? 0) >= instrumented.functionCount);
      assert.equal(instrumented.originalOffset(suspend?.offset ?? 0), undefined);
      assert.equal(instrumented.originalOffset(frames[0]?.offset ?? 0), instrumented.sites.offset[site]);
      // Outer frames stand at the two calls.
      for (const { offset } of frames.slice(1)) {
        const at = instructionOffsets(program.bytes).indexOf(instrumented.originalOffset(offset) ?? 0);
        assert.ok(at === 9 || at === 13);
      }
      seen++;
    };
    const guest = instantiate(instrumented, check, { host: { log: () => {} } });
    guest.setAll(-1);
    guest.call("fib", 5);
    assert.ok(seen > 100);
  });

  it("maps every instruction of a real module, in functions with sites and without", () => {
    const bytes = new Uint8Array(readFileSync(fromRoot("test", "fixtures", "steps", "steps.dwarf5.O0.wasm")));
    const before = instructionOffsets(bytes);
    // Sites in every third function only, and there at every fifth instruction.
    const { code } = readModule(bytes);
    const bodyOf = (offset: number) => code.bodyEnds.findIndex((end) => offset < end);
    const offset = Uint32Array.from(
      before.filter((each, index) => index % 5 === 0 && bodyOf(each) % 3 === 0),
    );
    const instrumented = instrument(readModule(bytes), { sites: { offset, line: offset } });
    const after = instructionOffsets(instrumented.bytes).map((each) => instrumented.originalOffset(each));
    // Rising at first sight, with every original instruction: those of probes map to the one they precede, and where
    // sites are checked at once both copies of the code between them map to it.
    assert.deepEqual([...new Set(after.filter((each) => each !== undefined))], before);
  });

  it("maps starts of functions, which is where stack overflow is reported", () => {
    const bytes = new WasmBuilder()
      .type([])
      .func(0, [], assemble("nop"))
      .func(0, [[3, I32]], assemble("call 1"))
      .build();
    const instrumented = instrumentEverywhere(bytes);
    const before = readModule(bytes).code.bodyStarts;
    const after = readModule(instrumented.bytes).code.bodyStarts;
    assert.deepEqual(
      [...after.slice(0, 2)].map((start) => instrumented.originalOffset(start)),
      [...before],
    );
  });

  it("knows nothing of places before the code and behind the module's own functions", () => {
    const { originalOffset, bytes } = instrumentEverywhere(programs[0]?.bytes ?? new Uint8Array());
    assert.equal(originalOffset(0), undefined);
    assert.equal(originalOffset(bytes.length), undefined);
  });
});

describe("an offset map", () => {
  /** Entries of functions, some of which go back in the original, belong elsewhere, or are long. */
  function* entries() {
    let instrumented = 0;
    let original = 10;
    for (let at = 0; at < 1_000; at++) {
      const inserted = at % 100 === 7 ? 70_000 : at % 5;
      const within = at % 9 === 0 ? Math.max(0, original - 3) : original;
      yield { instrumented, original, inserted, within, begins: at % 30 === 0 };
      instrumented += inserted + 1 + (at % 4) * 50;
      original =
        at % 13 === 5 ? original - 8 : original + 1 + (at % 4) * 50 + (at % 30 === 29 ? 1_000_000 : 0);
    }
  }

  it("answers as the entries that it was made of", () => {
    const all = [...entries()];
    const builder = new OffsetMapBuilder(10);
    let start = 0;
    for (const { instrumented, original, inserted, within, begins } of all) {
      if (begins) {
        builder.settle(start);
        start = instrumented;
      }
      builder.add(instrumented - start, original, inserted, within);
    }
    builder.settle(start);
    const end = (all.at(-1)?.instrumented ?? 0) + 20;
    const map = { ...builder.finish(end), start: 100 };
    assert.equal(map.count, all.length);
    assert.equal(originalOffset(map, 99), undefined);
    assert.equal(originalOffset(map, 100 + end), undefined);
    for (const [at, { instrumented, original, inserted, within }] of all.entries()) {
      const next = all[at + 1]?.instrumented ?? end;
      for (const offset of [instrumented, instrumented + inserted, next - 1]) {
        if (offset < instrumented || offset >= next) continue;
        const into = offset - instrumented - inserted;
        assert.equal(originalOffset(map, 100 + offset), into < 0 ? within : original + into, `entry ${at}`);
      }
    }
  });

  it("takes a few bytes for each of its entries", () => {
    const { offsets, sites } = instrumentEverywhere(
      new Uint8Array(readFileSync(fromRoot("test", "fixtures", "steps", "steps.dwarf5.O0.wasm"))),
    );
    assert.ok(offsets.count > sites.count);
    assert.ok(offsets.entries.length < offsets.count * 3, `${offsets.entries.length} for ${offsets.count}`);
  });
});

describe("firstSiteFrom", () => {
  it("finds the first site at or behind an offset", () => {
    const { sites } = instrumentEverywhere(programs[0]?.bytes ?? new Uint8Array());
    const [first = 0, second = 0] = sites.offset;
    const last = sites.offset[sites.count - 1] ?? 0;
    const find = (offset: number) => firstSiteFrom(sites, toModuleOffset(offset));
    assert.deepEqual([find(0), find(first), find(first + 1), find(second)], [0, 0, 1, 1]);
    assert.deepEqual([find(last), find(last + 1)], [sites.count - 1, sites.count]);
  });
});
