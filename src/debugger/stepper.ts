import { upperBound } from "../base/binary-search.ts";
import { type ModuleOffset, type StopNumber, toModuleOffset } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import { knowsLines } from "../debuginfo/knows-lines.ts";
import type { SiteRole, StepEnd } from "../target/target.ts";
import { type Arrival, Arrivals, arrivalAt, ownCode } from "./arrivals.ts";
import type { StepGranularity, StepKind } from "./debugger-types.ts";
import { callsBetween, judge, type Verdict } from "./inlined-steps.ts";
import { planInstructionStep } from "./instruction-steps.ts";
import type { LeavingCall } from "./leaving-call.ts";
import { LineHistory } from "./line-history.ts";
import type { PausedGuest } from "./paused-guest.ts";
import type { SourceFrame } from "./source-frames.ts";
import { sourceFramesAt } from "./source-frames.ts";
import type { Standing } from "./standing.ts";
import type { StepFilters } from "./step-filters.ts";
import { framesTakingPart, type StepContext, type StepFrame, type TakingPart } from "./step-frames.ts";
import { planStep } from "./step-plans.ts";
import { StepProgress } from "./step-progress.ts";
import { judgeTarget, type StepTarget, withTarget } from "./step-targets.ts";
import { SteppableFunctions } from "./steppable-functions.ts";

/** A step on its way. */
export interface StepRun {
  readonly kind: "step";
  readonly step: StepKind;
  readonly granularity: StepGranularity;
  readonly context: StepContext;
  /** The only call that it goes into. */
  readonly target?: StepTarget;
  /** The call that a step out leaves. */
  readonly leaves?: LeavingCall;
  /** Absent when the guest had not begun. */
  readonly progress?: StepProgress;
}

/** What a step does: it lets the guest run, or only goes into a call that was inlined where the guest stands. */
export type BegunStep =
  | { readonly kind: "run"; readonly run: StepRun; readonly ends: readonly StepEnd[] }
  | { readonly kind: "enter"; readonly standing: Standing };

/** Plans steps, and says where a user sees the guest when it has stopped. For the session. */
export class Stepper {
  readonly #debugInfo: DebugInfo;
  readonly #arrivals: Arrivals;
  readonly #functions: SteppableFunctions;
  readonly #history = new LineHistory();
  /** The stop that a step has ended with, if it was the last. */
  #steppedTo: StopNumber | undefined;

  constructor(debugInfo: DebugInfo, isShown: (path: string) => boolean, filters?: StepFilters) {
    this.#debugInfo = debugInfo;
    this.#arrivals = new Arrivals(debugInfo);
    this.#functions = new SteppableFunctions(debugInfo, isShown, this.#arrivals, filters);
  }

  /** Where a guest may be entered. */
  get entries(): readonly StepEnd[] {
    return this.#functions.stretches;
  }

  async begin(
    paused: PausedGuest,
    asked: StepKind,
    granularity: StepGranularity,
    target?: StepTarget,
  ): Promise<BegunStep> {
    // A step into one call is a step over all others.
    const kind = target ? "over" : asked;
    const frames = await paused.wasmFrames();
    const [current] = frames;
    const context: StepContext = {
      debugInfo: this.#debugInfo,
      functions: this.#functions,
      arrivals: this.#arrivals,
      history: this.#history,
      ...(kind === "over" && current ? { stayIn: current.depth } : {}),
      stackPointerOf: (index) => paused.stackPointerOf(index),
    };
    // Where no line is known, all steps are as small as they can be.
    const { status } = this.#debugInfo;
    const hasLines = knowsLines(status) && this.#debugInfo.statements().offset.length > 0;
    const byLine = granularity === "line" && hasLines;
    const entered = byLine && kind === "in" ? this.#enter(paused.standing) : undefined;
    if (paused.stop !== this.#steppedTo) this.#history.clear();
    if (byLine) this.#noteBegin(frames, context);
    if (entered) return { kind: "enter", standing: entered };
    const planned = await (byLine ? planStep : planInstructionStep)(kind, frames, context);
    const ends = target ? withTarget(planned, target, this.#functions.stretches) : planned;
    const run: StepRun = {
      ...{ kind: "step", step: kind, granularity: byLine ? "line" : "instruction", context },
      ...(target ? { target } : {}),
      // A guest that has not begun has no frames to come back to.
      ...(frames.length === 0 ? {} : { progress: new StepProgress(kind, frames) }),
    };
    return { kind: "run", run, ends };
  }

  /** Where a step to `ends` has to go on from a stop of the engine; `undefined` when it has ended there. */
  async resumeFrom(
    run: StepRun,
    paused: PausedGuest,
    ends: readonly StepEnd[],
    site: SiteRole | undefined,
  ): Promise<readonly StepEnd[] | undefined> {
    if (run.step === "in" || !run.progress) return undefined;
    const { target, progress } = run;
    if (target) {
      const [innermost, caller] = await paused.wasmFrames();
      const verdict = judgeTarget(target, innermost, caller);
      if (verdict === "end") return undefined;
      if (verdict === "elsewhere") return ends;
    }
    const left = await progress.resumeFrom(paused.pages, outdated(run.context), site);
    return left && target && left.length > 0 ? withTarget(left, target, this.#functions.stretches) : left;
  }

  /** Where a user sees a guest that a step has ended with, or that is entered. */
  async afterStep(
    paused: PausedGuest,
    point: ModuleOffset,
    site: SiteRole | undefined,
    run?: StepRun,
  ): Promise<Standing | undefined> {
    const offset = this.#placeOf(point, site);
    const isByLine = run?.granularity !== "instruction";
    const known =
      run && isByLine ? await run.progress?.innermostOf(paused.pages, outdated(run.context)) : undefined;
    if (known) this.#history.keepBelow(known.taking ? known.depth + 1 : known.depth);
    else this.#history.clear();
    this.#steppedTo = isByLine ? paused.stop : undefined;
    // Behind a call the frame is still at it: the rest of its line is to come.
    if (site === "return") return known?.taking && standingAt(known.taking.frame.offset, point, 0);
    const seen = isByLine ? this.#arrivalAt(offset) : undefined;
    if (!seen) return standingAt(offset, point, 0);
    const role = known?.isWhereItBegan ? run?.step : run?.step === "in" ? "back-in" : "back";
    const verdict = known?.taking && role && judge(seen, known.taking, role);
    const call = this.#callSeen(seen, verdict, known?.taking?.takesPart);
    return standingAt(offset, point, depthBelow(seen, call));
  }

  /** Where a user sees a guest at a breakpoint: in the innermost frame that `isMeant`. */
  atBreakpoint(
    point: ModuleOffset,
    role: SiteRole | undefined,
    isMeant: (frame: SourceFrame) => boolean,
  ): Standing | undefined {
    const offset = this.#placeOf(point, role);
    const frames = sourceFramesAt(this.#debugInfo, offset, "");
    return standingAt(offset, point, frames.find(isMeant)?.inlineDepth ?? 0);
  }

  #noteBegin(frames: readonly StepFrame[], context: StepContext): void {
    const [current] = frames;
    const taking = framesTakingPart(frames, context).find(({ frame }) => frame === current);
    if (!current || !taking) return;
    const { depth, function: func, standing, offset } = current;
    const { path, line } = taking;
    this.#history.note({ depth, function: func, path, line, offset: standing?.offset ?? offset });
  }

  /** The beginning of the statement that a site is of. */
  #placeOf(point: ModuleOffset, role: SiteRole | undefined): ModuleOffset {
    if (role !== undefined) return point;
    const { offset } = this.#debugInfo.statements();
    return toModuleOffset(offset[upperBound(offset, point) - 1] ?? point);
  }

  #arrivalAt(offset: ModuleOffset): Seen | undefined {
    const info = this.#debugInfo.functionAt(offset);
    const arrivals = info && this.#arrivals.of(info);
    const arrival = arrivals && arrivalAt(arrivals, offset);
    return arrival && { ...arrival, info, arrivals, offset };
  }

  /** The frame that an arrival is seen in, as the index of its call; of one that is new to the step, the outermost one. */
  #callSeen(
    seen: Seen,
    verdict: Verdict | undefined,
    takesPart = (call: number) => this.#functions.isShown(seen.info, call),
  ): number {
    const isOwner = verdict ? verdict.isPlace : seen.line !== 0 && takesPart(seen.owner);
    if (isOwner) return seen.owner;
    return callsBetween(seen.arrivals, seen).find(takesPart) ?? seen.innermost;
  }

  /** One call further in, or several where a step does not stop. */
  #enter(standing: Standing | undefined): Standing | undefined {
    if (!standing || standing.pending === 0) return undefined;
    const seen = this.#arrivalAt(standing.offset);
    if (!seen) return undefined;
    const pending = callsBetween(seen.arrivals, { ...seen, owner: ownCode }).slice(-standing.pending);
    const entered = pending.findIndex((call) => this.#functions.isShown(seen.info, call));
    return entered < 0 ? undefined : { ...standing, pending: pending.length - entered - 1 };
  }
}

type Seen = Arrival &
  Pick<TakingPart, "info"> & {
    readonly arrivals: NonNullable<TakingPart["arrivals"]>;
    readonly offset: ModuleOffset;
  };

/** How many of the calls that begin with an arrival lie further in than the one it is seen in. */
function depthBelow(seen: Seen, call: number): number {
  return callsBetween(seen.arrivals, { ...seen, owner: call }).length;
}

/** `undefined` for a place that is what it looks like. */
const standingAt = (offset: ModuleOffset, point: ModuleOffset, pending: number): Standing | undefined =>
  offset === point && pending === 0 ? undefined : { offset, pending };

/** For going on with a step: what was not unwound at the stop it began at cannot be any more. */
const outdated = (context: StepContext): StepContext => ({
  ...context,
  stackPointerOf: (index) => context.stackPointerOf(index).catch(() => undefined),
});
