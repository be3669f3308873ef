import { anyArguments } from "../protocol/arguments.ts";
import { pauseProgram } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** Stops the program as soon as it can; `stopped` follows. Without effect on one that stands. */
export const pause = request("pause", {
  needs: "launched",
  arguments: anyArguments,
  urgent: true,
  async run(session) {
    await pauseProgram(session);
  },
});
