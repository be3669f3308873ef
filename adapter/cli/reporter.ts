import type { Breakpoint, LoggedMessage } from "../../src/debugger/debugger-types.ts";
import type { DebugInfoStatus } from "../../src/debuginfo/debug-info.ts";
import type { Exit, TargetOutput } from "../../src/target/target.ts";
import type { StopReport } from "./stop-report.ts";

/** Tells what happens in a headless run, in the order it happens. */
export interface Reporter {
  loaded(program: string, debugInfo: DebugInfoStatus): void;
  /** Something about the debug info or the sources that the user should know. */
  note(text: string): void;
  breakpoint(breakpoint: Breakpoint): void;
  output(output: TargetOutput): void;
  /** What a breakpoint says instead of stopping. */
  logged(message: LoggedMessage): void;
  stopped(stop: StopReport): void;
  exited(exit: Exit): void;
}

/** Where reports go. */
export interface ReportStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}
