import type { Frame } from "../../src/debugger/debugger-types.ts";
import { DebuggerRecorder } from "./debugger-recorder.ts";
import { type RunningFixture, startFixture } from "./engine.ts";
import type { Fixture } from "./fixtures.ts";

/** A fixture under the real engine, with a debugger that shows its own sources and no others. */
export class Walk {
  readonly recorder: DebuggerRecorder;
  readonly running: RunningFixture;
  readonly #guest: Fixture;

  constructor(guest: Fixture, running: RunningFixture) {
    this.#guest = guest;
    this.running = running;
    const isShown = (path: string): boolean => path.startsWith(guest.compilationDir);
    const sourceFileMap = { [guest.compilationDir]: guest.sourceFolder };
    this.recorder = new DebuggerRecorder(running.target, running.info, { isShown, sourceFileMap });
  }

  /** Stopped at the first line that can be shown. */
  async enter(): Promise<Place> {
    await this.recorder.debugger.start({ stopOnEntry: true });
    return this.place();
  }

  /** Stopped at a breakpoint at a marker of the main source, with no other breakpoint. */
  async runTo(marker: string, file?: string): Promise<Place> {
    const { debugger: core } = this.recorder;
    const line = this.#guest.markers(file).lineOf(marker) - 1;
    const [breakpoint] = await core.setBreakpoints(this.#guest.source(file), [{ line }]);
    if (!breakpoint?.verified) throw new Error(`no code at ${marker}`);
    await core.start({ stopOnEntry: false });
    const place = await this.place();
    await core.setBreakpoints(this.#guest.source(file), []);
    return place;
  }

  async step(kind: "over" | "in" | "out"): Promise<Place> {
    await this.recorder.debugger.step(kind);
    return this.place();
  }

  async continue(): Promise<Place> {
    await this.recorder.debugger.continue();
    return this.place();
  }

  /** Where the guest halts next. */
  async place(): Promise<Place> {
    const told = await this.recorder.next();
    if (told.event === "exited") return { reason: `exited ${told.exit.exitCode}`, frames: [], text: "" };
    const { frames } = await this.recorder.debugger.stackTrace(0, 1000);
    const shown = frames.filter(({ kind }) => kind !== "host");
    return { reason: told.description.kind, frames: shown, text: shown.map(shortName).join(" < ") };
  }
}

/** A halt: why, and the program's frames, innermost first. */
export interface Place {
  readonly reason: string;
  readonly frames: readonly Frame[];
  /** `inner:30 < middle:37 < main:5` */
  readonly text: string;
}

/** Begins a walk; `endAll` of the engine in an `afterEach` ends it. */
export async function beginWalk(guest: Fixture, args: readonly string[] = []): Promise<Walk> {
  return new Walk(guest, await startFixture(guest, { args }));
}

/** A frame's own name without what it is declared in, and its line from 1. */
const shortName = ({ name, position }: Frame): string => {
  const own = name.replace(/<.*>/s, "").split("::").at(-1);
  return `${own}:${position ? position.line + 1 : "?"}`;
};
