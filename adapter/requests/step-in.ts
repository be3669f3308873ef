import { integer } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { checkThread } from "../session/thread.ts";

/** Runs to the next line, into calls of functions that have a source. Answered once the program runs; `stopped` follows when the step ends. */
export const stepIn = request("stepIn", {
  needs: "stopped",
  arguments: { threadId: integer },
  async run(session, { threadId }) {
    checkThread(threadId);
    await session.resume(() => session.debugger.step("in"));
  },
});
