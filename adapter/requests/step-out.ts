import { integer } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { checkThread } from "../session/thread.ts";

/** Runs until the function has returned to its caller. Answered once the program runs; `stopped` follows when the step ends. */
export const stepOut = request("stepOut", {
  needs: "stopped",
  arguments: { threadId: integer },
  async run(session, { threadId }) {
    checkThread(threadId);
    await session.resume(() => session.debugger.step("out"));
  },
});
