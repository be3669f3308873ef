import { toClientValue, toPresentationHint } from "../convert/variable.ts";
import { integer, optional, string, valueFormat } from "../protocol/arguments.ts";
import { assign, findFrame } from "../session/evaluation.ts";
import { request } from "../session/request.ts";

/** Changes what an expression names, such as a watched `p->next->id`. */
export const setExpression = request("setExpression", {
  needs: "stopped",
  progress: "Changing a value",
  arguments: {
    expression: string,
    value: string,
    frameId: optional(integer),
    format: optional(valueFormat),
  },
  capabilities: { supportsSetExpression: true },
  async run(session, { expression, value, frameId, format }) {
    const frame = await findFrame(session, frameId);
    const changed = await assign(session, await session.debugger.evaluate(frame, expression), value);
    const shown = format?.hex === true ? await changed.asHex() : changed;
    return {
      value: shown.value,
      presentationHint: toPresentationHint(shown),
      ...toClientValue(session.facts, shown, (variable) => session.lend(variable)),
    };
  },
});
