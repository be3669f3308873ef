import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import type { ClientFacts } from "../protocol/client.ts";
import { toClientColumn, toClientLine } from "./position.ts";
import { toCodeReference } from "./reference.ts";

/** Everything a frame's conversion needs to know besides the frame. */
export interface FrameFacts {
  readonly id: number;
  readonly name: string;
  readonly source: DebugProtocol.Source | undefined;
  readonly moduleId: number;
  /** Whether any frame of this program can have a source: without, none is worth less than another. */
  readonly hasSources: boolean;
  /** Whether it is code that nobody has asked to see: clients then show the frame behind it. */
  readonly isBackground?: boolean;
  /** Whether its code can be listed: of several modules, one's can. */
  readonly hasListing: boolean;
}

/** A frame for the client. Host frames are labels; frames without a source are subtle beside those that have one. */
export function toStackFrame(client: ClientFacts, frame: Frame, facts: FrameFacts): DebugProtocol.StackFrame {
  const { id, name, source, moduleId, hasSources, hasListing, isBackground = false } = facts;
  const { position, point, kind } = frame;
  const placed =
    position === undefined || source === undefined
      ? { line: 0, column: 0 }
      : {
          source: isBackground ? { ...source, presentationHint: "deemphasize" as const } : source,
          line: toClientLine(client, position.line),
          column: toClientColumn(client, position.column ?? 0),
        };
  return {
    id,
    name,
    ...placed,
    ...(kind === "host" ? {} : { moduleId }),
    ...(point === undefined || !hasListing
      ? {}
      : { instructionPointerReference: toCodeReference(point.offset) }),
    ...(kind === "host" ? { presentationHint: "label" } : {}),
    ...((kind === "no-source" && hasSources) || isBackground ? { presentationHint: "subtle" } : {}),
  };
}

/** A frame's name in the format asked for; `parameters` are the frame's, when the format wants any of them. */
export function toFrameName(
  name: string,
  format: DebugProtocol.StackFrameFormat,
  facts: {
    readonly parameters?: readonly Variable[];
    readonly module?: string;
    readonly line?: number;
  },
): string {
  const module = format.module === true && facts.module !== undefined ? `${facts.module}!` : "";
  const list = facts.parameters?.map((one) => toParameter(one, format)).join(", ");
  const line = format.line === true && facts.line !== undefined ? ` Line ${facts.line}` : "";
  return `${module}${name}${list === undefined ? "" : `(${list})`}${line}`;
}

/** Whether a format shows anything of the parameters. */
export const wantsParameters = (format: DebugProtocol.StackFrameFormat): boolean =>
  format.parameters === true;

function toParameter(parameter: Variable, format: DebugProtocol.StackFrameFormat): string {
  // With none of the three asked for, `parameters` alone means the usual `name=value`.
  const {
    parameterTypes: types = false,
    parameterNames: names = false,
    parameterValues: values = false,
  } = format;
  const plain = !types && !names && !values;
  const left = [
    ...(types && parameter.type !== undefined ? [parameter.type] : []),
    ...(names || plain ? [parameter.name] : []),
  ].join(" ");
  if (!values && !plain) return left;
  return left === "" ? parameter.value : `${left}=${parameter.value}`;
}
