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
