import { anyArguments } from "../protocol/arguments.ts";
import { terminateProgram } from "../session/end-session.ts";
import { request } from "../session/request.ts";

/** Asks the program to end, host functions it stands in included. Answered at once; `terminated` follows. */
export const terminate = request("terminate", {
  needs: "initialized",
  arguments: anyArguments,
  capabilities: { supportsTerminateRequest: true },
  urgent: true,
  async run(session) {
    terminateProgram(session);
  },
});
