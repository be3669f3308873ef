import { toClientValue } from "../convert/variable.ts";
import { integer, optional, string, valueFormat } from "../protocol/arguments.ts";
import { assign, findChild } from "../session/evaluation.ts";
import { request } from "../session/request.ts";

/** Changes a variable the client sees, by its name where it saw it. */
export const setVariable = request("setVariable", {
  needs: "stopped",
  progress: "Changing a variable",
  arguments: {
    variablesReference: integer,
    name: string,
    value: string,
    format: optional(valueFormat),
  },
  capabilities: { supportsSetVariable: true },
  async run(session, { variablesReference, name, value, format }) {
    const container = session.values.find(variablesReference);
    const changed = await assign(session, await findChild(container, name), value);
    container.shown.set(name, changed);
    const shown = format?.hex === true ? await changed.asHex() : changed;
    return {
      value: shown.value,
      ...toClientValue(session.facts, shown, (variable) => session.lend(variable)),
    };
  },
});
