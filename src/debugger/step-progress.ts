import type { SiteRole, StepEnd } from "../target/target.ts";
import { arrivalAt } from "./arrivals.ts";
import type { StepKind } from "./debugger-types.ts";
import { judge } from "./inlined-steps.ts";
import type { StackPages } from "./stack-pages.ts";
import {
  framesTakingPart,
  type StepContext,
  type StepFrame,
  type TakingPart,
  toStepFrame,
} from "./step-frames.ts";
import { endsBehindCall, passedForGood, planReturn } from "./step-plans.ts";

/**
 * A step over or out on its way: tells a place where it may end from one that only looks like it.
 *
 * The engine knows frames by depth and stack pointer. When a frame returns and its caller calls again before it
 * comes to a statement, as in `f(1) + f(2)`, the new frame has both in common with the old one: to stop in it would turn
 * a step over into a step in. What tells them apart is where the frame below stands, and whether the one that is there
 * could still come to the place.
 */
export class StepProgress {
  readonly #frames: readonly StepFrame[];
  /** By depth; index 0 is unused. */
  readonly #began: readonly (StepFrame | undefined)[];

  readonly #kind: StepKind;

  /** `frames`: wasm frames where the step began, innermost first. */
  constructor(kind: StepKind, frames: readonly StepFrame[]) {
    this.#kind = kind;
    this.#frames = frames;
    const began: (StepFrame | undefined)[] = [];
    for (const frame of frames) began[frame.depth] = frame;
    this.#began = began;
  }

  /**
   * Where the step has to go on from a stop of the engine; `undefined` when it has ended there.
   *
   * `context` unwinds the stack of the stop that the step began at: frames still there keep their stack pointers.
   */
  async resumeFrom(
    pages: StackPages,
    context: StepContext,
    site?: SiteRole,
  ): Promise<readonly StepEnd[] | undefined> {
    let outer: StepFrame | undefined;
    let isInnermost = true;
    for await (const frame of wasmFrames(pages)) {
      if (outer) {
        const same = this.#isSame(outer, frame) && !(isInnermost && this.#isAnew(outer, context));
        if (same) return this.#ended(outer, isInnermost, context, site);
        isInnermost = false;
      }
      outer = frame;
    }
    if (outer && this.#isSame(outer, undefined)) return this.#ended(outer, isInnermost, context, site);
    return [];
  }

  /** The innermost frame: `taking` when it was there where the step began, and took part. */
  async innermostOf(pages: StackPages, context: StepContext): Promise<Innermost | undefined> {
    const frames: StepFrame[] = [];
    for await (const frame of wasmFrames(pages)) {
      frames.push(frame);
      if (frames.length === 2) break;
    }
    const [innermost, caller] = frames;
    if (!innermost) return undefined;
    const isSame = this.#isSame(innermost, caller) && !this.#isAnew(innermost, context);
    const before = isSame ? this.#began[innermost.depth] : undefined;
    const taking = before && framesTakingPart(this.#frames, context).find((one) => one.frame === before);
    const isWhereItBegan = before !== undefined && before === this.#frames[0];
    return { depth: innermost.depth, taking, isWhereItBegan };
  }

  #ended(frame: StepFrame, isInnermost: boolean, context: StepContext, site: SiteRole | undefined) {
    if (isInnermost && this.#isEnd(frame, context, site)) return undefined;
    return this.#goOn(frame.depth, context);
  }

  /** Of functions with inlined calls the engine knows what the innermost of its frames is in the midst of, which may not be this one. */
  #isEnd(frame: StepFrame, context: StepContext, site: SiteRole | undefined): boolean {
    const before = this.#began[frame.depth];
    const isWhereItBegan = before !== undefined && this.#began[frame.depth + 1] === undefined;
    if (!before || isWhereItBegan) return true;
    const taking = framesTakingPart(this.#frames, context).find((one) => one.frame === before);
    if (site === "return") return !taking || endsBehindCall(taking);
    const arrival = taking?.arrivals && arrivalAt(taking.arrivals, frame.offset);
    return !taking || !arrival || judge(arrival, taking, "back")?.ends === true;
  }

  /** Whether the innermost frame stands where the one in its place could not have come to any more. */
  #isAnew(frame: StepFrame, context: StepContext): boolean {
    const before = this.#began[frame.depth];
    const info = context.debugInfo.functionAt(frame.offset);
    if (!before || !info) return false;
    return frame.offset < passedForGood({ frame: before, info }, context);
  }

  /** Whether `frame`, called from `caller`, was on the stack already when the step began. */
  #isSame(frame: StepFrame, caller: StepFrame | undefined): boolean {
    const before = this.#began[frame.depth];
    const callerBefore = this.#began[frame.depth - 1];
    if (before === undefined || before.function !== frame.function) return false;
    if (caller === undefined) return frame.depth === 1;
    return (
      callerBefore !== undefined &&
      callerBefore.function === caller.function &&
      callerBefore.offset === caller.offset
    );
  }

  /** Ends in the frames from `depth` outwards. */
  async #goOn(depth: number, context: StepContext): Promise<readonly StepEnd[]> {
    const left = this.#began.filter((frame) => frame !== undefined && frame.depth <= depth).reverse();
    return planReturn(this.#kind, framesTakingPart(left as StepFrame[], context), context);
  }
}

interface Innermost {
  readonly depth: number;
  readonly taking: TakingPart | undefined;
  /** Whether it is the frame that the step began in. */
  readonly isWhereItBegan: boolean;
}

/** Wasm frames of a stop, innermost first, fetched as they are asked for. */
export async function* wasmFrames(pages: StackPages): AsyncGenerator<StepFrame, void, undefined> {
  for (let start = 0; ; start += pageFrames) {
    const frames = await pages.slice(start, pageFrames);
    for (const [at, frame] of frames.entries()) {
      const found = toStepFrame(frame, start + at);
      if (found) yield found;
    }
    if (frames.length < pageFrames) return;
  }
}

/** As many as clients ask for first: what is fetched here is shown next. */
const pageFrames = 20;
