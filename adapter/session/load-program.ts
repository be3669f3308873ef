import { nameOf } from "../convert/path.ts";
import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import type { LaunchHooks } from "../launch/launch.ts";
import { endSession } from "./end-session.ts";
import { badConfiguration, launchAborted, sessionEnded, toLaunchError } from "./errors.ts";
import { Program } from "./program.ts";
import { programEvents } from "./program-events.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

/** The configuration in a request's arguments. @throws {UserError} that says what is wrong with it. */
export function readConfiguration(input: unknown): LaunchConfiguration {
  const read = readLaunchConfiguration(input, process.cwd());
  if (read.kind === "problems") throw badConfiguration(read.problems);
  return read.configuration;
}

/**
 * Loads a program, which is the session's from then on. When that fails, the session is over and the client is told after
 * the error. `configure` may throw what is wrong with the configuration, and gives none where there is nothing to load any more.
 */
export async function loadProgram(
  session: Session,
  configure: () => LaunchConfiguration | undefined,
): Promise<Program> {
  const { phase } = session;
  let program: Program | undefined;
  try {
    const configuration = configure();
    if (configuration === undefined) throw sessionEnded();
    program = new Program(fitToClient(session, configuration));
    session.program = program;
    const traceProblem = session.parts.trace(configuration.trace);
    if (traceProblem !== undefined) tell(session, "important", traceProblem);
    if (phase.over) throw launchAborted();
    const loading = launchInto(session, program);
    phase.loading = loading;
    await loading;
  } catch (error) {
    session.program = undefined;
    phase.over = true;
    session.tellTerminated();
    const { program: path, coreFile } = program?.configuration ?? { program: "The program" };
    throw toLaunchError(error, path === "" ? (coreFile ?? "The program") : path);
  }
  // Whoever ended the session meanwhile waits for the launch and then kills the program.
  if (phase.over) throw launchAborted();
  return program;
}

async function launchInto(session: Session, program: Program): Promise<void> {
  const { configuration } = program;
  const progress = session.progress.begin({
    title: `Loading ${nameOf(configuration.program || (configuration.coreFile ?? ""))}`,
    cancel: () => void endSession(session).catch(() => {}),
  });
  const launched = await session.parts
    .launch(configuration, {
      ...hooksOf(session, program),
      stage: (message, percentage) => progress.show(message, percentage),
    })
    .finally(() => progress.end());
  // Nobody can type into a debug console: a program that reads finds the end of its input, and does not wait for ever.
  if (configuration.console === "internalConsole" && configuration.stdin === undefined) {
    launched.writeStdin(undefined);
  }
  program.launched = launched;
  await session.applyExceptionFilters(program);
}

function hooksOf(session: Session, program: Program): LaunchHooks {
  const { client, facts, parts } = session;
  const hooks: LaunchHooks = {
    events: programEvents(session, program),
    note: (text) => tell(session, "console", text),
    mayOutlive: true,
    ...(program.configuration.trace === undefined ? {} : { trace: (line) => parts.traceGuest(line) }),
  };
  if (!facts.supportsRunInTerminalRequest) return hooks;
  return {
    ...hooks,
    runInTerminal: ({ kind, title, cwd, argv, env }) =>
      client.runInTerminal({ kind, title, cwd, args: [...argv], env: { ...env } }),
  };
}

/** Without a terminal to be had, the program prints to the debug console. */
function fitToClient(session: Session, configuration: LaunchConfiguration): LaunchConfiguration {
  if (configuration.console === "internalConsole" || session.facts.supportsRunInTerminalRequest) {
    return configuration;
  }
  tell(
    session,
    "console",
    `This client cannot open a terminal (\`console\`: "${configuration.console}"): the program's output appears here.`,
  );
  return { ...configuration, console: "internalConsole" };
}
