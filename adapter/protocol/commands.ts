import type { DebugProtocol } from "@vscode/debugprotocol";

/** The answer that carries nothing but success: what an asynchronous function without a result gives. */
export type Acknowledgement = Awaited<Promise<void>>;

/** One kind of request: its arguments, and what its answer carries if its `Response` has a body. */
interface Request<Arguments, Response extends { readonly body?: unknown } | undefined = undefined> {
  arguments: Arguments;
  body: Response extends { readonly body?: unknown } ? NonNullable<Response["body"]> : Acknowledgement;
}

/**
 * Every request a client can send, with its arguments and the body of its answer: the protocol's and some of our own.
 *
 * The list is the protocol's (1.68, the newest declarations on npm), not ours: a table indexed by
 * `Command` therefore has to say something about each, if only that it is not supported.
 */
export interface Requests {
  attach: Request<DebugProtocol.AttachRequestArguments>;
  breakpointLocations: Request<
    DebugProtocol.BreakpointLocationsArguments,
    DebugProtocol.BreakpointLocationsResponse
  >;
  cancel: Request<DebugProtocol.CancelArguments | undefined>;
  completions: Request<DebugProtocol.CompletionsArguments, DebugProtocol.CompletionsResponse>;
  configurationDone: Request<DebugProtocol.ConfigurationDoneArguments | undefined>;
  continue: Request<DebugProtocol.ContinueArguments, DebugProtocol.ContinueResponse>;
  dataBreakpointInfo: Request<
    DebugProtocol.DataBreakpointInfoArguments,
    DebugProtocol.DataBreakpointInfoResponse
  >;
  disassemble: Request<DebugProtocol.DisassembleArguments, DebugProtocol.DisassembleResponse>;
  disconnect: Request<DebugProtocol.DisconnectArguments | undefined>;
  evaluate: Request<DebugProtocol.EvaluateArguments, DebugProtocol.EvaluateResponse>;
  exceptionInfo: Request<DebugProtocol.ExceptionInfoArguments, DebugProtocol.ExceptionInfoResponse>;
  goto: Request<DebugProtocol.GotoArguments>;
  gotoTargets: Request<DebugProtocol.GotoTargetsArguments, DebugProtocol.GotoTargetsResponse>;
  initialize: Request<DebugProtocol.InitializeRequestArguments, DebugProtocol.InitializeResponse>;
  launch: Request<DebugProtocol.LaunchRequestArguments>;
  loadedSources: Request<
    DebugProtocol.LoadedSourcesArguments | undefined,
    DebugProtocol.LoadedSourcesResponse
  >;
  locations: Request<DebugProtocol.LocationsArguments, DebugProtocol.LocationsResponse>;
  modules: Request<DebugProtocol.ModulesArguments, DebugProtocol.ModulesResponse>;
  next: Request<DebugProtocol.NextArguments>;
  pause: Request<DebugProtocol.PauseArguments>;
  readMemory: Request<DebugProtocol.ReadMemoryArguments, DebugProtocol.ReadMemoryResponse>;
  restart: Request<DebugProtocol.RestartArguments | undefined>;
  restartFrame: Request<DebugProtocol.RestartFrameArguments>;
  /** Our own: restarts with something that the program was not launched with. */
  restartWith: Request<{ readonly option: "dataBreakpoints" | "instructionStepping" }>;
  reverseContinue: Request<DebugProtocol.ReverseContinueArguments>;
  /** Our own: writes a coredump of the stop. */
  saveCoredump: Request<
    { readonly path?: string } | undefined,
    { readonly body: { readonly path: string; readonly sizeBytes: number } }
  >;
  scopes: Request<DebugProtocol.ScopesArguments, DebugProtocol.ScopesResponse>;
  setBreakpoints: Request<DebugProtocol.SetBreakpointsArguments, DebugProtocol.SetBreakpointsResponse>;
  setDataBreakpoints: Request<
    DebugProtocol.SetDataBreakpointsArguments,
    DebugProtocol.SetDataBreakpointsResponse
  >;
  setExceptionBreakpoints: Request<
    DebugProtocol.SetExceptionBreakpointsArguments,
    DebugProtocol.SetExceptionBreakpointsResponse
  >;
  setExpression: Request<DebugProtocol.SetExpressionArguments, DebugProtocol.SetExpressionResponse>;
  setFunctionBreakpoints: Request<
    DebugProtocol.SetFunctionBreakpointsArguments,
    DebugProtocol.SetFunctionBreakpointsResponse
  >;
  setInstructionBreakpoints: Request<
    DebugProtocol.SetInstructionBreakpointsArguments,
    DebugProtocol.SetInstructionBreakpointsResponse
  >;
  setVariable: Request<DebugProtocol.SetVariableArguments, DebugProtocol.SetVariableResponse>;
  source: Request<DebugProtocol.SourceArguments, DebugProtocol.SourceResponse>;
  stackTrace: Request<DebugProtocol.StackTraceArguments, DebugProtocol.StackTraceResponse>;
  stepBack: Request<DebugProtocol.StepBackArguments>;
  stepIn: Request<DebugProtocol.StepInArguments>;
  stepInTargets: Request<DebugProtocol.StepInTargetsArguments, DebugProtocol.StepInTargetsResponse>;
  stepOut: Request<DebugProtocol.StepOutArguments>;
  terminate: Request<DebugProtocol.TerminateArguments | undefined>;
  terminateThreads: Request<DebugProtocol.TerminateThreadsArguments>;
  threads: Request<undefined, DebugProtocol.ThreadsResponse>;
  variables: Request<DebugProtocol.VariablesArguments, DebugProtocol.VariablesResponse>;
  writeMemory: Request<DebugProtocol.WriteMemoryArguments, DebugProtocol.WriteMemoryResponse>;
}

/** The name of a request. */
export type Command = keyof Requests;
/** What a client sends along, as the protocol types it. */
export type ArgumentsOf<C extends Command> = Requests[C]["arguments"];
/** What the answer carries; nothing for a bare acknowledgement. */
export type BodyOf<C extends Command> = Requests[C]["body"];
