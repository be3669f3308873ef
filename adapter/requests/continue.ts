import { anyArguments } from "../protocol/arguments.ts";
import { startProgram } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** Lets the program run on; one that has just done so anyway. Starts one that waits for a `configurationDone` its client never sends. */
export const continueRequest = request("continue", {
  needs: "launched",
  arguments: anyArguments,
  async run(session) {
    if (session.program?.started !== true) await startProgram(session);
    else if (session.goesOnBy === undefined) {
      session.check("stopped");
      await session.resume("continue", () => session.debugger.continue());
    }
    return { allThreadsContinued: true };
  },
});
