import type { DebugProtocol } from "@vscode/debugprotocol";
import { toBehaviour } from "../convert/behaviour.ts";
import { fromClientPath } from "../convert/path.ts";
import { fromClientColumn, fromClientLine } from "../convert/position.ts";
import { arrayOf, integer, object, optional, source, string } from "../protocol/arguments.ts";
import type { AskedBreakpoint } from "../session/breakpoints.ts";
import { badArguments, noSuchSource } from "../session/errors.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";

/**
 * Replaces the breakpoints of one source, whether the program runs, stands or is not there yet.
 * Those that come before the program are kept for it, and a `breakpoint` event says where they went.
 */
export const setBreakpoints = request("setBreakpoints", {
  needs: "initialized",
  arguments: {
    source,
    breakpoints: optional(
      arrayOf(
        object({
          line: integer,
          column: optional(integer),
          condition: optional(string),
          hitCondition: optional(string),
          logMessage: optional(string),
        }),
      ),
    ),
    lines: optional(arrayOf(integer)),
  },
  capabilities: {
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
  },
  async run(session, { source, breakpoints, lines = [] }) {
    const path = pathOf(session, source);
    const asked = (breakpoints ?? lines.map((line) => ({ line }))).map((one) => toAsked(session, one));
    const set = await session.breakpoints.set(path, asked, session.breakpointTarget, session.waitingFor);
    for (const { source } of set) if (source !== undefined) session.sources.recognise(source, path);
    return { breakpoints: set.map((one) => session.toBreakpoint(one)) };
  },
});

type Given = Pick<
  DebugProtocol.SourceBreakpoint,
  "line" | "column" | "condition" | "hitCondition" | "logMessage"
>;

function toAsked(session: Session, { line, column, ...behaviour }: Given): AskedBreakpoint {
  const { facts } = session;
  return {
    line: fromClientLine(facts, line),
    ...(column === undefined ? {} : { column: fromClientColumn(facts, column) }),
    ...toBehaviour(behaviour),
  };
}

/** A source the client has no file for comes back by its number; its path is the one in the debug info. */
function pathOf(session: Session, source: { path?: string; sourceReference?: number }): string {
  const { path, sourceReference = 0 } = source;
  const file = sourceReference > 0 ? session.sources.byReference(sourceReference) : undefined;
  // A number of an earlier session may mean another source in this one; the path that comes with it does not change.
  const given = path === undefined ? undefined : fromClientPath(session.facts, path);
  if (file !== undefined && (given === undefined || given === file.path)) return file.path;
  if (given !== undefined) return given;
  throw sourceReference > 0
    ? noSuchSource(sourceReference)
    : badArguments("setBreakpoints", "`source` has neither a path nor a sourceReference.");
}
