import { endProgram, letGo } from "./end-program.ts";
import type { Session } from "./session.ts";

/** Asks the program to end; its end is told when it comes. */
export function terminateProgram(session: Session): void {
  const { program, phase } = session;
  phase.forgetReminder();
  phase.terminating = true;
  if (program?.launched === undefined) {
    void endSession(session);
    if (program === undefined) session.tellTerminated();
    return;
  }
  const { debugger: core } = program.launched;
  core
    .terminate()
    .catch((error) => {
      session.parts.log(`The program could not be terminated and is killed: ${String(error)}`);
      return core.kill();
    })
    .then(
      () => endProgram(session, program, undefined),
      (error) => session.parts.log(`The program could not be killed: ${String(error)}`),
    );
}

/** Ends the program at once, or its launch as soon as that can be; no process is left then. */
export function endSession(session: Session): Promise<void> {
  session.phase.ending ??= end(session);
  return session.phase.ending;
}

/** Ends the session and lets the program run on, unless its end has been asked for. A launch under way is given up. */
export function detach(session: Session): Promise<void> {
  session.phase.ending ??= leave(session);
  return session.phase.ending;
}

async function leave(session: Session): Promise<void> {
  const { phase } = session;
  const program = session.program?.launched && session.program;
  const core = program?.launched?.debugger;
  if (!program || program.ended || phase.terminating || core?.detach === undefined) return end(session);
  phase.over = true;
  phase.forgetReminder();
  if (await core.detach()) letGo(session, program);
  else endProgram(session, program, undefined);
  await program.launched?.settled?.();
}

async function end(session: Session): Promise<void> {
  const { phase } = session;
  phase.over = true;
  phase.forgetReminder();
  await phase.loading.catch(() => {});
  const { program } = session;
  if (program?.launched === undefined) return;
  await program.launched.debugger.kill();
  await program.launched.settled?.();
  endProgram(session, program, undefined);
}
