import type { Debugger } from "../../../src/debugger/debugger.ts";
import type { DebuggerEvents, StopDescription } from "../../../src/debugger/debugger-types.ts";
import type { Exit } from "../../../src/target/target.ts";
import type { LaunchConfiguration } from "../../launch/configuration.ts";
import type { Launched, launch } from "../../launch/launch.ts";

/** Why a program does not run any more. */
export type ConsoleHalt =
  | { readonly kind: "stopped"; readonly description: StopDescription }
  | { readonly kind: "exited"; readonly exit: Exit };

/** What a program tells between its halts. */
export type ProgramEvents = Pick<
  DebuggerEvents,
  "output" | "logged" | "breakpointChanged" | "dataBreakpointChanged"
> & {
  /** Something the user should know. */
  note(text: string): void;
  /** It has ended while it stood still: somebody else has ended it. */
  gone(exit: Exit): void;
};

/** A program under the debugger, as something one resumes and awaits. */
export class RunningProgram {
  readonly launched: Launched;
  /** Those it was loaded with. */
  readonly args: readonly string[];
  hasStarted = false;
  readonly #halts: Halts;

  private constructor(launched: Launched, args: readonly string[], halts: Halts) {
    this.launched = launched;
    this.args = args;
    this.#halts = halts;
  }

  /** Loads a program; it stands before its first instruction then. Rejects as `launch` does. */
  static async launch(
    configuration: LaunchConfiguration,
    start: typeof launch,
    events: ProgramEvents,
  ): Promise<RunningProgram> {
    const halts = new Halts(events);
    const launched = await start(configuration, {
      note: (text) => events.note(text),
      events: {
        ...{ output: events.output, breakpointChanged: events.breakpointChanged, continued: () => {} },
        ...(events.logged ? { logged: events.logged } : {}),
        ...(events.dataBreakpointChanged ? { dataBreakpointChanged: events.dataBreakpointChanged } : {}),
        stopped: ({ description }) => halts.halted({ kind: "stopped", description }),
        exited: (exit) => halts.halted({ kind: "exited", exit }),
      },
    });
    return new RunningProgram(launched, configuration.args, halts);
  }

  get debugger(): Debugger {
    return this.launched.debugger;
  }

  /** Lets it run by `resume`; answers what stops it. */
  async go(resume: (core: Debugger) => Promise<void>): Promise<ConsoleHalt> {
    const halt = this.#halts.next();
    try {
      await resume(this.debugger);
    } catch (error) {
      // What ends while it is told to go on has been told of already.
      if (this.#halts.forget()) throw error;
    }
    return halt;
  }

  /** Ends it at once; no process is left then. */
  async kill(): Promise<void> {
    this.#halts.ending = true;
    await this.debugger.kill();
    await this.launched.settled?.();
  }
}

/** Brings what a program tells by itself to whoever waits for it. */
class Halts {
  readonly #events: ProgramEvents;
  #waiting: ((halt: ConsoleHalt) => void) | undefined;
  ending = false;

  constructor(events: ProgramEvents) {
    this.#events = events;
  }

  next(): Promise<ConsoleHalt> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Takes back what waits; answers whether it still waited. */
  forget(): boolean {
    const waited = this.#waiting !== undefined;
    this.#waiting = undefined;
    return waited;
  }

  halted(halt: ConsoleHalt): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(halt);
    else if (halt.kind === "exited" && !this.ending) this.#events.gone(halt.exit);
  }
}
