import type { DebuggerEvents, StopDescription } from "../../src/debugger/debugger-types.ts";
import { toDataBreakpoint } from "../convert/data-breakpoint.ts";
import { toClientLine } from "../convert/position.ts";
import { surpriseText, threadId, toStopped } from "../convert/stop.ts";
import { endProgram } from "./end-program.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { tell, tellProblems } from "./tell.ts";

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
      if (session.facts.showsNoReasons) void tellReason(session, description);
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
      session.client.send("breakpoint", { reason: "changed", breakpoint: session.toBreakpoint(breakpoint) });
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

/** Says in the console why the program stopped, where the user cannot know. A trap is explained only while it stands there. */
async function tellReason(session: Session, stop: StopDescription): Promise<void> {
  const why = stop.kind === "trap" ? await session.debugger.explainTrap().catch(() => undefined) : undefined;
  const surprise = surpriseText(stop, why);
  if (surprise !== undefined) tell(session, "console", surprise);
}
