import type { Exit } from "../../src/target/target.ts";
import { threadId } from "../convert/stop.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

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
