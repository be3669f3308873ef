import { anyArguments } from "../protocol/arguments.ts";
import { startProgram } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** Lets the program run on. Starts one that waits for a `configurationDone` its client never sends. */
export const continueRequest = request("continue", {
  needs: "launched",
  arguments: anyArguments,
  async run(session) {
    if (session.program?.started !== true) await startProgram(session);
    else {
      session.check("stopped");
      await session.resume(() => session.debugger.continue());
    }
    return { allThreadsContinued: true };
  },
});
