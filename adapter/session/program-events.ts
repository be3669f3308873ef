import type { DebuggerEvents } from "../../src/debugger/debugger-types.ts";
import type { Exit } from "../../src/target/target.ts";
import { toBreakpoint } from "../convert/breakpoint.ts";
import { toDataBreakpoint } from "../convert/data-breakpoint.ts";
import { toClientLine } from "../convert/position.ts";
import { threadId, toStopped } from "../convert/stop.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";

/** Says something to the user, from the debugger. `important` may pop up; use it for what spoils the session. */
export function tell(session: Session, category: "console" | "important", text: string): void {
  if (!session.isTerminated) session.client.send("output", { category, output: `${text}\n` });
}

/** Tells what has turned out to be wrong with the debug info since the last time. */
export function tellProblems(session: Session, program: Program): void {
  const problems = program.launched?.debugInfo.problems ?? [];
  for (const problem of problems.slice(program.problemsTold)) tell(session, "console", problem);
  program.problemsTold = problems.length;
}

/** What happens to a program, as events for the client. Silent once another program has taken its place. */
export function programEvents(session: Session, program: Program): DebuggerEvents {
  const ifCurrent =
    <A extends unknown[]>(act: (...args: A) => void) =>
    (...args: A) => {
      if (session.program === program && !program.ended) act(...args);
    };
  return {
    stopped: ifCurrent(({ description }) => {
      program.stop = description;
      tellProblems(session, program);
      if (description.kind === "breakpoint" || description.kind === "data")
        for (const problem of description.problems ?? []) tell(session, "console", problem);
      session.client.send(
        "stopped",
        toStopped(description, (id) => session.breakpointId(id)),
      );
    }),
    continued: ifCurrent(() => {
      session.lapse();
      if (!session.resumeImplied) session.client.send("continued", { threadId, allThreadsContinued: true });
    }),
    output: ifCurrent((output) => {
      const decoded = program.output.decode(output);
      const text = session.facts.supportsANSIStyling ? decoded : program.plain[output.stream].take(decoded);
      if (text !== "") session.client.send("output", { category: output.stream, output: text });
    }),
    logged: ifCurrent(({ text, source, line }) => {
      const place =
        source === undefined
          ? {}
          : { source: session.toSource(source), line: toClientLine(session.facts, line) };
      session.client.send("output", { category: "console", output: `${text}\n`, ...place });
    }),
    breakpointChanged: ifCurrent((changed) => {
      const breakpoint = session.breakpoints.changed(changed);
      if (breakpoint === undefined) return;
      const source = breakpoint.source === undefined ? undefined : session.toSource(breakpoint.source);
      session.client.send("breakpoint", {
        reason: "changed",
        breakpoint: toBreakpoint(session.facts, breakpoint, source),
      });
    }),
    dataBreakpointChanged: ifCurrent((changed) => {
      const over = session.dataBreakpoints.over(changed);
      if (over === undefined) return;
      tell(session, "console", `A data breakpoint is removed. ${over.message}`);
      session.client.send("breakpoint", { reason: "removed", breakpoint: toDataBreakpoint(over) });
    }),
    exited: ifCurrent((exit) => endProgram(session, program, exit)),
    memoryChanged: ifCurrent((change) => {
      if (!session.facts.supportsMemoryEvent) return;
      for (const told of session.memoryReferences.tell(change)) session.client.send("memory", told);
    }),
  };
}

/** Tells the client that a program has ended, once. Without `exit` its status is not known. */
export function endProgram(session: Session, program: Program, exit: Exit | undefined): void {
  if (program.ended || session.program !== program) return;
  program.ended = true;
  session.lapse();
  tellRest(session, program);
  if (program.announced) {
    if (exit !== undefined) tellExit(session, exit);
    for (const { number } of program.launched?.debugger.threads ?? [{ number: threadId }]) {
      session.client.send("thread", { reason: "exited", threadId: number });
    }
    if (exit !== undefined) session.client.send("exited", { exitCode: exit.exitCode });
  }
  session.tellTerminated();
}

/** Tells the client that a program is its own from now on: no end of it will be told. */
export function letGo(session: Session, program: Program): void {
  if (program.ended) return;
  program.ended = true;
  session.lapse();
  tellRest(session, program);
  const { configuration, launched } = program;
  const output =
    configuration.console === "internalConsole"
      ? "What it prints is lost from here on, and its input ends."
      : "Its terminal stays its own.";
  const number = launched?.processId === undefined ? "" : ` as process ${launched.processId}`;
  tell(session, "console", `The program runs on without the debugger${number}. ${output}`);
  session.tellTerminated();
}

function tellRest(session: Session, program: Program): void {
  for (const { stream, text } of program.output.end()) {
    session.client.send("output", { category: stream, output: text });
  }
}

function tellExit(session: Session, { cause, results }: Exit): void {
  if (cause.kind === "trap") tell(session, "console", `The program ended with a trap: ${cause.message}`);
  if (cause.kind === "crashed") tell(session, "important", `The program's process died: ${cause.message}`);
  if (results !== undefined && results.length > 0) tell(session, "console", `Results: ${results.join(", ")}`);
}
