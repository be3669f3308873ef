import type { Scope } from "../../src/symbols/variable.ts";
import { integer } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** What the protocol calls each kind of scope; clients draw by it. */
const hints: Record<Scope["kind"], string> = {
  locals: "locals",
  arguments: "arguments",
  globals: "globals",
  wasm: "registers",
};

/** The groups of variables a frame has, which are none once the program has left it. Reads none of them. */
export const scopes = request("scopes", {
  needs: "launched",
  cancellable: true,
  progress: "Reading scopes",
  arguments: { frameId: integer },
  async run(session, { frameId }) {
    if (session.frames.hasLapsed(frameId)) return { scopes: [] };
    session.check("stopped");
    const found = await session.debugger.scopes(session.frames.find(frameId));
    return {
      scopes: found.map(({ kind, name, expensive, variables }) => ({
        name,
        presentationHint: hints[kind],
        expensive,
        variablesReference: session.lend(variables),
        namedVariables: variables.named,
        indexedVariables: variables.indexed,
      })),
    };
  },
});
