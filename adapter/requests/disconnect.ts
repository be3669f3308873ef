import { boolean, optional } from "../protocol/arguments.ts";
import { detach, endSession } from "../session/end-session.ts";
import { request } from "../session/request.ts";

/**
 * Ends the session, and with it the program, unless `terminateDebuggee` is false: then that runs on, with nothing that stops it.
 * Answered when no process is left, or the program is on its own.
 */
export const disconnect = request("disconnect", {
  needs: "nothing",
  arguments: { terminateDebuggee: optional(boolean) },
  capabilities: { supportTerminateDebuggee: true },
  urgent: true,
  async run(session, { terminateDebuggee = true }) {
    try {
      await (terminateDebuggee ? endSession(session) : detach(session));
    } finally {
      session.client.close();
    }
  },
});
