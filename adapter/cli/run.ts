import type {
  Breakpoint,
  DebuggerEvents,
  FunctionBreakpointRequest,
  StopDescription,
} from "../../src/debugger/debugger-types.ts";
import type { Exit } from "../../src/target/target.ts";
import { noLinesReason } from "../convert/module.ts";
import type { Launched, launch } from "../launch/launch.ts";
import { toLaunchError } from "../session/errors.ts";
import { mappingOption } from "../session/source-mapping.ts";
import { Sources } from "../session/sources.ts";
import { standStillMs, startDeadline, timeoutStatus, withinMs } from "./deadline.ts";
import type { Reporter, ReportStreams } from "./report/reporter.ts";
import { reportStop } from "./report/stop-report.ts";
import type { AskedLine, AskedWatch, RunOptions } from "./run-options.ts";
import { RunWatches } from "./run-watches.ts";

/** What a headless run works with. */
export interface RunParts extends ReportStreams {
  readonly launch: typeof launch;
  readonly reporter: Reporter;
  /** What the program reads, unless a file was named. */
  readonly stdin: NodeJS.ReadableStream;
  /** Ends the run early with this status, and the program with it. */
  readonly interrupted: Promise<number>;
}

/**
 * Runs a program under the debugger and reports; answers the exit status.
 *
 * Drives the debugger itself, not DAP, so that neither can hide a fault of the other.
 */
export async function run(options: RunOptions, parts: RunParts): Promise<number> {
  const headless = new HeadlessRun(options, parts.reporter);
  try {
    const finished = headless.launch(parts.launch);
    const status = await Promise.race([finished.then(() => undefined), parts.interrupted]);
    if (status !== undefined) {
      await finished.catch(() => {});
      await headless.kill();
      return status;
    }
  } catch (error) {
    parts.reporter.failed(toLaunchError(error, options.configuration.program).message);
    return 1;
  }
  let told: number | undefined;
  const interrupted = parts.interrupted.then(async (status) => {
    told = status;
    await headless.kill();
    return status;
  });
  if (options.configuration.stdin === undefined) headless.feed(parts.stdin);
  const deadline = startDeadline(options.timeout);
  const late = deadline.due.then(async () => {
    told ??= timeoutStatus;
    await headless.endLate(options.timeout ?? 0);
    return timeoutStatus;
  });
  const status = await Promise.race([headless.run(), interrupted, late]);
  deadline.cancel();
  // The kill of an interrupted program has a status of its own, which is not the one to end with.
  if (told === timeoutStatus) await late;
  return told ?? status;
}

/** One program in a headless run. */
class HeadlessRun {
  readonly #options: RunOptions;
  readonly #reporter: Reporter;
  readonly #sources = new Sources(mappingOption);
  readonly #watches: RunWatches;
  #launched: Launched | undefined;
  #exited: (exit: Exit) => void = () => {};
  #failed: (error: unknown) => void = () => {};
  readonly #exit = new Promise<Exit>((resolve, reject) => {
    this.#exited = resolve;
    this.#failed = reject;
  });
  /** Told that the program stands still, once its time is up. */
  #stoodStill: (() => void) | undefined;
  #notesTold = 0;
  #noLinesTold = false;

  constructor(options: RunOptions, reporter: Reporter) {
    this.#options = options;
    this.#reporter = reporter;
    this.#watches = new RunWatches(options.watches, reporter);
  }

  /** Loads the program and sets the breakpoints. */
  async launch(start: typeof launch): Promise<void> {
    const { configuration } = this.#options;
    const launched = await start(configuration, {
      events: this.#events(),
      note: (text) => this.#reporter.note(text),
    });
    this.#launched = launched;
    const { modulePath, debugInfo } = launched;
    this.#sources.use(
      { modulePath, sourceFileMap: configuration.sourceFileMap },
      (path) =>
        this.#reporter.note(`${path} has changed since the program was compiled: its lines may not fit.`),
      (sentence) => this.#reporter.note(sentence),
    );
    this.#reporter.loaded(modulePath, debugInfo.status);
    await this.#setBreakpoints(launched);
    this.#tellProblems();
  }

  /** Runs the loaded program to its end. */
  async run(): Promise<number> {
    await this.#launched?.debugger.start({ stopOnEntry: false });
    const exit = await this.#exit;
    this.#reporter.exited(exit);
    return exit.exitCode;
  }

  /** Gives the program what `from` has to be read. */
  feed(from: NodeJS.ReadableStream): void {
    from.on("data", (chunk: Buffer) => this.#launched?.writeStdin(chunk));
    from.on("end", () => this.#launched?.writeStdin(undefined));
    from.on("error", () => this.#launched?.writeStdin(undefined));
  }

  /** Ends a program whose time is up, once it has been told where it stood. */
  async endLate(seconds: number): Promise<void> {
    this.#reporter.timedOut(seconds);
    const still = new Promise<void>((resolve) => {
      this.#stoodStill = resolve;
    });
    // Where it stands at a stop that is being told, it stays there.
    await this.#launched?.debugger.pause().catch(() => {});
    if (!(await withinMs(still, standStillMs))) {
      this.#reporter.note(
        `It could not be stopped within ${standStillMs / 1000} s: nothing is known of where it is.`,
      );
    }
    await this.kill();
  }

  async kill(): Promise<void> {
    await this.#launched?.debugger.kill();
    await this.#launched?.settled?.();
  }

  /** In the order of the command line; numbers are the debugger's. */
  async #setBreakpoints({ debugger: core }: Launched): Promise<void> {
    const { breakpoints, functions, watches } = this.#options;
    const tell = (watch: AskedWatch | undefined, breakpoint: Breakpoint): void =>
      watch ? this.#watches.begin(watch, breakpoint) : this.#reporter.breakpoint(breakpoint);
    const lines: (AskedLine & { readonly watch?: AskedWatch })[] = [...breakpoints];
    const names: (FunctionBreakpointRequest & { readonly watch?: AskedWatch })[] = [...functions];
    for (const watch of watches) {
      if (watch.at?.kind === "line") lines.push({ path: watch.at.path, line: watch.at.line, watch });
      if (watch.at?.kind === "function") names.push({ name: watch.at.name, watch });
    }
    for (const path of new Set(lines.map((one) => one.path))) {
      const asked = lines.filter((one) => one.path === path);
      const set = await core.setBreakpoints(
        path,
        asked.map(({ watch: _, ...request }) => request),
      );
      for (const [at, breakpoint] of set.entries()) tell(asked[at]?.watch, breakpoint);
    }
    if (names.length > 0) {
      const set = await core.setFunctionBreakpoints(names.map(({ watch: _, ...request }) => request));
      for (const [at, breakpoint] of set.entries()) tell(names[at]?.watch, breakpoint);
    }
    await this.#watches.setFixed(core);
  }

  #events(): DebuggerEvents {
    return {
      stopped: ({ description }) => {
        this.#stopped(description).catch((error) => this.#failed(error));
      },
      continued: () => {},
      output: (output) => this.#reporter.output(output),
      logged: (message) => this.#reporter.logged(message),
      breakpointChanged: (breakpoint) => {
        if (!this.#watches.changed(breakpoint)) this.#reporter.breakpoint(breakpoint);
      },
      dataBreakpointChanged: ({ id, isOver }) => {
        if (isOver) this.#watches.over(id);
      },
      exited: (exit) => this.#exited(exit),
    };
  }

  async #stopped(description: StopDescription): Promise<void> {
    const core = this.#launched?.debugger;
    if (core === undefined) return;
    this.#tellNoLines();
    const { onStop } = this.#options;
    const own = await this.#watches.take(core, description);
    const isLast = this.#stoodStill !== undefined;
    const shown = isLast ? { ...onStop, backtrace: true, locals: true } : onStop;
    const told = own ?? (isLast ? ({ kind: "pause" } as const) : undefined);
    if (told) this.#reporter.stopped(await reportStop(core, told, shown, this.#sources));
    this.#tellProblems();
    // Also when the time was up while this stop was told: it is as good as any.
    if (this.#stoodStill) this.#stoodStill();
    else await core.continue();
  }

  /** Why a backtrace has no lines, once. Breakpoints have said it themselves. */
  #tellNoLines(): void {
    const reason = this.#launched && noLinesReason(this.#launched.debugInfo.status);
    if (reason === undefined || this.#noLinesTold) return;
    this.#noLinesTold = true;
    this.#reporter.note(reason);
  }

  #tellProblems(): void {
    const problems = this.#launched?.debugInfo.problems ?? [];
    for (const problem of problems.slice(this.#notesTold)) this.#reporter.note(problem);
    this.#notesTold = problems.length;
  }
}
