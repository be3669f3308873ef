import type { Debugger } from "../../../src/debugger/debugger.ts";
import type { Frame, StopDescription } from "../../../src/debugger/debugger-types.ts";
import type { Exit } from "../../../src/target/target.ts";
import { noLinesReason } from "../../convert/module.ts";
import type { LaunchConfiguration } from "../../launch/configuration.ts";
import type { Launched, launch } from "../../launch/launch.ts";
import { mappingOption } from "../../session/source-mapping.ts";
import { Sources } from "../../session/sources.ts";
import { FrameText } from "../report/frame-text.ts";
import type { Reporter } from "../report/reporter.ts";
import { reportStop } from "../report/stop-report.ts";
import type { Style } from "../report/style.ts";
import { BreakpointList, type ConsoleBreakpoint } from "./breakpoint-list.ts";
import { CommandError } from "./command-error.ts";
import { type ConsoleHalt, type ProgramEvents, RunningProgram } from "./running-program.ts";

/** What a console works with. */
export interface ConsoleParts {
  readonly configuration: LaunchConfiguration;
  readonly launch: typeof launch;
  readonly reporter: Reporter;
  readonly style: Style;
  /** What the program reads: told of each program before it runs. */
  readonly input: ProgramInput;
}

/** Where a program's standard input comes from. */
export interface ProgramInput {
  /** A program has been loaded. */
  attach(program: Launched): void;
  /** It begins to run. */
  begins?(): void;
  /** It has ended. */
  ended?(): void;
  /** Text for it, from a command; `undefined`: there is no more. */
  give?(text: string | undefined): void;
}

/** What the last run of the program came to; nothing before it has begun. */
export type ConsoleState = ConsoleHalt | { readonly kind: "none" };

/**
 * A program and what a user knows about it: breakpoints, the frame looked at, expressions shown at each stop.
 *
 * Commands work on this; it neither reads them nor knows where what it says goes.
 */
export class DebugConsole {
  readonly breakpoints = new BreakpointList();
  readonly sources = new Sources(mappingOption);
  /** Expressions shown at every stop. */
  readonly displays: string[] = [];
  readonly parts: ConsoleParts;
  readonly frameText: FrameText;
  /** The program's arguments: those of the configuration until `run` has others. */
  args: readonly string[];
  state: ConsoleState = { kind: "none" };
  /** What is shown at a stop besides the place and the expressions. */
  atStop = { backtrace: false, locals: false };
  /** Whether nobody is to type anything any more. */
  isDone = false;
  /** What the program has printed since it began, both streams in their order. */
  printed = "";
  /** Where `list` goes on; 0-based. */
  listed: { readonly path: string; readonly next: number; readonly first: number } | undefined;
  #program: RunningProgram | undefined;
  #frame = 0;
  #isRunning = false;
  #notesTold = 0;
  #told = new Set<string>();

  constructor(parts: ConsoleParts) {
    this.parts = parts;
    this.args = parts.configuration.args;
    this.frameText = new FrameText(parts.configuration.cwd, parts.style);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  say(text: string): void {
    this.parts.reporter.say(text);
  }

  /** The loaded program, which may have ended. @throws {CommandError} */
  get program(): Launched {
    if (!this.#program) throw new CommandError("No program is loaded: `run` loads it.");
    return this.#program.launched;
  }

  /** The debugger of a program that stands at a stop. @throws {CommandError} */
  get stopped(): Debugger {
    const { kind } = this.state;
    if (kind === "exited") throw new CommandError("The program has ended: `run` starts it again.");
    if (kind === "none") throw new CommandError("The program has not been started: `run` starts it.");
    return this.#loaded().debugger;
  }

  /** Loads the program; it stands before its first instruction then. Rejects as `launch` does. */
  async load(): Promise<void> {
    const { configuration, launch, reporter, input } = this.parts;
    const program = await RunningProgram.launch(
      { ...configuration, args: this.args },
      launch,
      this.#events(),
    );
    this.#program = program;
    this.state = { kind: "none" };
    this.printed = "";
    const { modulePath, debugInfo } = program.launched;
    this.sources.use(
      { modulePath, sourceFileMap: configuration.sourceFileMap },
      (path) => this.tellOnce(`${path} has changed since the program was compiled: its lines may not fit.`),
      (sentence) => this.tellOnce(sentence),
    );
    reporter.loaded(modulePath, debugInfo.status);
    const noLines = noLinesReason(debugInfo.status);
    if (noLines !== undefined) this.tellOnce(noLines);
    await this.breakpoints.moveTo(program.debugger);
    this.#notesTold = 0;
    this.#tellProblems();
    input.attach(program.launched);
  }

  /** Runs the program from its beginning to where it halts; one that is under way is ended first. */
  async start(options: { readonly stopOnEntry: boolean }): Promise<void> {
    if (this.#program === undefined || this.#program.hasStarted || this.#program.args !== this.args) {
      await this.#program?.kill();
      await this.load();
    }
    const program = this.#loaded();
    program.hasStarted = true;
    this.parts.input.begins?.();
    await this.#go((core) => core.start(options));
  }

  /** Lets the program go on from its stop, to where it halts. */
  async resume(how: (core: Debugger) => Promise<void>): Promise<void> {
    void this.stopped;
    await this.#go(how);
  }

  /** Stops the program where it runs. */
  async pause(): Promise<void> {
    if (this.#isRunning) await this.#program?.debugger.pause();
  }

  /** Ends the program, whatever it does. */
  async end(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    this.state = { kind: "none" };
    await program?.kill();
  }

  /** The frame that is looked at. @throws {CommandError} */
  async frame(): Promise<Frame> {
    return this.#frameAt(this.#frame);
  }

  /** Looks at another frame. @throws {CommandError} there is none of that number. */
  async select(index: number): Promise<Frame> {
    const frame = await this.#frameAt(index);
    this.#frame = frame.index;
    this.listed = undefined;
    return frame;
  }

  async #frameAt(index: number): Promise<Frame> {
    const { frames, total } = await this.stopped.stackTrace(Math.max(0, index), 1);
    const [frame] = frames;
    if (total === 0)
      throw new CommandError("There are no frames here: the program stands before its first instruction.");
    if (!frame || index < 0)
      throw new CommandError(`There is no frame ${index}: they go from 0 to ${total - 1}.`);
    return frame;
  }

  #loaded(): RunningProgram {
    if (!this.#program) throw new CommandError("No program is loaded: `run` loads it.");
    return this.#program;
  }

  async #go(how: (core: Debugger) => Promise<void>): Promise<void> {
    const program = this.#loaded();
    const before = this.state.kind === "stopped" ? await whereOf(program.debugger) : undefined;
    this.#isRunning = true;
    try {
      const halt = await program.go(how);
      this.#isRunning = false;
      await this.#halted(program, halt, before);
    } finally {
      this.#isRunning = false;
    }
  }

  async #halted(program: RunningProgram, halt: ConsoleHalt, before: string | undefined): Promise<void> {
    this.#frame = 0;
    this.listed = undefined;
    if (halt.kind === "exited") {
      this.#gone(halt.exit);
      return;
    }
    const description = await this.#withNumbers(halt.description);
    this.state = { kind: "stopped", description };
    const core = program.debugger;
    const asked = { ...this.atStop, expressions: this.displays };
    const report = await reportStop(core, description, asked, this.sources);
    this.#frame = (isEnd(description) ? report.looked : report.top)?.frame.index ?? 0;
    const isNearby = description.kind === "step" && before !== undefined && before === (await whereOf(core));
    this.parts.reporter.stopped({ ...report, ...(isNearby ? { isNearby } : {}) });
    this.#tellProblems();
  }

  /** The console's numbers for breakpoints in place of the debugger's; temporary ones have done their work. */
  async #withNumbers(description: StopDescription): Promise<StopDescription> {
    if (description.kind !== "breakpoint" && description.kind !== "data") return description;
    const hit = this.breakpoints.hit(description.breakpoints);
    await this.breakpoints.remove(hit.filter(({ isTemporary, isHidden }) => isTemporary && !isHidden));
    const known = hit.filter(({ isHidden }) => !isHidden);
    if (known.length === 0) return { kind: "step" };
    return { ...description, breakpoints: known.map(({ number }) => number) };
  }

  #events(): ProgramEvents {
    const { reporter } = this.parts;
    const decoder = new TextDecoder();
    return {
      output: (output) => {
        this.printed += decoder.decode(output.bytes, { stream: true });
        reporter.output(output);
      },
      logged: (message) => reporter.logged(message),
      breakpointChanged: (breakpoint) => {
        const known = this.breakpoints.changed(breakpoint);
        if (known && !known.isHidden) reporter.breakpoint({ ...breakpoint, id: known.number });
      },
      dataBreakpointChanged: (breakpoint) => {
        const known = this.breakpoints.changed(breakpoint);
        if (!known || breakpoint.isOver !== true) return;
        reporter.note(
          `${breakpoint.message ?? "What it watched is no more."} Breakpoint ${known.number} is over.`,
        );
        void this.breakpoints.remove([known]);
      },
      note: (text) => reporter.note(text),
      gone: (exit) => this.#gone(exit),
    };
  }

  #gone(exit: Exit): void {
    this.state = { kind: "exited", exit };
    this.parts.input.ended?.();
    this.parts.reporter.exited(exit);
  }

  /** Tells something that the user should know, the first time. */
  tellOnce(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.parts.reporter.note(text);
  }

  #tellProblems(): void {
    const problems = this.#program?.launched.debugInfo.problems ?? [];
    for (const problem of problems.slice(this.#notesTold)) this.tellOnce(problem);
    this.#notesTold = problems.length;
  }
}

const isEnd = ({ kind }: StopDescription): boolean => kind === "trap" || kind === "exception";

/** What is the same while a step stays in its function. */
async function whereOf(core: Debugger): Promise<string> {
  const { frames, total } = await core.stackTrace(0, 1);
  return `${frames[0]?.name} ${total}`;
}

/** Tells a breakpoint that has just been made or changed. */
export function tellBreakpoint(console: DebugConsole, breakpoint: ConsoleBreakpoint): void {
  const { number, set, place } = breakpoint;
  if (set === undefined) {
    console.say(`Breakpoint ${number} will be set when the program runs.`);
  } else if ("request" in set) {
    console.parts.reporter.breakpoint({ ...set, id: number });
  } else if (place.kind === "instruction") {
    const at = `Breakpoint ${number} at *0x${place.offset.toString(16)}`;
    console.say(set.verified ? at : `${at} is not set: ${set.message ?? "no instruction begins there."}`);
  } else if (place.kind === "data") {
    const at = `Breakpoint ${number} watches ${place.expression}`;
    console.say(set.message === undefined ? at : `${at}: ${set.message}`);
  }
}
