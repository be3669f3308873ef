import type { DebugProtocol } from "@vscode/debugprotocol";
import { shortName } from "../../src/demangle/short-name.ts";
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
  const value: ClientValue = { variablesReference: 0 };
  describeValue(value, client, variable, lend);
  return value;
}

/** Says of a value what there is to say: in place, since many are shown at every stop. */
function describeValue(
  value: ClientValue,
  client: ClientFacts,
  variable: Variable,
  lend: (variable: Variable) => number,
): void {
  const { named, indexed } = variable;
  const type = client.supportsVariableType ? typeOf(variable) : undefined;
  const reference = client.supportsMemoryReferences ? referenceOf(variable) : undefined;
  if (named + indexed > 0) value.variablesReference = lend(variable);
  if (type !== undefined) value.type = type;
  if (named > 0) value.namedVariables = named;
  if (indexed > 0) value.indexedVariables = indexed;
  if (reference !== undefined) value.memoryReference = reference;
}

/**
 * A type's name with less in it to read: that of a value of a library is hundreds of characters long. Whoever opens
 * `[raw]` wants to know it all.
 */
function typeOf({ name, type }: Variable): string | undefined {
  if (type === undefined || name === "[raw]") return type;
  let short = shortTypes.get(type);
  if (short === undefined) {
    short = shortName(type);
    if (shortTypes.size >= mostShortTypes) shortTypes.clear();
    shortTypes.set(type, short);
  }
  return short;
}

/** The same few types are shown at stop after stop; forgotten, all at once, when there are many. */
const shortTypes = new Map<string, string>();
const mostShortTypes = 500;

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
  const shown: DebugProtocol.Variable = { name, value, variablesReference: 0 };
  describeValue(shown, client, variable, lend);
  if (evaluateName !== undefined) shown.evaluateName = evaluateName;
  shown.presentationHint = toPresentationHint(variable);
  return shown;
}

/** How the client may draw a value; `readOnly` also keeps it from offering to change it. */
export function toPresentationHint(variable: Variable): DebugProtocol.VariablePresentationHint {
  const hint: DebugProtocol.VariablePresentationHint = {
    kind: variable.kind === "virtual" ? "virtual" : "data",
  };
  if (variable.writable) return hint;
  hint.attributes = variable.unavailable === undefined ? ["readOnly"] : ["readOnly", "failedEvaluation"];
  return hint;
}
