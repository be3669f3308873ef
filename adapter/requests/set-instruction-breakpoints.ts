import { toBehaviour } from "../convert/behaviour.ts";
import { fromReference } from "../convert/reference.ts";
import { arrayOf, integer, object, optional, string } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

const given = arrayOf(
  object({
    instructionReference: string,
    offset: optional(integer),
    condition: optional(string),
    hitCondition: optional(string),
  }),
);

/**
 * Replaces the breakpoints on instructions. The program can be stopped where statements begin; one that is elsewhere is
 * answered with the reason.
 */
export const setInstructionBreakpoints = request("setInstructionBreakpoints", {
  needs: "initialized",
  arguments: {
    breakpoints: given,
  },
  capabilities: { supportsInstructionBreakpoints: true },
  async run(session, { breakpoints }) {
    const asked = breakpoints.map(({ instructionReference, offset, condition, hitCondition }) => ({
      place: fromReference(instructionReference, offset),
      ...toBehaviour({
        ...(condition === undefined ? {} : { condition }),
        ...(hitCondition === undefined ? {} : { hitCondition }),
      }),
    }));
    const set = await session.instructionBreakpoints.set(
      asked,
      session.instructionTarget,
      session.waitingFor,
    );
    return { breakpoints: set.map((one) => session.toInstructionBreakpoint(one)) };
  },
});
