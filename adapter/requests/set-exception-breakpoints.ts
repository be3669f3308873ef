import { exceptionFilters, toExceptionRequests } from "../convert/exception-filters.ts";
import { arrayOf, object, optional, string } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

const options = arrayOf(object({ filterId: string, condition: optional(string) }));

/**
 * Chooses which traps, exceptions and ends stop the program; the others take their course. Without this request all that
 * ends it stops it.
 */
export const setExceptionBreakpoints = request("setExceptionBreakpoints", {
  needs: "initialized",
  arguments: { filters: optional(arrayOf(string)), filterOptions: optional(options) },
  capabilities: {
    exceptionBreakpointFilters: [...exceptionFilters],
    supportsExceptionFilterOptions: true,
  },
  async run(session, { filters = [], filterOptions = [] }) {
    const asked: readonly { readonly filterId: string; readonly condition?: string }[] = [
      ...filters.map((filterId) => ({ filterId })),
      ...filterOptions,
    ];
    const meant = asked.map(({ filterId, condition }) => toExceptionRequests(filterId, condition));
    const requests = meant.flatMap((one) => ("problem" in one ? [] : one));
    const problems = [...(await session.setExceptionFilters(requests))];
    return {
      breakpoints: meant.map((one) => {
        const problem =
          "problem" in one
            ? one.problem
            : problems.splice(0, one.length).find((found) => found !== undefined);
        return problem === undefined ? { verified: true } : failed(problem);
      }),
    };
  },
});

const failed = (message: string) => ({ verified: false, message, reason: "failed" as const });
