import { anyArguments } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/**
 * Accepts what it is given: there are no filters to choose from, a program always stops at traps and at
 * exceptions nobody catches. Some clients send this request even so, to end their configuration.
 */
export const setExceptionBreakpoints = request("setExceptionBreakpoints", {
  needs: "initialized",
  arguments: anyArguments,
  async run() {
    return {};
  },
});
