import { integer, optional } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { beginStep, granularity } from "../session/stepping.ts";

/** Runs to the next line, into calls of functions that have a source, or into one of the `stepInTargets` alone. Answered once the program runs; `stopped` follows when the step ends. */
export const stepIn = request("stepIn", {
  needs: "launched",
  arguments: { threadId: integer, granularity: optional(granularity), targetId: optional(integer) },
  capabilities: { supportsSteppingGranularity: true },
  async run(session, asked) {
    await beginStep(session, "in", asked);
  },
});
