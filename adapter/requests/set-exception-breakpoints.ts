import type { ExceptionRequest } from "../../src/debugger/debugger-types.ts";
import { exceptionFilters, isExceptionFilter } from "../convert/exception-filters.ts";
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
    const known = asked.flatMap(({ filterId: filter, condition }): ExceptionRequest[] =>
      isExceptionFilter(filter) ? [{ filter, ...(condition === undefined ? {} : { condition }) }] : [],
    );
    const problems = [...(await session.setExceptionFilters(known))];
    return {
      breakpoints: asked.map(({ filterId }) => {
        if (!isExceptionFilter(filterId)) return failed(`There is no exception filter "${filterId}".`);
        const problem = problems.shift();
        return problem === undefined ? { verified: true } : failed(problem);
      }),
    };
  },
});

const failed = (message: string) => ({ verified: false, message, reason: "failed" as const });
