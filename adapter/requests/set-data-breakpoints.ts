import { fromDataId, toDataBreakpoint } from "../convert/data-breakpoint.ts";
import { arrayOf, object, oneOf, optional, string } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { offerRestart } from "../session/restart-offers.ts";

const given = arrayOf(
  object({
    dataId: string,
    accessType: optional(oneOf("read", "write", "readWrite")),
    condition: optional(string),
    hitCondition: optional(string),
  }),
);

/** Replaces the data breakpoints. A program that was not launched for them is offered to be restarted. */
export const setDataBreakpoints = request("setDataBreakpoints", {
  needs: "initialized",
  arguments: { breakpoints: given },
  async run(session, { breakpoints }) {
    const asked = breakpoints.map(({ dataId, accessType = "write", condition, hitCondition }) => ({
      ...fromDataId(dataId),
      ...(condition ? { condition } : {}),
      ...(hitCondition ? { hitCondition } : {}),
      ...(accessType === "write" ? {} : { refused: onlyWrites }),
    }));
    const set = await session.dataBreakpoints.set(asked, session.dataTarget, session.waitingFor);
    if (set.needsRestart) offerRestart(session, "dataBreakpoints");
    return { breakpoints: set.breakpoints.map(toDataBreakpoint) };
  },
});

const onlyWrites = "Only writes can be stopped at: nothing tells when memory is read.";
