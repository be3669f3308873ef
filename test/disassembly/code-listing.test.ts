import assert from "node:assert/strict";
import { keptLocals } from "../../adapter/launch/kept-locals.ts";
import { toModuleOffset } from "../../src/base/brand.ts";
import { knowsLines } from "../../src/debuginfo/knows-lines.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { CodeListing } from "../../src/disassembly/code-listing.ts";
import { Disassembly } from "../../src/disassembly/disassembly.ts";
import { withListing } from "../../src/disassembly/listed-debug-info.ts";
import { stoppingPoints } from "../../src/disassembly/stopping-points.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { openInfo } from "../support/debug-info.ts";
import { allFixtures, fixture } from "../support/fixtures.ts";
import {
  call,
  I32,
  i32Const,
  localGet,
  localSet,
  sized,
  text,
  u32,
  vec,
  WasmBuilder,
} from "../support/wasm-builder.ts";

function list(module: WasmModule, path = "/app.wasm", mostPoints?: number) {
  const { info } = openInfo(module);
  const names = new ModuleNames(module, info);
  const disassembly = new Disassembly({ module, names, debugInfo: info });
  const limit = mostPoints === undefined ? {} : { mostPoints };
  const listing = new CodeListing({ path, module, names, disassembly, ...limit });
  return { listing, names, debugInfo: withListing(info, listing) };
}

/** Functions called like this, each of one instruction more than the one before. */
function named(...functions: readonly string[]): WasmModule {
  const builder = new WasmBuilder().type([]);
  for (const [index] of functions.entries()) builder.func(0, [], ...new Array<number>(index + 1).fill(0x01));
  const names = vec(...functions.map((name, index) => [u32(index), text(name)]));
  return readModule(builder.custom("name", [1, sized(names)]).build());
}

describe("the listing of code", () => {
  it("has a source for each function, called by its index and its name", () => {
    const { listing } = list(named("main", "shapes::area<int>(Circle const&)", "a/b\\c:d", ".."));
    assert.deepEqual(
      listing.sources().map(({ path }) => path),
      [
        "/app.wasm/0/main.wat",
        "/app.wasm/1/shapes_area_int_(Circle_const&).wat",
        "/app.wasm/2/a_b_c_d.wat",
        "/app.wasm/3/_.wat",
      ],
    );
    assert.ok(listing.sources().every(({ isListing }) => isListing));
  });

  it("finds a source by its path, also of a build before, in which functions had other indexes", () => {
    const { listing } = list(named("added", "main", "other"));
    const found = (path: string) => listing.findSource(path)?.id;
    assert.equal(found("/app.wasm/1/main.wat"), 1);
    assert.equal(found("/app.wasm/0/main.wat"), 1);
    assert.equal(found("C:\\x\\app.wasm\\7\\other.wat"), 2);
    assert.equal(found("/app.wasm/1/gone.wat"), undefined);
    assert.equal(found("/app.wasm/main.c"), undefined);
  });

  it("does not choose between functions of one name, but by their index", () => {
    const { listing } = list(named("same", "same"));
    assert.equal(listing.findSource("/app.wasm/1/same.wat")?.id, 1);
    assert.equal(listing.findSource("/app.wasm/5/same.wat"), undefined);
  });

  it("says the line of each instruction, and gives it back", () => {
    for (const build of ["names", "bare"]) {
      const module = readModule(fixture("wat-names", build).bytes);
      const { listing, debugInfo } = list(module);
      const { offset, line } = debugInfo.statements();
      assert.equal(new Set(line).size, offset.length);
      for (const point of offset) {
        const at = toModuleOffset(point);
        const position = listing.positionAt(at);
        assert.ok(position);
        assert.deepEqual(listing.resolveLine(position.source, position.line), {
          line: position.line,
          points: [at],
        });
        const shown = position.source.text?.()?.split("\n")[position.line];
        assert.ok(shown?.startsWith(`(;0x${point.toString(16).padStart(5, "0")};)`), shown);
        assert.equal(position.source.lineText?.(position.line), shown);
      }
    }
  });

  it("is text as long as the function has instructions, however its bytes are", () => {
    const module = named("main");
    const bytes = Uint8Array.from(module.bytes);
    bytes[(module.code.bodyStarts[0] as number) + 1] = 0xff;
    const { listing, debugInfo } = list(readModule(bytes));
    assert.match(listing.sources()[0]?.text?.() ?? "", /malformed/);
    assert.equal(debugInfo.statements().offset.length, 0);
    assert.equal(debugInfo.functionAt(toModuleOffset(module.code.bodyStarts[0] as number))?.hasLines, false);
  });

  it("stands in only where no lines are known", () => {
    const { info } = openInfo(fixture("steps", "dwarf5.O0").bytes);
    const { listing } = list(named("main"));
    assert.equal(withListing(info, listing), info);
  });
});

describe("a program that is debugged in its listing", () => {
  it("is a valid module with a probe on every line and all locals kept", () => {
    let guests = 0;
    for (const { bytes, name, build } of allFixtures()) {
      const module = readModule(bytes);
      const { info } = openInfo(module);
      if (knowsLines(info.status)) continue;
      guests++;
      const { names, debugInfo } = list(module);
      const sites = debugInfo.statements();
      const kept = instrument(module, { sites, keepLocals: keptLocals(names.slots, "all") });
      assert.ok(WebAssembly.validate(kept.bytes), `${name} ${build}`);
      assert.deepEqual(kept.refused, []);
      assert.equal(kept.dropped.outside, 0);
    }
    assert.ok(guests > 5);
  }).timeout(120_000);
});

describe("where code without lines can be stopped", () => {
  const module = readModule(
    new WasmBuilder()
      .type([])
      .type([I32])
      .func(0, [[1, I32]], i32Const(1), localSet(0), localGet(0), call(1), i32Const(2), 0x1a, 0x01)
      .func(1, [], 0x01)
      .build(),
  );
  const offsets = (most: number) => {
    const { density, offset } = stoppingPoints(module, most);
    const start = module.code.bodyStarts[0] as number;
    return { density, count: offset.length, first: [...offset].slice(0, 3).map((one) => one - start) };
  };

  it("is at every instruction, unless there are too many", () => {
    assert.deepEqual(offsets(8), { density: "instructions", count: 8, first: [3, 5, 7] });
    // Behind what takes a value off the stack for good, and where functions begin.
    assert.deepEqual(offsets(7), { density: "statements", count: 5, first: [3, 7, 11] });
    assert.deepEqual(offsets(4), { density: "calls", count: 3, first: [3, 11, 18] });
    assert.deepEqual(offsets(0).count, 3);
  });

  it("is said where it is not everywhere", () => {
    assert.deepEqual(list(module).debugInfo.problems, []);
    assert.match(
      list(module, "/app.wasm", 4).debugInfo.problems.join(),
      /very large.*"granularity": "instruction"/,
    );
  });

  it("is what a breakpoint on another line moves to", () => {
    const { debugInfo } = list(module, "/app.wasm", 4);
    const [source] = debugInfo.sources();
    assert.ok(source);
    const first = debugInfo.resolveLine(source, 0);
    assert.equal(first?.line, 2);
    assert.equal(debugInfo.resolveLine(source, 3)?.line, 6);
    assert.equal(debugInfo.resolveLine(source, 7), undefined);
    assert.deepEqual(debugInfo.linesWithCode(source, 0, 99), [2, 6]);
  });
});
