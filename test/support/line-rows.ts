import { toModuleOffset } from "../../src/base/brand.ts";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import { LineKeys, type LineTable, RowFlag } from "../../src/debuginfo/line-table.ts";
import type { CodeSection } from "../../src/wasm/sections/code.ts";

/** A row of a line table: where, which line (from 1, 0 for none), and what else is not as usual. */
export interface RowSpec {
  readonly at: number;
  readonly line: number;
  /** From 1; by default 5. */
  readonly column?: number;
  /** By default the first. */
  readonly source?: number;
  /** `is_stmt`, which is the default; `false` for a row that is none. */
  readonly stmt?: boolean;
  readonly prologueEnd?: boolean;
}

/** A line table of these rows, in order. */
export function lineTable(rows: readonly RowSpec[], paths: readonly string[] = ["/a.c"]): LineTable {
  const sources = paths.map((path, id): SourceFile => ({ id, path }));
  const highest = paths.map((_, id) =>
    Math.max(0, ...rows.filter(({ source = 0 }) => source === id).map(({ line }) => line - 1)),
  );
  const keys = new LineKeys(highest);
  return {
    sources,
    keys,
    offset: Uint32Array.from(rows, ({ at }) => at),
    line: Uint32Array.from(rows, ({ line, source = 0 }) => (line === 0 ? 0 : keys.keyOf(source, line - 1))),
    column: Uint32Array.from(rows, ({ column = 5 }) => column),
    flags: Uint8Array.from(
      rows,
      ({ stmt = true, prologueEnd = false }) =>
        (stmt ? RowFlag.isStmt : 0) | (prologueEnd ? RowFlag.prologueEnd : 0),
    ),
  };
}

/** A code section with function bodies `[start, end)`. */
export function codeOf(...bodies: readonly (readonly [start: number, end: number])[]): CodeSection {
  return {
    start: toModuleOffset(0),
    end: toModuleOffset(bodies.at(-1)?.[1] ?? 0),
    entriesStart: toModuleOffset(0),
    count: bodies.length,
    bodyStarts: Uint32Array.from(bodies, ([start]) => start),
    bodyEnds: Uint32Array.from(bodies, ([, end]) => end),
  };
}
