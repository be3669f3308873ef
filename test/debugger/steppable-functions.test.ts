import assert from "node:assert/strict";
import { toFuncIndex, toModuleOffset } from "../../src/base/brand.ts";
import { SteppableFunctions } from "../../src/debugger/steppable-functions.ts";
import type { DebugInfo, FunctionInfo } from "../../src/debuginfo/debug-info.ts";

interface Spec {
  /** Source of the line it opens on, if it has one. */
  readonly opens?: string;
  /** Source of its one statement; without one it has no lines. */
  readonly statement?: string;
}

/** Functions of 100 bytes each, from 100 on; a statement stands in the middle. */
function steppable(specs: readonly Spec[], shown: (path: string) => boolean) {
  const paths = [...new Set(specs.flatMap(({ opens, statement }) => [opens ?? [], statement ?? []].flat()))];
  const specAt = (offset: number) => specs[Math.floor(offset / 100) - 1];
  const debugInfo = {
    statements: () => {
      const offset = specs.flatMap(({ statement }, at) => (statement === undefined ? [] : [100 * at + 150]));
      return { offset: Uint32Array.from(offset), line: new Uint32Array(offset.length) };
    },
    locate: (offset: number) => {
      const spec = specAt(offset);
      const path = offset % 100 < 50 ? spec?.opens : spec?.statement;
      return path === undefined
        ? undefined
        : { source: { id: paths.indexOf(path), path }, line: 0, column: 0 };
    },
    functionAt: (offset: number): FunctionInfo => {
      const at = Math.floor(offset / 100);
      const hasLines = specAt(offset)?.statement !== undefined;
      const range = { from: toModuleOffset(at * 100), to: toModuleOffset(at * 100 + 99) };
      return { index: toFuncIndex(at), name: "f", hasLines, ...range };
    },
  } as unknown as DebugInfo;
  let asked = 0;
  const functions = new SteppableFunctions(debugInfo, (path) => {
    asked++;
    return shown(path);
  });
  return { functions, debugInfo, asked: () => asked };
}

const ours = (path: string): boolean => path.startsWith("/src");

describe("the functions that steps go into", () => {
  it("are those with lines of a source that can be shown, neighbours joined", () => {
    const lib = { opens: "/lib/a.c", statement: "/lib/a.c" };
    const own = { opens: "/src/a.c", statement: "/src/a.c" };
    const { functions } = steppable([lib, own, {}, own, lib, own], ours);
    assert.deepEqual(functions.stretches, [
      { from: 200, to: 499 },
      { from: 600, to: 699 },
    ]);
  });

  it("are all with lines when no source can be shown", () => {
    const lib = { opens: "/lib/a.c", statement: "/lib/a.c" };
    assert.deepEqual(steppable([lib, {}, lib], ours).functions.stretches, [{ from: 100, to: 399 }]);
    assert.deepEqual(steppable([{}], ours).functions.stretches, []);
  });

  it("belong to the source they open in, whatever was inlined at their beginning", () => {
    const { functions, debugInfo } = steppable(
      [
        { opens: "/src/a.c", statement: "/lib/inline.h" },
        { opens: "/lib/a.c", statement: "/src/inline.h" },
        { statement: "/src/a.c" },
      ],
      ours,
    );
    const isShown = (offset: number) => {
      const info = debugInfo.functionAt(toModuleOffset(offset));
      return info && functions.isShown(info);
    };
    assert.deepEqual([isShown(100), isShown(200), isShown(300)], [true, false, true]);
  });

  it("ask about each source once", () => {
    const own = { opens: "/src/a.c", statement: "/src/a.c" };
    const { functions, asked } = steppable([own, own, own], ours);
    assert.equal(functions.stretches.length, 1);
    assert.equal(functions.stretches.length, 1);
    assert.equal(asked(), 1);
  });
});
