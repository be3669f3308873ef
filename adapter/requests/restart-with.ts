import { oneOf } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";
import { restartOptions } from "../session/restart-offers.ts";

const known = oneOf("dataBreakpoints", "instructionStepping");

/**
 * Runs the program anew with an option that it was not launched with, breakpoints kept: not of the protocol, for commands of
 * editors.
 */
export const restartWith = request("restartWith", {
  needs: "launched",
  arguments: { option: known },
  async run({ lifecycle }, { option }) {
    await lifecycle.restartWith(restartOptions[option].change);
  },
});
