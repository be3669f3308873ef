import { toBehaviour } from "../convert/behaviour.ts";
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
    const asked = breakpoints.map(({ name, ...behaviour }) => ({ line: 0, name, ...toBehaviour(behaviour) }));
    const set = await session.breakpoints.set(
      onFunctions,
      asked,
      session.breakpointTarget,
      session.waitingFor,
    );
    return {
      breakpoints: set.map((one) => {
        const { line = 1, ...rest } = session.toBreakpoint(one);
        return rest.source === undefined ? rest : { ...rest, line };
      }),
    };
  },
});
