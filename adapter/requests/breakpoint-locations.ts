import type { LineColumn } from "../../src/debuginfo/debug-info.ts";
import { fromClientPath } from "../convert/path.ts";
import { fromClientColumn, fromClientLine, toClientColumn, toClientLine } from "../convert/position.ts";
import { integer, optional, source } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Lines and columns between two places that a breakpoint can take as they are. None for a source the program does not have. */
export const breakpointLocations = request("breakpointLocations", {
  needs: "launched",
  arguments: {
    source,
    line: integer,
    column: optional(integer),
    endLine: optional(integer),
    endColumn: optional(integer),
  },
  capabilities: { supportsBreakpointLocationsRequest: true },
  async run(session, { source, line, column, endLine = line, endColumn }) {
    const { facts, sources, launched } = session;
    const { debugInfo } = launched;
    const { path, sourceReference = 0 } = source;
    const file =
      sources.byReference(sourceReference) ??
      (path === undefined ? undefined : sources.byPath(debugInfo, fromClientPath(facts, path)));
    if (file === undefined) return { breakpoints: [] };
    const [first, last] = [fromClientLine(facts, line), fromClientLine(facts, endLine)];
    const positions: readonly LineColumn[] =
      debugInfo.positionsWithCode?.(file, first, last) ??
      debugInfo.linesWithCode(file, first, last).map((line) => ({ line, column: undefined }));
    const from = column === undefined ? 0 : fromClientColumn(facts, column);
    const to = endColumn === undefined ? Number.POSITIVE_INFINITY : fromClientColumn(facts, endColumn);
    return {
      breakpoints: positions
        .filter(({ line, column = 0 }) => (line > first || column >= from) && (line < last || column <= to))
        .map((one) => ({
          line: toClientLine(facts, one.line),
          ...(one.column === undefined ? {} : { column: toClientColumn(facts, one.column) }),
        })),
    };
  },
});
