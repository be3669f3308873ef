import { integer } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { checkThread } from "../session/thread.ts";

/** Runs to the next line, over calls. Answered once the program runs; `stopped` follows when the step ends. */
export const next = request("next", {
  needs: "stopped",
  arguments: { threadId: integer },
  async run(session, { threadId }) {
    checkThread(threadId);
    await session.resume(() => session.debugger.step("over"));
  },
});
