import { anyArguments } from "../protocol/arguments.ts";
import { launchProgram } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/**
 * Loads the program. Answered as soon as it stands before its first instruction, never later:
 * several clients send `configurationDone` only after this answer. What is in the arguments is checked
 * with the launch configuration.
 */
export const launch = request("launch", {
  needs: "initialized",
  arguments: anyArguments,
  async run(session, configuration) {
    await launchProgram(session, configuration);
  },
});
