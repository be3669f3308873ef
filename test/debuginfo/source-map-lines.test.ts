import assert from "node:assert/strict";
import { toModuleOffset } from "../../src/base/brand.ts";
import { readSourceMap } from "../../src/sourcemap/read-source-map.ts";
import { readModule } from "../../src/wasm/module.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";
import { mapText, type Segment } from "../support/source-map-builder.ts";
import { call, i32Const, sized, text, u32, vec, WasmBuilder } from "../support/wasm-builder.ts";

const nop = 0x01;
const unreachable = 0x00;
const nops = (count: number): number[] => new Array<number>(count).fill(nop);

/** Two functions of ten `nop`s each. */
const twoFunctions = () =>
  readModule(
    new WasmBuilder()
      .type([])
      .func(0, [], ...nops(10))
      .func(0, [], ...nops(10))
      .build(),
  );

interface Placed extends Omit<Segment, "offset"> {
  /** Function, and instruction in it. */
  readonly at: readonly [body: number, instruction: number];
}

async function open(segments: readonly Placed[], more: object = {}, module = twoFunctions()) {
  const placed = segments.map(({ at: [body, instruction], ...rest }) => ({
    ...rest,
    offset: (module.code.bodyStarts[body] as number) + 1 + instruction,
  }));
  const sourceMap = await readSourceMap(mapText(placed, more));
  const { info } = openInfo(module, { sourceMap });
  const at = (body: number, instruction: number) =>
    toModuleOffset((module.code.bodyStarts[body] as number) + 1 + instruction);
  const source = (name: string) => {
    const found = info.sources().find(({ path }) => path === name);
    assert.ok(found, name);
    return found;
  };
  return { info, at, source, module };
}

describe("the lines of a source map", () => {
  it("have a statement where another line begins within a function", async () => {
    const { info, at } = await open([
      { at: [0, 0], source: 0, line: 4, column: 2 },
      { at: [0, 2], source: 0, line: 4, column: 9 },
      { at: [0, 4], source: 0, line: 5, column: 2 },
      { at: [0, 6], source: 0, line: 4, column: 2 },
      { at: [1, 0], source: 0, line: 4, column: 2 },
    ]);
    assert.deepEqual([...info.statements().offset], [at(0, 0), at(0, 4), at(0, 6), at(1, 0)]);
    assert.deepEqual(info.status, { kind: "source-map" });
  });

  it("hold up to the next segment, and to no other function", async () => {
    const { info, at } = await open([{ at: [0, 2], source: 0, line: 4, column: 2 }, { at: [0, 6] }]);
    const lineAt = (body: number, instruction: number) => info.locate(at(body, instruction))?.line;
    assert.deepEqual(
      [0, 2, 5, 6].map((one) => lineAt(0, one)),
      [undefined, 4, 4, undefined],
    );
    assert.equal(lineAt(1, 0), undefined);
    assert.equal(info.lineKeyAt(at(0, 6)), 0);
    assert.equal(info.locate(at(0, 3))?.column, 2);
  });

  it("bind a breakpoint at every copy, and move it within the function alone", async () => {
    const { info, at, source } = await open([
      { at: [0, 0], source: 0, line: 4, column: 2 },
      { at: [0, 4], source: 0, line: 6, column: 2 },
      { at: [1, 0], source: 0, line: 4, column: 2 },
      { at: [1, 4], source: 0, line: 6, column: 2 },
    ]);
    const file = source("a.ts");
    assert.deepEqual(info.resolveLine(file, 4), { line: 4, points: [at(0, 0), at(1, 0)] });
    assert.deepEqual(info.resolveLine(file, 5), { line: 6, points: [at(0, 4), at(1, 4)] });
    assert.equal(info.resolveLine(file, 7), undefined);
    assert.deepEqual(info.linesWithCode(file, 0, 99), [4, 6]);
  });

  it("of a library count, to steps, as the line they were inlined into", async () => {
    const { info, at, source } = await open(
      [
        { at: [0, 0], source: 0, line: 4, column: 2 },
        { at: [0, 2], source: 1, line: 40, column: 0 },
        { at: [0, 4], source: 1, line: 41, column: 0 },
        { at: [0, 6], source: 0, line: 4, column: 9 },
        { at: [0, 8], source: 0, line: 5, column: 2 },
        { at: [1, 0], source: 1, line: 40, column: 0 },
        { at: [1, 2], source: 1, line: 41, column: 0 },
      ],
      { sources: ["a.ts", "~lib/b.ts"] },
    );
    const keys = [0, 2, 4, 6].map((one) => info.lineKeyAt(at(0, one)));
    assert.equal(new Set(keys).size, 1);
    assert.notEqual(info.lineKeyAt(at(0, 8)), keys[0]);
    assert.equal(info.locate(at(0, 2))?.source.path, "~lib/b.ts");
    assert.notEqual(info.lineKeyAt(at(1, 0)), info.lineKeyAt(at(1, 2)));
    const { offset, line } = info.statements();
    assert.deepEqual(
      [...offset].map((one, index) => line[index] === info.lineKeyAt(toModuleOffset(one))),
      new Array(offset.length).fill(true),
    );
    assert.deepEqual(info.resolveLine(source("~lib/b.ts"), 40)?.points, [at(0, 2), at(1, 0)]);
  });

  it("are those of a call that does not return up to the trap behind it", async () => {
    const module = readModule(
      new WasmBuilder()
        .type([])
        .func(0, [], nop, i32Const(1), 0x1a, call(0), unreachable, nop)
        .func(0, [], nop, 0x02, 0x40, unreachable, 0x0b)
        .build(),
    );
    const { info, at } = await open(
      [
        { at: [0, 0], source: 0, line: 4 },
        { at: [0, 1] },
        { at: [1, 0], source: 0, line: 8 },
        { at: [1, 1] },
      ],
      {},
      module,
    );
    assert.equal(info.locate(at(0, 6))?.line, 4);
    assert.equal(info.locate(at(1, 3)), undefined);
  });

  it("are said not to be about the code when none of them is", async () => {
    const module = twoFunctions();
    const sourceMap = await readSourceMap(mapText([{ offset: 3, source: 0 }]));
    const { status } = openInfo(module, { sourceMap }).info;
    assert.ok(status.kind === "none");
    assert.match(status.reason, /not about the module's code/);
    const empty = openInfo(module, { sourceMap: await readSourceMap(mapText([])) }).info;
    assert.ok(empty.status.kind === "none");
    assert.match(empty.status.reason, /says nothing about any code/);
  });

  it("that lie beyond what any file has are none", async () => {
    const { info, at } = await open([
      { at: [0, 0], source: 0, line: 2 ** 30 },
      { at: [0, 2], source: 0, line: 3 },
    ]);
    assert.equal(info.locate(at(0, 0)), undefined);
    assert.equal(info.locate(at(0, 2))?.line, 3);
  });

  it("begin, for a breakpoint, where the text declares the function", async () => {
    const lines = ["// above", "function one(", "  a: i32,", "): i32 {", "  return one(a);", "}"];
    const names = [1, sized(vec([u32(0), text("index/one")]))];
    const module = readModule(
      new WasmBuilder()
        .type([])
        .func(0, [], ...nops(10))
        .custom("name", names)
        .build(),
    );
    const { info, at, source } = await open(
      [{ at: [0, 0], source: 0, line: 4, column: 2 }],
      { sourcesContent: [lines.join("\n")] },
      module,
    );
    assert.deepEqual(info.resolveLine(source("a.ts"), 1), { line: 4, points: [at(0, 0)] });
    assert.deepEqual(info.resolveLine(source("a.ts"), 2)?.line, 4);
    assert.equal(info.resolveLine(source("a.ts"), 0), undefined);
  });
});

describe("a source map beside DWARF", () => {
  it("tells of those functions alone that the DWARF says nothing about", async () => {
    const module = readModule(fixture("steps", "dwarf5.O0").bytes);
    const alone = openInfo(module).info;
    const { code } = module;
    const segments = Array.from(code.bodyStarts, (start, body) => ({
      offset: start + 4,
      source: 0,
      line: body,
      column: 0,
    }));
    const sourceMap = await readSourceMap(mapText(segments, { sources: ["map.ts"] }));
    const both = openInfo(module, { sourceMap }).info;
    assert.equal(both.status.kind, "dwarf");
    let mapped = 0;
    for (const [body, start] of code.bodyStarts.entries()) {
      const info = alone.functionAt(toModuleOffset(start));
      const end = (code.bodyEnds[body] as number) - 1;
      const here = both.locate(toModuleOffset(end));
      if (info?.hasLines) {
        assert.deepEqual(here?.line, alone.locate(toModuleOffset(end))?.line);
        assert.notEqual(here?.source.path, "map.ts");
      } else if (start + 4 <= end && alone.locate(toModuleOffset(end)) === undefined) {
        mapped++;
        assert.deepEqual([here?.source.path, here?.line], ["map.ts", body]);
      }
    }
    assert.ok(mapped > 0);
    assert.equal(both.sources().filter(({ path }) => path === "map.ts").length, 1);
    for (const [index, { id }] of both.sources().entries()) assert.equal(id, index);
  });
});
