import { toBreakpoint } from "../convert/breakpoint.ts";
import { toDataBreakpoint } from "../convert/data-breakpoint.ts";
import { noLinesReason } from "../convert/module.ts";
import { nameOf } from "../convert/path.ts";
import { threadId } from "../convert/stop.ts";
import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import type { LaunchHooks } from "../launch/launch.ts";
import { coredumpTexts, takenBack } from "./coredump.ts";
import {
  badConfiguration,
  doesNotRun,
  launchAborted,
  launchedTwice,
  sessionEnded,
  toLaunchError,
  type UserError,
} from "./errors.ts";
import { toModules } from "./modules.ts";
import { Program } from "./program.ts";
import { endProgram, letGo, programEvents, tell, tellProblems } from "./program-events.ts";
import { offerRestart } from "./restart-offers.ts";
import type { Session } from "./session.ts";

/**
 * When a session's program is loaded, started, restarted and ended.
 *
 * `launch` loads, and is answered then; the program starts when `configurationDone` has come too, before
 * or after. A client that never sends it starts the program with `continue`.
 */
export class Lifecycle {
  readonly #session: Session;
  /** `configurationDone` has come. */
  #configured = false;
  /** The client wants no more of this session. */
  #over = false;
  /** The client wants the program to end. */
  #terminating = false;
  #stopOnEntry = false;
  #loading: Promise<unknown> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #reminder: NodeJS.Timeout | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Loads the program of a launch request and tells the client about it. */
  async launch(input: unknown): Promise<void> {
    const session = this.#session;
    if (session.program !== undefined) throw launchedTwice();
    if (this.#over) throw sessionEnded();
    const program = await this.#load(() => this.#read(input));
    if (session.debugger.cannotRun !== undefined) {
      session.client.send("capabilities", { capabilities: takenBack });
    }
    session.client.send("initialized", undefined);
    this.#announce(program, "new");
    await this.#setKeptBreakpoints();
    if (this.#configured) await this.start();
    else this.#remind();
  }

  /** Refuses to attach, which ends the session as a launch that fails does. */
  attach(why: UserError): never {
    if (this.#session.program !== undefined) throw launchedTwice();
    if (this.#over) throw sessionEnded();
    this.#over = true;
    this.#session.tellTerminated();
    throw why;
  }

  /** Notes that the client has said all it wants to say before the start. */
  async configurationDone(): Promise<void> {
    this.#configured = true;
    const { program } = this.#session;
    if (program?.launched !== undefined && !program.started) await this.start();
  }

  /** Runs the loaded program from before its first instruction. */
  async start(): Promise<void> {
    clearTimeout(this.#reminder);
    const session = this.#session;
    const { program } = session;
    if (program === undefined) return;
    program.started = true;
    const { noDebug } = program.configuration;
    const stopOnEntry = !noDebug && (program.configuration.stopOnEntry || this.#stopOnEntry);
    const start = () => session.debugger.start({ stopOnEntry });
    await (session.debugger.cannotRun === undefined ? session.resume(start) : start());
  }

  /** Stops the program as soon as it can: at its entry if it has not started. */
  async pause(): Promise<void> {
    const { program, debugger: core } = this.#session;
    if (program?.started !== true) this.#stopOnEntry = true;
    // A pause that comes after a stop has been asked for already finds what it wants.
    else if (core.state === "running") await core.pause();
  }

  /** Ends the program and loads it anew, from the file as it is now. Breakpoints stay. */
  async restart(input: unknown): Promise<void> {
    await this.#replace(input === undefined ? this.#session.program?.configuration : this.#read(input));
  }

  /** As `restart`, with the configuration there is but for a change. */
  async restartWith(change: Partial<LaunchConfiguration>): Promise<void> {
    const configuration = this.#session.program?.configuration;
    const { cannotRun } = this.#session.debugger;
    if (cannotRun !== undefined) throw doesNotRun(cannotRun);
    await this.#replace(configuration && { ...configuration, ...change });
  }

  async #replace(next: LaunchConfiguration | undefined): Promise<void> {
    if (this.#over) throw sessionEnded();
    const session = this.#session;
    const { program: old, debugger: core } = session;
    session.program = undefined;
    session.lapse();
    await core.kill();
    if (old?.announced === true) session.client.send("thread", { reason: "exited", threadId });
    const program = await this.#load(() => next);
    this.#announce(program, "changed");
    await this.#setKeptBreakpoints();
    await this.start();
  }

  /** Asks the program to end; its end is told when it comes. */
  terminate(): void {
    const session = this.#session;
    const { program } = session;
    clearTimeout(this.#reminder);
    this.#terminating = true;
    if (program?.launched === undefined) {
      void this.end();
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
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Ends the session and lets the program run on, unless its end has been asked for. A launch under way is given up. */
  detach(): Promise<void> {
    this.#ending ??= this.#detach();
    return this.#ending;
  }

  async #detach(): Promise<void> {
    const session = this.#session;
    const program = session.program?.launched && session.program;
    const core = program?.launched?.debugger;
    if (!program || program.ended || this.#terminating || core?.detach === undefined) return this.#end();
    this.#over = true;
    clearTimeout(this.#reminder);
    if (await core.detach()) letGo(session, program);
    else endProgram(session, program, undefined);
    await program.launched?.settled?.();
  }

  async #end(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#reminder);
    await this.#loading.catch(() => {});
    const { program } = this.#session;
    if (program?.launched === undefined) return;
    await program.launched.debugger.kill();
    await program.launched.settled?.();
    endProgram(this.#session, program, undefined);
  }

  #read(input: unknown): LaunchConfiguration {
    const read = readLaunchConfiguration(input, process.cwd());
    if (read.kind === "problems") throw badConfiguration(read.problems);
    return read.configuration;
  }

  /** Loads a program; when that fails, the session is over and the client is told after the error. */
  async #load(configure: () => LaunchConfiguration | undefined): Promise<Program> {
    const session = this.#session;
    let program: Program | undefined;
    try {
      const configuration = configure();
      if (configuration === undefined) throw sessionEnded();
      program = new Program(this.#fitToClient(configuration));
      session.program = program;
      const traceProblem = session.parts.trace(configuration.trace);
      if (traceProblem !== undefined) tell(session, "important", traceProblem);
      if (this.#over) throw launchAborted();
      const loading = this.#launch(program);
      this.#loading = loading;
      await loading;
    } catch (error) {
      session.program = undefined;
      this.#over = true;
      session.tellTerminated();
      const { program: path, coreFile } = program?.configuration ?? { program: "The program" };
      throw toLaunchError(error, path === "" ? (coreFile ?? "The program") : path);
    }
    // Whoever ended the session meanwhile waits for the launch and then kills the program.
    if (this.#over) throw launchAborted();
    return program;
  }

  async #launch(program: Program): Promise<void> {
    const { configuration } = program;
    const progress = this.#session.progress.begin({
      title: `Loading ${nameOf(configuration.program || (configuration.coreFile ?? ""))}`,
      cancel: () => void this.end().catch(() => {}),
    });
    const launched = await this.#session.parts
      .launch(configuration, { ...this.#hooks(program), stage: progress.show })
      .finally(() => progress.end());
    // Nobody can type into a debug console: a program that reads finds the end of its input, and does not wait for ever.
    if (configuration.console === "internalConsole" && configuration.stdin === undefined) {
      launched.writeStdin(undefined);
    }
    program.launched = launched;
    await this.#session.applyExceptionFilters(program);
  }

  #hooks(program: Program): LaunchHooks {
    const { client, facts, parts } = this.#session;
    const hooks: LaunchHooks = {
      events: programEvents(this.#session, program),
      note: (text) => tell(this.#session, "console", text),
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
  #fitToClient(configuration: LaunchConfiguration): LaunchConfiguration {
    if (configuration.console === "internalConsole" || this.#session.facts.supportsRunInTerminalRequest) {
      return configuration;
    }
    tell(
      this.#session,
      "console",
      `This client cannot open a terminal (\`console\`: "${configuration.console}"): the program's output appears here.`,
    );
    return { ...configuration, console: "internalConsole" };
  }

  /** Tells the client what was loaded, and what to know about it. */
  #announce(program: Program, reason: "new" | "changed"): void {
    const session = this.#session;
    const { launched } = session;
    const { modulePath, debugInfo, processId, coredump } = launched;
    const { sourceFileMap } = program.configuration;
    session.sources.use(
      { modulePath, sourceFileMap },
      (path) =>
        tell(
          session,
          "console",
          `${path} has changed since the program was compiled: its lines may not fit.`,
        ),
      (sentence) => tell(session, "console", sentence),
    );
    program.announced = true;
    session.client.send("process", {
      name: modulePath,
      ...(processId === undefined ? {} : { systemProcessId: processId }),
      isLocalProcess: true,
      startMethod: coredump === undefined ? "launch" : "attach",
      pointerSize: launched.module.memories[0]?.addressType === "i64" ? 64 : 32,
    });
    for (const module of toModules(launched)) session.client.send("module", { reason, module });
    for (const { number } of session.debugger.threads ?? [{ number: threadId }]) {
      session.client.send("thread", { reason: "started", threadId: number });
      if (reason === "changed" && session.facts.takesStartedForStopped) {
        session.client.send("continued", { threadId: number });
      }
    }
    if (coredump !== undefined) for (const text of coredumpTexts(coredump)) tell(session, "console", text);
    const noLines = noLinesReason(debugInfo.status);
    if (noLines !== undefined && !program.configuration.noDebug) tell(session, "important", noLines);
    tellProblems(session, program);
  }

  /** Sets what was asked for before this program was there, and tells what came of it. */
  async #setKeptBreakpoints(): Promise<void> {
    const session = this.#session;
    const target = session.breakpointTarget;
    if (target === undefined) return;
    await this.#setKeptInstructionBreakpoints();
    await this.#setKeptDataBreakpoints();
    for (const breakpoint of await session.breakpoints.applyAll(target)) {
      const source = breakpoint.source === undefined ? undefined : session.toSource(breakpoint.source);
      session.client.send("breakpoint", {
        reason: "changed",
        breakpoint: toBreakpoint(session.facts, breakpoint, source),
      });
    }
  }

  async #setKeptInstructionBreakpoints(): Promise<void> {
    const session = this.#session;
    const target = session.instructionTarget;
    if (target === undefined) return;
    for (const breakpoint of await session.instructionBreakpoints.applyAll(target)) {
      session.client.send("breakpoint", {
        reason: "changed",
        breakpoint: session.toInstructionBreakpoint(breakpoint),
      });
    }
  }

  async #setKeptDataBreakpoints(): Promise<void> {
    const session = this.#session;
    const target = session.dataTarget;
    if (target === undefined) return;
    const { breakpoints, needsRestart } = await session.dataBreakpoints.applyAll(target);
    for (const breakpoint of breakpoints) {
      session.client.send("breakpoint", { reason: "changed", breakpoint: toDataBreakpoint(breakpoint) });
    }
    if (needsRestart) offerRestart(session, "dataBreakpoints");
  }

  #remind(): void {
    this.#reminder = setTimeout(
      () =>
        tell(
          this.#session,
          "console",
          "The program is loaded and waits: this client has not sent `configurationDone`. Continue starts it.",
        ),
      this.#session.parts.patienceMs,
    ).unref();
  }
}
