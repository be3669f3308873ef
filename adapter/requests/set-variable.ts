import type { Variable } from "../../src/symbols/variable.ts";
import { toClientValue } from "../convert/variable.ts";
import { integer, optional, string, valueFormat } from "../protocol/arguments.ts";
import { noSuchVariable } from "../session/errors.ts";
import { assign } from "../session/evaluation.ts";
import { request } from "../session/request.ts";
import type { VariableContainer } from "../session/session.ts";

/** Changes a variable the client sees, by its name where it saw it. */
export const setVariable = request("setVariable", {
  needs: "stopped",
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

/** One the client was shown, or else the one it would be shown under that name. */
async function findChild({ variable, shown }: VariableContainer, name: string): Promise<Variable> {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  const found =
    shown.get(name) ??
    (await variable.children("named", 0, variable.named)).find((child) => child.name === name) ??
    (index !== undefined && Number(index) < variable.indexed
      ? (await variable.children("indexed", Number(index), 1))[0]
      : undefined);
  if (found === undefined) throw noSuchVariable(name);
  return found;
}
