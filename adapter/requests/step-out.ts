import { integer, optional } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { beginStep, granularity } from "../session/stepping.ts";

/** Runs until the function has returned to its caller. Answered once the program runs; `stopped` follows when the step ends. */
export const stepOut = request("stepOut", {
  needs: "launched",
  arguments: { threadId: integer, granularity: optional(granularity) },
  capabilities: { supportsSteppingGranularity: true },
  async run(session, asked) {
    await beginStep(session, "out", asked);
  },
});
