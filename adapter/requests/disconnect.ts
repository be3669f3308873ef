import { anyArguments } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/**
 * Ends the session, and with it the program, whatever `terminateDebuggee` says: a program without its
 * debugger ends itself. Answered when no process is left.
 */
export const disconnect = request("disconnect", {
  needs: "nothing",
  arguments: anyArguments,
  urgent: true,
  async run({ lifecycle, client }) {
    try {
      await lifecycle.end();
    } finally {
      client.close();
    }
  },
});
