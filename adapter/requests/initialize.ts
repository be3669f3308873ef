import { boolean, optional, string } from "../protocol/arguments.ts";
import { toClientFacts } from "../protocol/client.ts";
import { request } from "../session/request.ts";

/** Begins the session: notes what the client can do and answers what all the handlers can. */
export const initialize = request("initialize", {
  needs: "nothing",
  arguments: {
    clientID: optional(string),
    linesStartAt1: optional(boolean),
    columnsStartAt1: optional(boolean),
    pathFormat: optional(string),
    supportsVariableType: optional(boolean),
    supportsVariablePaging: optional(boolean),
    supportsRunInTerminalRequest: optional(boolean),
    supportsMemoryReferences: optional(boolean),
    supportsInvalidatedEvent: optional(boolean),
    supportsMemoryEvent: optional(boolean),
    supportsProgressReporting: optional(boolean),
    supportsANSIStyling: optional(boolean),
  },
  capabilities: { supportsANSIStyling: true },
  async run(session, said) {
    return session.initialize(toClientFacts(said));
  },
});
