import { toClientColumn, toClientLine } from "../convert/position.ts";
import { integer } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** The calls of the line that the program stands on, each to be stepped into alone. Of an outer frame there are none. */
export const stepInTargets = request("stepInTargets", {
  needs: "stopped",
  progress: "Looking up calls",
  arguments: { frameId: integer },
  capabilities: { supportsStepInTargetsRequest: true },
  async run(session, { frameId }) {
    const frame = session.frames.find(frameId);
    if (frame.index !== 0) return { targets: [] };
    const { facts, launched, debugger: core } = session;
    const targets = await core.stepTargets();
    return {
      targets: targets.map((target) => {
        const position = launched.debugInfo.locate(target.call);
        return {
          id: session.stepTargets.lend(target),
          label: target.name,
          ...(position === undefined ? {} : { line: toClientLine(facts, position.line) }),
          ...(position?.column === undefined ? {} : { column: toClientColumn(facts, position.column) }),
        };
      }),
    };
  },
});
