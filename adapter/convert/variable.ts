import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Variable } from "../../src/symbols/variable.ts";
import type { ClientFacts } from "../protocol/client.ts";
import { toCodeReference, toMemoryReference } from "./reference.ts";

/** What a value looks like wherever the protocol shows one: in a variable, or as the answer to an evaluation. */
export interface ClientValue {
  type?: string;
  variablesReference: number;
  namedVariables?: number;
  indexedVariables?: number;
  memoryReference?: string;
}

/** The parts of a value besides its text. `lend` gives a number for a variable that has children. */
export function toClientValue(
  client: ClientFacts,
  variable: Variable,
  lend: (variable: Variable) => number,
): ClientValue {
  const { type, named, indexed } = variable;
  const reference = referenceOf(variable);
  return {
    variablesReference: named + indexed > 0 ? lend(variable) : 0,
    ...(type !== undefined && client.supportsVariableType ? { type } : {}),
    ...(named > 0 ? { namedVariables: named } : {}),
    ...(indexed > 0 ? { indexedVariables: indexed } : {}),
    ...(reference !== undefined && client.supportsMemoryReferences ? { memoryReference: reference } : {}),
  };
}

function referenceOf({ codeReference, memoryReference, memoryIndex = 0 }: Variable): string | undefined {
  if (codeReference !== undefined) return toCodeReference(codeReference);
  return memoryReference === undefined ? undefined : toMemoryReference(memoryIndex, memoryReference);
}

/** A variable for the client. */
export function toClientVariable(
  client: ClientFacts,
  variable: Variable,
  lend: (variable: Variable) => number,
): DebugProtocol.Variable {
  const { name, value, evaluateName } = variable;
  return {
    name,
    value,
    ...toClientValue(client, variable, lend),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    presentationHint: toPresentationHint(variable),
  };
}

/** How the client may draw a value; `readOnly` also keeps it from offering to change it. */
export function toPresentationHint(variable: Variable): DebugProtocol.VariablePresentationHint {
  const attributes = [
    ...(variable.writable ? [] : ["readOnly"]),
    ...(variable.unavailable === undefined ? [] : ["failedEvaluation"]),
  ];
  return {
    kind: variable.kind === "virtual" ? "virtual" : "data",
    ...(attributes.length > 0 ? { attributes } : {}),
  };
}
