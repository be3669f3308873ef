import { anyArguments, optional } from "../protocol/arguments.ts";
import { restartProgram } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** Runs the program anew, from its file as it is now, with the same breakpoints; with another configuration if one comes along. */
export const restart = request("restart", {
  needs: "launched",
  arguments: { arguments: optional(anyArguments) },
  capabilities: { supportsRestartRequest: true },
  async run(session, { arguments: configuration }) {
    await restartProgram(session, configuration);
  },
});
