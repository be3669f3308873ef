import { exceptionFilters, isExceptionFilter } from "../convert/exception-filters.ts";
import { arrayOf, object, optional, string } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

const options = arrayOf(object({ filterId: string }));

/** Chooses which traps and exceptions stop the program; the others end it. Without this request all of them stop it. */
export const setExceptionBreakpoints = request("setExceptionBreakpoints", {
  needs: "initialized",
  arguments: { filters: optional(arrayOf(string)), filterOptions: optional(options) },
  capabilities: { exceptionBreakpointFilters: [...exceptionFilters] },
  async run(session, { filters = [], filterOptions = [] }) {
    const asked = [...filters, ...filterOptions.map(({ filterId }) => filterId)];
    session.setExceptionFilters(new Set(asked.filter(isExceptionFilter)));
    return {
      breakpoints: asked.map((filter) =>
        isExceptionFilter(filter)
          ? { verified: true }
          : { verified: false, message: `There is no exception filter "${filter}".`, reason: "failed" },
      ),
    };
  },
});
