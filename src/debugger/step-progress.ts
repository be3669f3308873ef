import type { StepEnd, TargetFrame } from "../target/target.ts";
import type { StackPages } from "./stack-pages.ts";
import {
  framesTakingPart,
  passedForGood,
  planReturn,
  type StepContext,
  type StepFrame,
} from "./step-plans.ts";

/**
 * A step over or out on its way: tells a place where it may end from one that only looks like it.
 *
 * The engine knows frames by depth and stack pointer. When a frame returns and its caller calls again before it
 * comes to a statement, as in `f(1) + f(2)`, the new frame has both in common with the old one: to stop in it would turn
 * a step over into a step in. What tells them apart is where the frame below stands, and whether the one that is there
 * could still come to the place.
 */
export class StepProgress {
  /** By depth; index 0 is unused. */
  readonly #began: readonly (StepFrame | undefined)[];

  /** `frames`: wasm frames where the step began, innermost first. */
  constructor(frames: readonly StepFrame[]) {
    const began: (StepFrame | undefined)[] = [];
    for (const frame of frames) began[frame.depth] = frame;
    this.#began = began;
  }

  /**
   * Where the step has to go on from a stop of the engine; `undefined` when it has ended there.
   *
   * `context` unwinds the stack of the stop that the step began at: frames still there keep their stack pointers.
   */
  async resumeFrom(pages: StackPages, context: StepContext): Promise<readonly StepEnd[] | undefined> {
    let outer: StepFrame | undefined;
    let isInnermost = true;
    for await (const frame of wasmFrames(pages)) {
      if (outer) {
        const same = this.#isSame(outer, frame) && !(isInnermost && this.#isAnew(outer, context));
        if (same) return isInnermost ? undefined : this.#goOn(outer.depth, context);
        isInnermost = false;
      }
      outer = frame;
    }
    if (outer && this.#isSame(outer, undefined))
      return isInnermost ? undefined : this.#goOn(outer.depth, context);
    return [];
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
    return planReturn(framesTakingPart(left as StepFrame[], context), context);
  }
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

/** `index`: the frame's in the target's frames. `undefined` for a host frame. */
export function toStepFrame(frame: TargetFrame, index: number): StepFrame | undefined {
  if (frame.kind === "host") return undefined;
  const { function: func, offset, depth } = frame;
  return { index, function: func, offset, depth };
}
