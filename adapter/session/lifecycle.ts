import { threadId } from "../convert/stop.ts";
import type { LaunchConfiguration } from "../launch/configuration.ts";
import { announceProgram } from "./announce-program.ts";
import { takenBack } from "./coredump.ts";
import { doesNotRun, launchedTwice, sessionEnded, type UserError } from "./errors.ts";
import { setKeptBreakpoints } from "./kept-breakpoints.ts";
import { loadProgram, readConfiguration } from "./load-program.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

// When a session's program is loaded, started and restarted; how it ends is in `end-session.ts`.
//
// `launch` loads, and is answered then; the program starts when `configurationDone` has come too, before or after. A client
// that never sends it starts the program with `continue`.

/** Loads the program of a launch request and tells the client about it. @throws {UserError} where there can be none. */
export async function launchProgram(session: Session, input: unknown): Promise<void> {
  checkNew(session);
  const program = await loadProgram(session, () => readConfiguration(input));
  if (session.debugger.cannotRun !== undefined) {
    session.client.send("capabilities", { capabilities: takenBack });
  }
  session.client.send("initialized", undefined);
  announceProgram(session, program, "new");
  await setKeptBreakpoints(session);
  if (session.phase.configured) await startProgram(session);
  else session.phase.remindLater(session.parts.patienceMs, () => tell(session, "console", waits));
}

const waits =
  "The program is loaded and waits: this client has not sent `configurationDone`. Continue starts it.";

/** Refuses to attach, which ends the session as a launch that fails does. */
export function refuseAttach(session: Session, why: UserError): never {
  checkNew(session);
  session.phase.over = true;
  session.tellTerminated();
  throw why;
}

/** A session is of one program, and of those that take its place by restarts. */
function checkNew({ program, phase }: Session): void {
  if (program !== undefined) throw launchedTwice();
  if (phase.over) throw sessionEnded();
}

/** Notes that the client has said all it wants to say before the start. */
export async function noteConfigurationDone(session: Session): Promise<void> {
  session.phase.configured = true;
  const { program } = session;
  if (program?.launched !== undefined && !program.started) await startProgram(session);
}

/** Runs the loaded program from before its first instruction. */
export async function startProgram(session: Session): Promise<void> {
  const { phase, program } = session;
  phase.forgetReminder();
  if (program === undefined) return;
  program.started = true;
  const { noDebug } = program.configuration;
  const stopOnEntry = !noDebug && (program.configuration.stopOnEntry || phase.stopOnEntry);
  const start = () => session.debugger.start({ stopOnEntry });
  await (session.debugger.cannotRun === undefined ? session.resume("continue", start) : start());
}

/** Stops the program as soon as it can: at its entry if it has not started. */
export async function pauseProgram({ phase, program, debugger: core }: Session): Promise<void> {
  if (program?.started !== true) phase.stopOnEntry = true;
  // A pause that comes after a stop has been asked for already finds what it wants.
  else if (core.state === "running") await core.pause();
}

/** Ends the program and loads it anew, from the file as it is now. Breakpoints stay. */
export async function restartProgram(session: Session, input: unknown): Promise<void> {
  await replaceProgram(
    session,
    input === undefined ? session.program?.configuration : readConfiguration(input),
  );
}

/** As `restartProgram`, with the configuration there is but for a change. */
export async function restartProgramWith(
  session: Session,
  change: Partial<LaunchConfiguration>,
): Promise<void> {
  const configuration = session.program?.configuration;
  const { cannotRun } = session.debugger;
  if (cannotRun !== undefined) throw doesNotRun(cannotRun);
  await replaceProgram(session, configuration && { ...configuration, ...change });
}

async function replaceProgram(session: Session, next: LaunchConfiguration | undefined): Promise<void> {
  if (session.phase.over) throw sessionEnded();
  const { program: old, debugger: core } = session;
  session.program = undefined;
  session.lapse();
  await core.kill();
  if (old?.announced === true) session.client.send("thread", { reason: "exited", threadId });
  const program = await loadProgram(session, () => next);
  announceProgram(session, program, "changed");
  await setKeptBreakpoints(session);
  await startProgram(session);
}
