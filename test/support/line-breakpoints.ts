import assert from "node:assert/strict";
import { toLineKey, toModuleOffset } from "../../src/base/brand.ts";
import { type CodeBlocks, straightCode } from "../../src/debuginfo/code-blocks.ts";
import type { InlinedCalls } from "../../src/debuginfo/debug-info.ts";
import { LineBreakpoints } from "../../src/debuginfo/line-breakpoints.ts";
import type { LineTable } from "../../src/debuginfo/line-table.ts";
import { collectStatements } from "../../src/debuginfo/statements.ts";
import { codeOf, lineTable, type RowSpec } from "./line-rows.ts";

/** Where a breakpoint on a line (from 1) goes. */
export function resolve(
  rows: readonly RowSpec[],
  line: number,
  bodies: readonly (readonly [number, number])[] = [[0, 100]],
  options: {
    readonly declared?: (body: number) => number | undefined;
    readonly source?: number;
    readonly calls?: readonly InlinedCallSpec[];
    readonly blocks?: CodeBlocks;
  } = {},
): { line: number; points: number[] } | undefined {
  const breakpoints = breakpointsIn(rows, bodies, options);
  const resolved = breakpoints.resolve(options.source ?? 0, line - 1);
  return resolved && { line: resolved.line + 1, points: [...resolved.points] };
}

/** A call inlined into the function with that number: the line (from 1) of `/a.c` it was made on, and where its code begins. */
export interface InlinedCallSpec {
  readonly body?: number;
  readonly line: number;
  readonly at: number;
  /** Behind its last byte; 20 bytes if absent. */
  readonly until?: number;
  readonly within?: "another";
}

/** The rules for the lines of `/a.c` and `/b.h`, from rows and what else is known of functions. */
export function breakpointsIn(
  rows: readonly RowSpec[],
  bodies: readonly (readonly [number, number])[],
  {
    declared = () => undefined,
    calls = [],
    blocks,
  }: {
    readonly declared?: (body: number) => number | undefined;
    readonly calls?: readonly InlinedCallSpec[];
    readonly blocks?: CodeBlocks;
  },
): LineBreakpoints {
  const table = lineTable(rows, ["/a.c", "/b.h"]);
  const code = codeOf(...bodies);
  return new LineBreakpoints(table, collectStatements(table, code), code, {
    declarationLine: declared,
    blocks: (body) => blocks ?? straightCode(bodies[body]?.[0] ?? 0, bodies[body]?.[1] ?? 0),
    inlinedCalls: (body) =>
      inlinedCalls(
        table,
        calls.filter((call) => (call.body ?? 0) === body),
      ),
  });
}

/** Calls as they are told of, each made by the function or by a call around all of its code that is told of nowhere. */
function inlinedCalls(table: LineTable, specs: readonly InlinedCallSpec[]): InlinedCalls | undefined {
  if (specs.length === 0) return undefined;
  const [source] = table.sources;
  assert.ok(source);
  const around = { parent: -1, from: 0, to: 1000, position: undefined, line: 0 };
  const calls = specs.map(({ line, at, within, until = at + 20 }) => ({
    parent: within === undefined ? -1 : specs.length,
    from: at,
    to: until,
    position: { source, line: line - 1, column: 4 },
    line: table.keys.keyOfAny(0, line - 1),
  }));
  const all = [...calls, ...(calls.some(({ parent }) => parent >= 0) ? [around] : [])];
  return {
    calls: all.map((call) => ({
      ...call,
      name: "called",
      from: toModuleOffset(call.from),
      to: toModuleOffset(call.to),
      line: toLineKey(call.line),
    })),
    callAt: (offset) => all.findIndex(({ from, to }) => offset >= from && offset < to),
  };
}
