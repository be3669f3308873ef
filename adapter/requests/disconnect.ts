import { boolean, optional } from "../protocol/arguments.ts";
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
  async run({ lifecycle, client }, { terminateDebuggee = true }) {
    try {
      await (terminateDebuggee ? lifecycle.end() : lifecycle.detach());
    } finally {
      client.close();
    }
  },
});
