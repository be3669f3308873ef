import type { Abort } from "../base/abort.ts";
import { type MemoryAddress, type ModuleOffset, toStopNumber } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import type { FrameContext } from "../symbols/frame-context.ts";
import type { TypeDescription } from "../symbols/symbols.ts";
import type { Completions, EvaluateOptions } from "../symbols/symbols-parts.ts";
import { ExpressionError, type Scope, type Variable } from "../symbols/variable.ts";
import type { Exit, Halt, ResumePlan, StepEnd, Stop, TrapKind } from "../target/target.ts";
import { BreakpointBehaviours } from "./breakpoint-behaviour.ts";
import { hitAt } from "./breakpoint-hits.ts";
import { CodeBreakpoints, hasEnded } from "./code-breakpoints.ts";
import { DataBreakpoints } from "./data-breakpoints.ts";
import { DataLocations } from "./data-locations.ts";
import type { Debugger, DebuggerParts } from "./debugger.ts";
import type {
  Breakpoint,
  BreakpointBehaviour,
  BreakpointRequest,
  DataBreakpoint,
  DataBreakpointRequest,
  DataQuery,
  ExceptionRequest,
  FoundData,
  Frame,
  FunctionBreakpointRequest,
  InstructionBreakpoint,
  StepGranularity,
  StepKind,
  StopDescription,
} from "./debugger-types.ts";
import { EditQueue } from "./edit-queue.ts";
import { ExceptionStops } from "./exception-stops.ts";
import { isNamed } from "./function-breakpoints.ts";
import { describe, kindWithout } from "./halt-meaning.ts";
import { leavingCall, returnedFrom } from "./leaving-call.ts";
import { PausedGuest } from "./paused-guest.ts";
import type { SourceFrame } from "./source-frames.ts";
import type { Standing } from "./standing.ts";
import { findStepTargets, type StepTarget } from "./step-targets.ts";
import { Stepper, type StepRun } from "./stepper.ts";

/** What the guest was resumed for, and how its stops are to be read. */
type Run =
  | { readonly kind: "continue" }
  /** To the first statement worth showing. */
  | { readonly kind: "entry" }
  | StepRun;

/**
 * The debugger over one target.
 *
 * State changes at once when a request is taken, so that of two requests sent together the second one is refused
 * and not half done. `running` covers the moments in which a step is planned or found not to be finished yet, while
 * the target stands still.
 */
export class GuestDebugger implements Debugger {
  readonly #parts: DebuggerParts;
  readonly #stepper: Stepper;
  readonly #edits = new EditQueue();
  readonly #behaviours: BreakpointBehaviours;
  readonly #breakpoints: CodeBreakpoints;
  readonly #locations: DataLocations;
  readonly #data: DataBreakpoints;
  #nextBreakpoint = 1;
  #state: "paused" | "running" | "exited" = "paused";
  #started = false;
  #paused: PausedGuest;
  /** Whether the stop is one that nothing can be done at but end: a trap with its frames gone. */
  #postMortem = false;
  /** What the guest has trapped for, while it stands there. */
  #trap: TrapKind | undefined;
  readonly #exceptions: ExceptionStops;
  #pauseAsked = false;
  /** Whether the end has been asked for, so that the target's going is no surprise. */
  #ending = false;
  /** Settles when the halt of the current run has been dealt with. */
  #run: Promise<void> = Promise.resolve();

  constructor(parts: DebuggerParts) {
    this.#parts = parts;
    const { symbols, debugInfo, events } = parts;
    this.#behaviours = new BreakpointBehaviours(symbols, debugInfo, (message) => events.logged?.(message));
    this.#stepper = new Stepper(parts.debugInfo, parts.isShown, parts.stepFilters);
    this.#exceptions = new ExceptionStops(parts);
    this.#locations = new DataLocations(parts);
    const newId = () => this.#nextBreakpoint++;
    const behaviours = this.#behaviours;
    this.#breakpoints = new CodeBreakpoints({ ...parts, behaviours, edits: this.#edits, newId });
    this.#data = new DataBreakpoints({ ...parts, locations: this.#locations, behaviours, newId });
    parts.target.onWatchesOver = (ids) => {
      for (const ended of this.#data.over(ids)) events.dataBreakpointChanged?.(ended);
    };
    this.#paused = this.#pausedAt({ stop: toStopNumber(0) });
    void parts.target.exited?.then((exit) => this.#wentWhilePaused(exit));
  }

  get state(): "paused" | "running" | "exited" {
    return this.#state;
  }

  setBreakpoints(path: string, requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    return this.#breakpoints.setOnLines(path, requests);
  }

  setFunctionBreakpoints(requests: readonly FunctionBreakpointRequest[]): Promise<readonly Breakpoint[]> {
    return this.#breakpoints.setOnFunctions(requests);
  }

  setInstructionBreakpoints(
    points: readonly ModuleOffset[],
    behaviours: readonly BreakpointBehaviour[] = [],
  ): Promise<readonly InstructionBreakpoint[]> {
    return this.#breakpoints.setOnInstructions(points, behaviours);
  }

  findData(query: DataQuery): Promise<FoundData> {
    return this.#look((paused) => this.#locations.find(paused, query));
  }

  setDataBreakpoints(requests: readonly DataBreakpointRequest[]): Promise<readonly DataBreakpoint[]> {
    return this.#edits.add(async () =>
      this.#data.set(requests, this.#state === "paused" ? this.#paused : undefined),
    );
  }

  async start({ stopOnEntry }: { readonly stopOnEntry: boolean }): Promise<void> {
    if (this.#state === "exited") throw exited();
    if (this.#started) throw new TargetError("not-stopped", "The program has been started already.");
    this.#started = true;
    await this.#exceptions.watch();
    // Who has ended it meanwhile has told so.
    if (this.state === "exited") return;
    if (!stopOnEntry) return this.#resume({ kind: "continue" }, []);
    const ends = this.#stepper.entries;
    if (ends.length > 0) return this.#resume({ kind: "entry" }, ends);
    // Nothing tells where a statement begins: stand where it all begins.
    this.#parts.events.stopped({ number: this.#paused.stop, description: { kind: "entry" } });
  }

  async continue(): Promise<void> {
    this.#pausedGuest();
    this.#resume({ kind: "continue" }, []);
  }

  async stepTargets(): Promise<readonly StepTarget[]> {
    return this.#look(async (paused) => {
      const { module, debugInfo } = this.#parts;
      const [frame] = this.#postMortem ? [] : await paused.wasmFrames();
      return module && frame ? findStepTargets(module, debugInfo, frame) : [];
    });
  }

  async step(kind: StepKind, granularity: StepGranularity = "line", target?: StepTarget): Promise<void> {
    const paused = this.#pausedGuest();
    if (this.#postMortem) return this.#resume({ kind: "continue" }, []);
    this.#state = "running";
    try {
      const begun = await this.#stepper.begin(paused, kind, granularity, target);
      const leaves = kind === "out" ? await leavingCall(paused, this.#parts.target) : undefined;
      if (this.#state !== "running") throw exited();
      if (begun.kind === "run") return this.#resume({ ...begun.run, ...(leaves && { leaves }) }, begun.ends);
      this.#parts.events.continued();
      this.#stopped(paused.seenAt(begun.standing), { kind: "step" });
    } catch (error) {
      if (this.#state === "running") this.#state = "paused";
      throw this.#noteEnd(error);
    }
  }

  async pause(): Promise<void> {
    if (this.#state === "exited") throw exited();
    if (this.#state !== "running") throw new TargetError("not-running", "The program is paused already.");
    this.#pauseAsked = true;
    await this.#parts.target.pause();
  }

  async stackTrace(
    start: number,
    count: number,
  ): Promise<{ readonly frames: readonly Frame[]; readonly total: number }> {
    return this.#look((paused) => paused.stackTrace(start, count));
  }

  async scopes(frame: Frame): Promise<readonly Scope[]> {
    return this.#look(async (paused) => {
      const context = await paused.context(frame);
      return context ? this.#parts.symbols.scopes(context) : [];
    });
  }

  async parameters(frame: Frame): Promise<readonly Variable[]> {
    return this.#look(async (paused) => {
      const context = await paused.context(frame);
      return context ? this.#parts.symbols.parameters(context) : [];
    });
  }

  async evaluate(frame: Frame, text: string, options?: EvaluateOptions): Promise<Variable> {
    return this.#breakingOff(options?.signal, () =>
      this.#lookInto(frame, (context) => this.#parts.symbols.evaluate(context, text, options)),
    );
  }

  async describeType(frame: Frame, text: string): Promise<TypeDescription> {
    return this.#lookInto(frame, (context) => this.#parts.symbols.describeType(context, text));
  }

  #lookInto<T>(frame: Frame, ask: (context: FrameContext) => Promise<T>): Promise<T> {
    return this.#look(async (paused) => {
      const context = await paused.context(frame);
      if (context) return ask(context);
      throw new ExpressionError(`${frame.name} is not code of the program: it has no variables.`, 0);
    });
  }

  async complete(frame: Frame, text: string, column: number): Promise<Completions> {
    return this.#look(async (paused) => {
      const context = await paused.context(frame);
      return context ? this.#parts.symbols.complete(context, text, column) : { start: column, items: [] };
    });
  }

  /** Breaks a call of the guest's off that `work` makes, when it is given up. */
  async #breakingOff<T>(signal: Abort | undefined, work: () => Promise<T>): Promise<T> {
    const breakOff = () => this.#parts.target.breakOffCall?.();
    signal?.addEventListener("abort", breakOff, { once: true });
    try {
      return await work();
    } finally {
      signal?.removeEventListener("abort", breakOff);
    }
  }

  async readMemory(
    memory: number,
    address: MemoryAddress,
    length: number,
    signal?: Abort,
  ): Promise<Uint8Array> {
    return this.#look(({ stop }) => this.#parts.target.readMemory(stop, memory, address, length, signal));
  }

  async writeMemory(memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    const { target, symbols, events } = this.#parts;
    await this.#look(({ stop }) => target.writeMemory(stop, memory, address, bytes));
    if (memory === 0) symbols.memoryChanged(address, bytes.length);
    events.memoryChanged?.({ memory, address, length: bytes.length });
  }

  async memorySizes(): Promise<readonly bigint[]> {
    return this.#look(({ stop }) => this.#parts.target.memorySizes(stop));
  }

  async explainTrap(): Promise<string | undefined> {
    return this.#look(async ({ stop }) => this.#trap && this.#parts.traps?.explain(stop, this.#trap));
  }

  setExceptionFilters(requests: readonly ExceptionRequest[]): Promise<readonly (string | undefined)[]> {
    return this.#exceptions.choose(requests);
  }

  async terminate(): Promise<void> {
    this.#ending = true;
    await this.#parts.target.terminate();
    await this.#ended();
  }

  async kill(): Promise<void> {
    this.#ending = true;
    await this.#parts.target.kill();
    await this.#ended();
  }

  async detach(): Promise<boolean> {
    this.#ending = true;
    const livesOn = (await this.#parts.target.detach?.()) ?? false;
    if (!livesOn) {
      await this.kill();
      return false;
    }
    await this.#run;
    this.#state = "exited";
    return true;
  }

  /** The target has no process any more: what is still to be told is told before this returns. */
  async #ended(): Promise<void> {
    await this.#run;
    this.#exit({ kind: "exited", exitCode: 137, cause: { kind: "terminated" } });
  }

  /** Ends the session when the guest is gone though nobody let it run: it was killed from outside. */
  #wentWhilePaused(exit: Exit): void {
    if (this.#state === "paused" && !this.#ending) this.#exit(exit);
  }

  #pausedAt({ stop, reason }: Pick<Stop, "stop"> & Partial<Stop>): PausedGuest {
    const isUnwound = reason?.kind === "exception";
    const { target, debugInfo, listing, stepFilters: filters } = this.#parts;
    return new PausedGuest(target, debugInfo, stop, { isUnwound, listing, filters });
  }

  /** The guest at its stop, for requests that need one. */
  #pausedGuest(): PausedGuest {
    if (this.#state === "exited") throw exited();
    if (this.#state === "running") throw new TargetError("not-stopped", "The program is running.");
    return this.#paused;
  }

  /** Asks something of the paused guest. */
  async #look<T>(ask: (paused: PausedGuest) => Promise<T>): Promise<T> {
    const paused = this.#pausedGuest();
    try {
      return await ask(paused);
    } catch (error) {
      throw this.#noteEnd(error);
    }
  }

  /** A target that turns out to be gone while it was thought to be paused has ended; its error is passed on. */
  #noteEnd(error: unknown): unknown {
    if (this.#state === "paused" && error instanceof TargetError && hasEnded(error)) this.#lost(error);
    return error;
  }

  /** Lets the guest go. From here on its frames are gone; what comes of it arrives in `#halted`. */
  #resume(run: Run, ends: readonly StepEnd[]): void {
    this.#state = "running";
    this.#postMortem = false;
    this.#parts.events.continued();
    this.#run = this.#goUntilTold(run, ends);
  }

  async #goUntilTold(run: Run, ends: readonly StepEnd[]): Promise<void> {
    const { target } = this.#parts;
    try {
      let left: readonly StepEnd[] | undefined = ends;
      while (left) {
        const plan: ResumePlan = left.length > 0 ? { kind: "step", ends: left } : { kind: "continue" };
        const halted: Promise<Halt> = target.resume(plan);
        // Asked for while the target stood still, where it had no effect.
        if (this.#pauseAsked) target.pause().catch(() => {});
        left = await this.#halted(run, await halted, left);
      }
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Tells what a halt means; answers where a step has to go on that only seemed to be finished. */
  async #halted(run: Run, halt: Halt, ends: readonly StepEnd[]): Promise<readonly StepEnd[] | undefined> {
    if (halt.kind === "exited") {
      this.#exit(halt);
      return undefined;
    }
    if (halt.kind === "detached") return undefined;
    // Edits on their way decide which breakpoints are at the place where the guest stands.
    await this.#edits.settled();
    const paused = this.#pausedAt(halt);
    if (this.#exceptions.isEnd(halt)) {
      const description = await this.#exceptions.describe(halt, paused);
      return description ? this.#stopped(paused, description) : ends;
    }
    const hit = await hitAt(halt, paused, {
      table: this.#breakpoints.table,
      instructions: this.#breakpoints.instructions,
      behaviours: this.#behaviours,
      data: this.#data,
      symbols: this.#parts.symbols,
    });
    if (hit) return this.#stopped(paused.seenAt(this.#standingAt(halt, hit)), hit);
    const kind = kindWithout(halt);
    if (kind === undefined) {
      if (this.#state !== "running") return undefined;
      return this.#pauseAsked ? this.#stopped(paused, { kind: "pause" }) : ends;
    }
    if (kind !== "step" || !("point" in halt.reason))
      return this.#stopped(paused, describe(halt, kind, { isEntry: run.kind === "entry" }));
    const step = run.kind === "step" ? run : undefined;
    const { point, role } = halt.reason;
    const left = step && (await this.#stepper.resumeFrom(step, paused, ends, role));
    if (left && !this.#pauseAsked) return left;
    if (left) return this.#stopped(paused, { kind: "pause" });
    const standing = await this.#stepper.afterStep(paused, point, role, step);
    const returned = step?.leaves && (await returnedFrom(step.leaves, paused, halt.reason));
    const seen = paused.seenAt(standing).behind(returned);
    return this.#stopped(seen, describe(halt, kind, { isEntry: run.kind === "entry" }));
  }

  /** Where the user is who has set these breakpoints: on a line, perhaps of a function that was inlined, or on a function. */
  #standingAt(
    { reason }: Stop,
    { breakpoints }: { readonly breakpoints: readonly number[] },
  ): Standing | undefined {
    if (!("point" in reason)) return undefined;
    const hit = this.#breakpoints.table.all().filter(({ id }) => breakpoints.includes(id));
    const isMeant = ({ name, position }: SourceFrame): boolean =>
      hit.some(({ source, line, request }) =>
        request.name === undefined
          ? position?.source === source && position?.line === line
          : isNamed(name, request.name),
      );
    return this.#stepper.atBreakpoint(reason.point, reason.role, isMeant);
  }

  #stopped(paused: PausedGuest, description: StopDescription): undefined {
    if (this.#state === "exited") return;
    this.#pauseAsked = false;
    this.#paused = paused;
    this.#postMortem =
      (description.kind === "exception" || description.kind === "trap") && description.alive !== true;
    this.#trap = description.kind === "trap" ? description.trap : undefined;
    this.#state = "paused";
    this.#parts.events.stopped({ number: paused.stop, description });
  }

  /** The target has gone without a word. When that was asked for, whoever asked tells it. */
  #lost(error: unknown): void {
    if (this.#ending) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#exit({ kind: "exited", exitCode: 1, cause: { kind: "crashed", message } });
  }

  #exit(exit: Exit): void {
    if (this.#state === "exited") return;
    this.#state = "exited";
    this.#parts.events.exited(exit);
  }
}

const exited = (): TargetError => new TargetError("exited", "The program has ended.");
