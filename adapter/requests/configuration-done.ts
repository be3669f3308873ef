import { anyArguments } from "../protocol/arguments.ts";
import { noteConfigurationDone } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** The client has set its breakpoints: the program starts, now or as soon as it is loaded. */
export const configurationDone = request("configurationDone", {
  needs: "initialized",
  arguments: anyArguments,
  capabilities: { supportsConfigurationDoneRequest: true },
  async run(session) {
    await noteConfigurationDone(session);
  },
});
