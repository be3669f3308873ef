import type { FuncIndex, LineKey, ModuleOffset } from "../base/brand.ts";
import { toLineKey } from "../base/brand.ts";
import type { DebugInfo, FunctionInfo } from "../debuginfo/debug-info.ts";
import type { TargetFrame } from "../target/target.ts";
import {
  type Arrival,
  type Arrivals,
  type FunctionArrivals,
  makesCall,
  ownCode,
  pathTo,
} from "./arrivals.ts";
import type { LineHistory } from "./line-history.ts";
import type { Standing } from "./standing.ts";
import type { SteppableFunctions } from "./steppable-functions.ts";

/** A wasm frame of a stop at which a step begins. */
export interface StepFrame {
  /** Index in the target's frames. */
  readonly index: number;
  readonly function: FuncIndex;
  readonly offset: ModuleOffset;
  /** Wasm frames from the outermost, which is 1. */
  readonly depth: number;
  /** Where a user sees it, when that is not simply at `offset`. */
  readonly standing?: Standing;
}

/** What plans are made from. */
export interface StepContext {
  readonly debugInfo: DebugInfo;
  readonly functions: SteppableFunctions;
  readonly arrivals: Arrivals;
  /**
   * Depth of the frame that the step stays in though it may not be the user's own code: one he stands in on purpose and goes
   * over lines of.
   */
  readonly stayIn?: number;
  readonly history: LineHistory;
  /** The C stack pointer in a frame, by its index in the target's frames. */
  readonly stackPointerOf: (index: number) => Promise<bigint | undefined>;
}

/** A frame that a step may end in, or that has frames of inlined calls in which it may. */
export interface TakingPart {
  readonly frame: StepFrame;
  readonly info: FunctionInfo;
  /** Key of the line it stands on; 0 where there is none. */
  readonly line: LineKey;
  /** The function, and the inlined calls it is in the midst of, outermost first. */
  readonly path: readonly number[];
  /** Absent for a function without inlined calls. */
  readonly arrivals: FunctionArrivals | undefined;
  /** Whether a step may end in the function itself or in a call inlined into it. */
  readonly takesPart: (call: number) => boolean;
  /** Whether an arrival in the frame is at the rest of a line that it has been seen on before. */
  readonly isRest: (arrival: Arrival) => boolean;
}

/**
 * Those of `frames` that a step may end in: in which the function, or an inlined call they are in the midst of, has lines of a
 * source that can be shown. Where that is so of none, those with lines.
 */
export function framesTakingPart(frames: readonly StepFrame[], context: StepContext): readonly TakingPart[] {
  const withLines = frames.flatMap((frame) => lookAt(frame, context) ?? []);
  const shown = withLines.filter(({ path, takesPart }) => path.some(takesPart));
  return shown.length > 0 ? shown : withLines.map((one) => ({ ...one, takesPart: () => true }));
}

function lookAt(frame: StepFrame, context: StepContext): TakingPart | undefined {
  const { debugInfo, functions } = context;
  const info = debugInfo.functionAt(frame.offset);
  if (!info?.hasLines) return undefined;
  const mayReturnToLines = context.history.hasLinesOf(info.index);
  const arrivals = mayReturnToLines ? context.arrivals.ofEach(info) : context.arrivals.of(info);
  const isRest = (arrival: Arrival): boolean => {
    const seen = context.history.visited(frame.depth, info.index, arrival.owner);
    const last = seen?.lines.get(arrival.line);
    if (!arrivals || !seen || last === undefined || arrival.offset <= seen.offset) return false;
    const isStraight = debugInfo.stackShape(info.index).loopBeginsWithin?.(last, arrival.offset) === false;
    return isStraight && !makesCall(debugInfo, arrivals, arrival);
  };
  const offset = frame.standing?.offset ?? frame.offset;
  const filtered = frame.depth !== context.stayIn;
  const takesPart = (call: number) => functions.isShown(info, call, { filtered });
  if (!arrivals) {
    return { frame, info, line: debugInfo.lineKeyAt(offset), path: [ownCode], arrivals, takesPart, isRest };
  }
  const whole = pathTo(arrivals.calls, arrivals.calls.callAt(offset));
  const pending = frame.standing?.pending ?? 0;
  const path = pending === 0 ? whole : whole.slice(0, Math.max(1, whole.length - pending));
  const next = whole[path.length];
  const line =
    next === undefined ? debugInfo.lineKeyAt(offset) : toLineKey(arrivals.calls.calls[next]?.line ?? 0);
  return { frame, info, line, path, arrivals, takesPart, isRest };
}

/** `index`: the frame's in the target's frames. `undefined` for a host frame. */
export function toStepFrame(frame: TargetFrame, index: number, standing?: Standing): StepFrame | undefined {
  if (frame.kind === "host") return undefined;
  const { function: func, offset, depth } = frame;
  return { index, function: func, offset, depth, ...(standing ? { standing } : {}) };
}
