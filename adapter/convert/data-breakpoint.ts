import type { DebugProtocol } from "@vscode/debugprotocol";
import type { FoundData } from "../../src/debugger/debugger-types.ts";

/** A data breakpoint with the number the client knows it by. */
export interface ClientDataBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly message?: string;
  /** For an unverified one: whether it may still be verified in this session. */
  readonly pending: boolean;
}

/** What a data breakpoint stops for. */
export type DataMode = "write" | "change";

/** As `initialize` promises them: which writes count. */
export const dataModes: readonly (DebugProtocol.BreakpointMode & { readonly mode: DataMode })[] = [
  { mode: "write", label: "Every write", description: "Stops after every write", appliesTo: ["data"] },
  { mode: "change", label: "Changes", description: "Stops after writes that change it", appliesTo: ["data"] },
];

/** In front of the ids of what stops for changes alone. */
const changePrefix = "change ";

/** What a client calls something found, to set a breakpoint on it in a mode. */
const toDataId = (id: string, mode: DataMode): string => (mode === "change" ? changePrefix + id : id);

/** What a client's id means. */
export const fromDataId = (dataId: string): { readonly dataId: string; readonly changesOnly?: true } =>
  dataId.startsWith(changePrefix)
    ? { dataId: dataId.slice(changePrefix.length), changesOnly: true }
    : { dataId };

/** The answer to `dataBreakpointInfo`. */
export function toDataInfo(
  found: FoundData,
  mode: DataMode,
): DebugProtocol.DataBreakpointInfoResponse["body"] {
  if (found.kind === "refused") return { dataId: null, description: found.reason };
  const until = found.inFrame ? ", until its function returns" : "";
  const when = mode === "change" ? ", when it changes" : "";
  return {
    dataId: toDataId(found.id, mode),
    description: `${found.label}${when}${until}`,
    accessTypes: ["write"],
    canPersist: found.canPersist,
  };
}

export function toDataBreakpoint({
  id,
  verified,
  message,
  pending,
}: ClientDataBreakpoint): DebugProtocol.Breakpoint {
  return {
    ...{ id, verified },
    ...(message === undefined ? {} : { message }),
    ...(verified ? {} : { reason: pending ? "pending" : "failed" }),
  };
}
