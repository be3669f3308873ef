import { toBehaviour } from "../convert/behaviour.ts";
import { toBreakpoint } from "../convert/breakpoint.ts";
import { arrayOf, object, optional, string } from "../protocol/arguments.ts";
import { onFunctions } from "../session/breakpoints.ts";
import { request } from "../session/request.ts";

const given = arrayOf(object({ name: string, condition: optional(string), hitCondition: optional(string) }));

/**
 * Replaces the breakpoints on functions: by name, qualified or not, with `*`, or a regular expression between slashes.
 * Each stops where its functions begin for their user, behind the prologue.
 */
export const setFunctionBreakpoints = request("setFunctionBreakpoints", {
  needs: "initialized",
  arguments: { breakpoints: given },
  capabilities: { supportsFunctionBreakpoints: true },
  async run(session, { breakpoints }) {
    const { facts, program } = session;
    const asked = breakpoints.map(({ name, ...behaviour }) => ({ line: 0, name, ...toBehaviour(behaviour) }));
    const waitingFor = program?.configuration.noDebug
      ? "The program runs without debugging."
      : "The program is not loaded yet.";
    const set = await session.breakpoints.set(onFunctions, asked, session.breakpointTarget, waitingFor);
    return {
      breakpoints: set.map((one) => {
        const source = one.source === undefined ? undefined : session.toSource(one.source);
        const { line, ...rest } = toBreakpoint(facts, one, source);
        return source === undefined ? rest : { ...rest, line: line ?? 1 };
      }),
    };
  },
});
