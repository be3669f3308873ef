import type { DebugProtocol } from "@vscode/debugprotocol";

/** The answer that carries nothing but success: what an asynchronous function without a result gives. */
export type Acknowledgement = Awaited<Promise<void>>;

/**
 * Every request a client can send, with its arguments and the body of its answer: the protocol's and some of our own.
 *
 * The list is the protocol's (1.68, the newest declarations on npm), not ours: a table indexed by
 * `Command` therefore has to say something about each, if only that it is not supported.
 */
export interface Requests {
  attach: { arguments: DebugProtocol.AttachRequestArguments; body: Acknowledgement };
  breakpointLocations: {
    arguments: DebugProtocol.BreakpointLocationsArguments;
    body: NonNullable<DebugProtocol.BreakpointLocationsResponse["body"]>;
  };
  cancel: { arguments: DebugProtocol.CancelArguments | undefined; body: Acknowledgement };
  completions: {
    arguments: DebugProtocol.CompletionsArguments;
    body: NonNullable<DebugProtocol.CompletionsResponse["body"]>;
  };
  configurationDone: {
    arguments: DebugProtocol.ConfigurationDoneArguments | undefined;
    body: Acknowledgement;
  };
  continue: {
    arguments: DebugProtocol.ContinueArguments;
    body: NonNullable<DebugProtocol.ContinueResponse["body"]>;
  };
  dataBreakpointInfo: {
    arguments: DebugProtocol.DataBreakpointInfoArguments;
    body: NonNullable<DebugProtocol.DataBreakpointInfoResponse["body"]>;
  };
  disassemble: {
    arguments: DebugProtocol.DisassembleArguments;
    body: NonNullable<DebugProtocol.DisassembleResponse["body"]>;
  };
  disconnect: { arguments: DebugProtocol.DisconnectArguments | undefined; body: Acknowledgement };
  evaluate: {
    arguments: DebugProtocol.EvaluateArguments;
    body: NonNullable<DebugProtocol.EvaluateResponse["body"]>;
  };
  exceptionInfo: {
    arguments: DebugProtocol.ExceptionInfoArguments;
    body: NonNullable<DebugProtocol.ExceptionInfoResponse["body"]>;
  };
  goto: { arguments: DebugProtocol.GotoArguments; body: Acknowledgement };
  gotoTargets: {
    arguments: DebugProtocol.GotoTargetsArguments;
    body: NonNullable<DebugProtocol.GotoTargetsResponse["body"]>;
  };
  initialize: { arguments: DebugProtocol.InitializeRequestArguments; body: DebugProtocol.Capabilities };
  launch: { arguments: DebugProtocol.LaunchRequestArguments; body: Acknowledgement };
  loadedSources: {
    arguments: DebugProtocol.LoadedSourcesArguments | undefined;
    body: NonNullable<DebugProtocol.LoadedSourcesResponse["body"]>;
  };
  locations: {
    arguments: DebugProtocol.LocationsArguments;
    body: NonNullable<DebugProtocol.LocationsResponse["body"]>;
  };
  modules: {
    arguments: DebugProtocol.ModulesArguments;
    body: NonNullable<DebugProtocol.ModulesResponse["body"]>;
  };
  next: { arguments: DebugProtocol.NextArguments; body: Acknowledgement };
  pause: { arguments: DebugProtocol.PauseArguments; body: Acknowledgement };
  readMemory: {
    arguments: DebugProtocol.ReadMemoryArguments;
    body: NonNullable<DebugProtocol.ReadMemoryResponse["body"]>;
  };
  restart: { arguments: DebugProtocol.RestartArguments | undefined; body: Acknowledgement };
  restartFrame: { arguments: DebugProtocol.RestartFrameArguments; body: Acknowledgement };
  /** Our own: restarts with something that the program was not launched with. */
  restartWith: {
    arguments: { readonly option: "dataBreakpoints" | "instructionStepping" };
    body: Acknowledgement;
  };
  reverseContinue: { arguments: DebugProtocol.ReverseContinueArguments; body: Acknowledgement };
  /** Our own: writes a coredump of the stop. */
  saveCoredump: {
    arguments: { readonly path?: string } | undefined;
    body: { readonly path: string; readonly sizeBytes: number };
  };
  scopes: {
    arguments: DebugProtocol.ScopesArguments;
    body: NonNullable<DebugProtocol.ScopesResponse["body"]>;
  };
  setBreakpoints: {
    arguments: DebugProtocol.SetBreakpointsArguments;
    body: NonNullable<DebugProtocol.SetBreakpointsResponse["body"]>;
  };
  setDataBreakpoints: {
    arguments: DebugProtocol.SetDataBreakpointsArguments;
    body: NonNullable<DebugProtocol.SetDataBreakpointsResponse["body"]>;
  };
  setExceptionBreakpoints: {
    arguments: DebugProtocol.SetExceptionBreakpointsArguments;
    body: NonNullable<DebugProtocol.SetExceptionBreakpointsResponse["body"]>;
  };
  setExpression: {
    arguments: DebugProtocol.SetExpressionArguments;
    body: NonNullable<DebugProtocol.SetExpressionResponse["body"]>;
  };
  setFunctionBreakpoints: {
    arguments: DebugProtocol.SetFunctionBreakpointsArguments;
    body: NonNullable<DebugProtocol.SetFunctionBreakpointsResponse["body"]>;
  };
  setInstructionBreakpoints: {
    arguments: DebugProtocol.SetInstructionBreakpointsArguments;
    body: NonNullable<DebugProtocol.SetInstructionBreakpointsResponse["body"]>;
  };
  setVariable: {
    arguments: DebugProtocol.SetVariableArguments;
    body: NonNullable<DebugProtocol.SetVariableResponse["body"]>;
  };
  source: {
    arguments: DebugProtocol.SourceArguments;
    body: NonNullable<DebugProtocol.SourceResponse["body"]>;
  };
  stackTrace: {
    arguments: DebugProtocol.StackTraceArguments;
    body: NonNullable<DebugProtocol.StackTraceResponse["body"]>;
  };
  stepBack: { arguments: DebugProtocol.StepBackArguments; body: Acknowledgement };
  stepIn: { arguments: DebugProtocol.StepInArguments; body: Acknowledgement };
  stepInTargets: {
    arguments: DebugProtocol.StepInTargetsArguments;
    body: NonNullable<DebugProtocol.StepInTargetsResponse["body"]>;
  };
  stepOut: { arguments: DebugProtocol.StepOutArguments; body: Acknowledgement };
  terminate: { arguments: DebugProtocol.TerminateArguments | undefined; body: Acknowledgement };
  terminateThreads: { arguments: DebugProtocol.TerminateThreadsArguments; body: Acknowledgement };
  threads: { arguments: undefined; body: NonNullable<DebugProtocol.ThreadsResponse["body"]> };
  variables: {
    arguments: DebugProtocol.VariablesArguments;
    body: NonNullable<DebugProtocol.VariablesResponse["body"]>;
  };
  writeMemory: {
    arguments: DebugProtocol.WriteMemoryArguments;
    body: NonNullable<DebugProtocol.WriteMemoryResponse["body"]>;
  };
}

/** The name of a request. */
export type Command = keyof Requests;
/** What a client sends along, as the protocol types it. */
export type ArgumentsOf<C extends Command> = Requests[C]["arguments"];
/** What the answer carries; nothing for a bare acknowledgement. */
export type BodyOf<C extends Command> = Requests[C]["body"];
