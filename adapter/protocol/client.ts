import type { DebugProtocol } from "@vscode/debugprotocol";

/** What a client said about itself in `initialize`, with the protocol's defaults filled in. */
export interface ClientFacts {
  readonly linesStartAt1: boolean;
  readonly columnsStartAt1: boolean;
  readonly pathFormat: "path" | "uri";
  readonly supportsVariableType: boolean;
  readonly supportsVariablePaging: boolean;
  readonly supportsRunInTerminalRequest: boolean;
  readonly supportsMemoryReferences: boolean;
  readonly supportsInvalidatedEvent: boolean;
  readonly supportsMemoryEvent: boolean;
  readonly supportsProgressReporting: boolean;
  readonly supportsANSIStyling: boolean;
  /**
   * It takes a thread that starts anew for the one its user looks at, and goes to no stop of it before it hears that it
   * runs. Helix does, version 25.07.1.
   */
  readonly takesStartedForStopped: boolean;
  /** It counts a cursor's column from 0 where it asks for completions, whatever it said of columns. Zed does, version 1.15. */
  readonly completesFromColumn0: boolean;
  /** It neither shows why the program stopped nor asks for it. Zed does so, version 1.15. */
  readonly showsNoReasons: boolean;
}

/** What a client does without saying so, known by who it is. */
type Habit = "takesStartedForStopped" | "completesFromColumn0" | "showsNoReasons";

/** What a client says, as far as it matters here. */
type Said = Partial<
  Pick<DebugProtocol.InitializeRequestArguments, "clientID" | Exclude<keyof ClientFacts, Habit>>
>;

/** Fills in the defaults. */
export function toClientFacts(said: Said): ClientFacts {
  return {
    linesStartAt1: said.linesStartAt1 ?? true,
    columnsStartAt1: said.columnsStartAt1 ?? true,
    pathFormat: said.pathFormat === "uri" ? "uri" : "path",
    supportsVariableType: said.supportsVariableType ?? false,
    supportsVariablePaging: said.supportsVariablePaging ?? false,
    supportsRunInTerminalRequest: said.supportsRunInTerminalRequest ?? false,
    supportsMemoryReferences: said.supportsMemoryReferences ?? false,
    supportsInvalidatedEvent: said.supportsInvalidatedEvent ?? false,
    supportsMemoryEvent: said.supportsMemoryEvent ?? false,
    supportsProgressReporting: said.supportsProgressReporting ?? false,
    supportsANSIStyling: said.supportsANSIStyling ?? false,
    takesStartedForStopped: said.clientID === "hx",
    completesFromColumn0: said.clientID === "zed",
    showsNoReasons: said.clientID === "zed",
  };
}
