import { integer, optional } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { beginStep, granularity } from "../session/stepping.ts";

/** Runs to the next line, over calls. Answered once the program runs; `stopped` follows when the step ends. */
export const next = request("next", {
  needs: "launched",
  arguments: { threadId: integer, granularity: optional(granularity) },
  capabilities: { supportsSteppingGranularity: true },
  async run(session, asked) {
    await beginStep(session, "over", asked);
  },
});
