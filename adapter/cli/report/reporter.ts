import type { Breakpoint, DataBreakpoint, LoggedMessage } from "../../../src/debugger/debugger-types.ts";
import type { DebugInfoStatus } from "../../../src/debuginfo/debug-info.ts";
import type { Exit, TargetOutput } from "../../../src/target/target.ts";
import type { StopReport } from "./stop-report.ts";

/** Tells what happens in a run, in the order it happens. */
export interface Reporter {
  loaded(program: string, debugInfo: DebugInfoStatus): void;
  /** Something about the debug info or the sources that the user should know. */
  note(text: string): void;
  /** What a command of the console or of a script answers: lines without the last line break. */
  say(text: string): void;
  breakpoint(breakpoint: Breakpoint): void;
  /** A breakpoint on the value of an expression. */
  watched(expression: string, breakpoint: DataBreakpoint): void;
  output(output: TargetOutput): void;
  /** What a breakpoint says instead of stopping. */
  logged(message: LoggedMessage): void;
  stopped(stop: StopReport): void;
  /** The time is up; where the program stood follows as a stop. */
  timedOut(seconds: number): void;
  exited(exit: Exit): void;
  /** A line of a script has been tried. */
  checked(check: ScriptCheck): void;
  /** The run could not begin, or broke off: a sentence. */
  failed(message: string): void;
  /** Nothing comes any more; `status` is what the command ends with. */
  finished(status: number): void;
}

/** A line of a script that expects something, or that could not be done. */
export interface ScriptCheck {
  /** The script, as it was named. */
  readonly script: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly passed: boolean;
  /** Of one that failed. */
  readonly expected?: string;
  readonly found?: string;
  /** Where the program stood, where it did. */
  readonly at?: string;
}

/** Where reports go. */
export interface ReportStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** For what the debugger says, where that is not stderr. */
  readonly voice?: NodeJS.WritableStream;
}

/** Tells each of several reporters everything, in their order. */
export function reportToAll(reporters: readonly Partial<Reporter>[]): Reporter {
  const each = (tell: (reporter: Partial<Reporter>) => void): void => {
    for (const reporter of reporters) tell(reporter);
  };
  return {
    loaded: (program, debugInfo) => each((one) => one.loaded?.(program, debugInfo)),
    note: (text) => each((one) => one.note?.(text)),
    say: (text) => each((one) => one.say?.(text)),
    breakpoint: (breakpoint) => each((one) => one.breakpoint?.(breakpoint)),
    watched: (expression, breakpoint) => each((one) => one.watched?.(expression, breakpoint)),
    output: (output) => each((one) => one.output?.(output)),
    logged: (message) => each((one) => one.logged?.(message)),
    stopped: (stop) => each((one) => one.stopped?.(stop)),
    timedOut: (seconds) => each((one) => one.timedOut?.(seconds)),
    exited: (exit) => each((one) => one.exited?.(exit)),
    checked: (check) => each((one) => one.checked?.(check)),
    failed: (message) => each((one) => one.failed?.(message)),
    finished: (status) => each((one) => one.finished?.(status)),
  };
}
