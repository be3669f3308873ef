import { oneOf } from "../protocol/arguments.ts";
import { restartProgramWith } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";
import { restartOptions } from "../session/restart-options.ts";

const known = oneOf("dataBreakpoints", "instructionStepping");

/**
 * Runs the program anew with an option that it was not launched with, breakpoints kept: not of the protocol, for commands of
 * editors.
 */
export const restartWith = request("restartWith", {
  needs: "launched",
  arguments: { option: known },
  async run(session, { option }) {
    await restartProgramWith(session, restartOptions[option].change);
  },
});
