import type { DebugProtocol } from "@vscode/debugprotocol";

/** Every event we send, with its body: the protocol's and one of our own. */
export interface Events {
  capabilities: DebugProtocol.CapabilitiesEvent["body"];
  breakpoint: DebugProtocol.BreakpointEvent["body"];
  continued: DebugProtocol.ContinuedEvent["body"];
  exited: DebugProtocol.ExitedEvent["body"];
  initialized: undefined;
  invalidated: DebugProtocol.InvalidatedEvent["body"];
  memory: DebugProtocol.MemoryEvent["body"];
  module: DebugProtocol.ModuleEvent["body"];
  output: DebugProtocol.OutputEvent["body"];
  process: DebugProtocol.ProcessEvent["body"];
  progressEnd: DebugProtocol.ProgressEndEvent["body"];
  progressStart: DebugProtocol.ProgressStartEvent["body"];
  progressUpdate: DebugProtocol.ProgressUpdateEvent["body"];
  /** Our own: the program could be restarted with something that it was not launched with. */
  restartOffered: { readonly option: "dataBreakpoints" | "instructionStepping"; readonly message: string };
  stopped: DebugProtocol.StoppedEvent["body"];
  terminated: undefined;
  thread: DebugProtocol.ThreadEvent["body"];
}

/** What a session may do to its client besides answering it. */
export interface Client {
  /** Sends an event; while a request is being worked on, right after its answer. */
  send<E extends keyof Events>(event: E, body: Events[E]): void;
  /** Sends an event now, though a request is being worked on: about that work itself. */
  sendAtOnce<E extends keyof Events>(event: E, body: Events[E]): void;
  /** Asks the client to start a program in a terminal. Rejects with the client's reason when it does not. */
  runInTerminal(args: DebugProtocol.RunInTerminalRequestArguments): Promise<void>;
  /** Drops a request that still waits its turn, which is answered `cancelled`, or aborts one that is being worked on. Whether there was one. */
  cancel(requestSeq: number): boolean;
  /** Ends the connection once everything sent so far is out. */
  close(): void;
}
