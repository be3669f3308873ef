import { fromClientPath } from "../convert/path.ts";
import { fromClientLine, toClientLine } from "../convert/position.ts";
import { integer, optional, source } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Lines between two that a breakpoint can take as they are. None for a source the program does not have. */
export const breakpointLocations = request("breakpointLocations", {
  needs: "launched",
  arguments: {
    source,
    line: integer,
    endLine: optional(integer),
  },
  capabilities: { supportsBreakpointLocationsRequest: true },
  async run(session, { source, line, endLine = line }) {
    const { facts, sources, launched } = session;
    const { debugInfo } = launched;
    const { path, sourceReference = 0 } = source;
    const file =
      sources.byReference(sourceReference) ??
      (path === undefined ? undefined : sources.byPath(debugInfo, fromClientPath(facts, path)));
    if (file === undefined) return { breakpoints: [] };
    const lines = debugInfo.linesWithCode(file, fromClientLine(facts, line), fromClientLine(facts, endLine));
    return { breakpoints: lines.map((one) => ({ line: toClientLine(facts, one) })) };
  },
});
