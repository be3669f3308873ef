import { lowerBound, upperBound } from "../base/binary-search.ts";
import type { FuncIndex, ModuleOffset } from "../base/brand.ts";
import { toModuleOffset } from "../base/brand.ts";
import type { StepEnd } from "../target/target.ts";
import { type FunctionArrivals, ownCode } from "./arrivals.ts";
import type { StepKind } from "./debugger-types.ts";
import { type EndConditions, endsByStatement, judge, type StepRole } from "./inlined-steps.ts";
import { framesTakingPart, type StepContext, type StepFrame, type TakingPart } from "./step-frames.ts";
import type { CodeStretch } from "./steppable-functions.ts";

/**
 * Where a step may end that begins at a stop with these wasm frames (innermost first).
 *
 * - *over*: at another line in this frame, or in any frame below it on the stack once this one has returned;
 * - *in*: there, or in any function that a step goes into, called from here however indirectly;
 * - *out*: in any frame below this one.
 *
 * An inlined call is a frame like any other: of one Wasm frame several may take part.
 * A frame takes part when its function has lines of a source that can be shown. Where no frame of the stack has,
 * frames whose source cannot be shown do. A step over or in that begins in a frame which takes no part steps out of it.
 * All callers take part and not the nearest one alone, so that a step ends even when frames are left all at once.
 */
export async function planStep(
  kind: StepKind,
  frames: readonly StepFrame[],
  context: StepContext,
): Promise<StepEnd[]> {
  const [current] = frames;
  const taking = framesTakingPart(frames, context);
  if (!current) return kind === "out" ? [] : [...context.functions.stretches];
  if (kind === "in") return planStepIn(current, taking, context);
  const roles = taking.map((one): FrameInStep => {
    const role = one.frame === current ? kind : roleOfCallers(kind);
    return { taking: one, role };
  });
  return planFrames(roles, context);
}

/** Ends in any of `frames`, which such a step comes back to: each function once, at the innermost of its frames or further out. */
export function planReturn(
  kind: StepKind,
  frames: readonly TakingPart[],
  context: StepContext,
): Promise<StepEnd[]> {
  const role = roleOfCallers(kind);
  return planFrames(
    frames.map((taking) => ({ taking, role })),
    context,
  );
}

/** A step out ends where the call returns to, so that what is left of its line can be seen, and stepped into; others at a statement. */
const roleOfCallers = (kind: StepKind): StepRole => (kind === "out" ? "returned" : "back");

interface FrameInStep {
  readonly taking: TakingPart;
  readonly role: StepRole;
}

/** `frames`: innermost first. */
async function planFrames(frames: readonly FrameInStep[], context: StepContext): Promise<StepEnd[]> {
  const byFunction = new Map<FuncIndex, FrameInStep[]>();
  for (const one of frames) {
    const { arrivals, frame } = one.taking;
    if (!arrivals && one.role === "out") continue;
    const others = byFunction.get(frame.function);
    if (others) others.push(one);
    else byFunction.set(frame.function, [one]);
  }
  const ends: StepEnd[] = [];
  for (const [first, ...others] of byFunction.values()) {
    if (!first) continue;
    if (first.taking.arrivals) ends.push(...(await endsAmongCalls([first, ...others], context)));
    else {
      const end = await endIn(first.taking, context);
      if (first.role === "over") ends.push({ ...end, ...(await exceptLine(first.taking, context)) });
      else ends.push(first.role === "returned" ? { ...end, returns: true } : end);
    }
  }
  return ends;
}

/** Ends in frames of one function that has inlined calls: each statement for the innermost frame that the step may end in there. */
async function endsAmongCalls(frames: readonly FrameInStep[], context: StepContext): Promise<StepEnd[]> {
  const arrivals = frames[0]?.taking.arrivals;
  if (!arrivals) return [];
  const limits: EndConditions[] = [];
  for (const { taking } of frames) limits.push(await limitsOf(taking, context));
  const known = new Map<string, EndConditions>();
  const conditions = (frame: number, level: number, more: EndConditions): EndConditions => {
    const key = `${frame} ${level} ${Object.keys(more)}`;
    const found = known.get(key) ?? { ...limits[frame], ...more };
    known.set(key, found);
    return found;
  };
  const returning = frames.map(({ taking, role }) =>
    role === "returned" && endsBehindCall(taking)
      ? upperBound(arrivals.offset, taking.frame.offset) - 1
      : undefined,
  );
  return endsByStatement(arrivals, (arrival, statement) => {
    const returns = returning.includes(statement) ? { returns: true } : {};
    for (const [at, { taking, role }] of frames.entries()) {
      const verdict = judge(arrival, taking, role);
      if (!verdict) continue;
      const { ends, leaves, level } = verdict;
      // What is over can be come to again, in calls of the frame that have been left meanwhile.
      const more = role !== "over" ? returns : leaves ? { level, leaves } : { level };
      if (ends) return conditions(at, level, more);
      if (leaves && role === "over") return conditions(at, level, { ...more, passing: true });
    }
    const behindCall = returning.indexOf(statement);
    return behindCall < 0 ? undefined : conditions(behindCall, 0, { ...returns, passing: true });
  });
}

/** Whether a step out ends just behind the call that a frame is at: not where that was made by inlined code that is not shown. */
export const endsBehindCall = ({ path, takesPart }: TakingPart): boolean => takesPart(path.at(-1) ?? ownCode);

async function planStepIn(
  current: StepFrame,
  taking: readonly TakingPart[],
  context: StepContext,
): Promise<StepEnd[]> {
  let stretches: readonly CodeStretch[] = context.functions.stretches;
  for (const { info } of taking) stretches = without(stretches, info);
  const ends: StepEnd[] = [...stretches];
  const seen = new Set<FuncIndex>();
  for (const here of taking) {
    if (seen.has(here.frame.function)) continue;
    seen.add(here.frame.function);
    ends.push(...(await (here.frame === current ? endsInAnew : endsBack)(here, context)));
  }
  return ends.sort((a, b) => a.from - b.from);
}

/**
 * Ends in the function that a step in begins in. The line it begins on must be left, except by calling the function
 * again: at a place that this frame has passed for good.
 */
async function endsInAnew(here: TakingPart, context: StepContext): Promise<StepEnd[]> {
  const { from, to } = here.info;
  const passed = toModuleOffset(Math.max(from, passedForGood(here, context)));
  const before = { from, to: passed };
  const { arrivals } = here;
  if (!arrivals) {
    const except = await exceptLine(here, context);
    return [before, { from: passed, to, ...except }].filter((end) => end.from < end.to);
  }
  const ends = await endsWhereJudged(here, arrivals, "in", context);
  const behind = ends.flatMap((end) => (end.to <= passed ? [] : [{ ...end, from: later(end.from, passed) }]));
  return [before, ...behind].filter((end) => end.from < end.to);
}

/** Ends in the function of a frame that is come back to, or that is called again. */
async function endsBack(here: TakingPart, context: StepContext): Promise<StepEnd[]> {
  return here.arrivals ? endsWhereJudged(here, here.arrivals, "back-in", context) : [range(here.info)];
}

/** Ends where the frame's arrivals are any, and anywhere in other frames of its function. */
async function endsWhereJudged(
  here: TakingPart,
  arrivals: FunctionArrivals,
  role: StepRole,
  context: StepContext,
): Promise<StepEnd[]> {
  const { depth } = here.frame;
  const stackPointer = await distinctStackPointer(here, context);
  const inOthers: EndConditions = {
    except: { depth, ...(stackPointer === undefined ? {} : { stackPointer }) },
  };
  const anywhere: EndConditions = {};
  return endsByStatement(arrivals, (arrival) => (judge(arrival, here, role)?.ends ? anywhere : inOthers));
}

const later = (a: ModuleOffset, b: ModuleOffset): ModuleOffset => (a > b ? a : b);

/** Everything before this offset has been passed by a frame and cannot be come to in it again. */
export function passedForGood(
  { frame, info }: Pick<TakingPart, "frame" | "info">,
  context: StepContext,
): ModuleOffset {
  const { straightUntil } = context.debugInfo.stackShape(info.index);
  if (straightUntil === undefined) return info.from;
  return toModuleOffset(Math.min(frame.offset + 1, straightUntil));
}

const range = ({ from, to }: CodeStretch): StepEnd => ({ from, to });

/** An end in one function, for this frame of it and those further out. */
async function endIn(taking: TakingPart, context: StepContext): Promise<StepEnd> {
  const { info } = taking;
  return { from: info.from, to: info.to, ...(await limitsOf(taking, context)) };
}

/** That only this frame counts and those further out. */
async function limitsOf(taking: TakingPart, context: StepContext): Promise<EndConditions> {
  const stackPointer = await distinctStackPointer(taking, context);
  return {
    maxDepth: taking.frame.depth,
    ...(stackPointer === undefined ? {} : { maxDepthStackPointer: stackPointer }),
  };
}

/** That the line the step begins on must be left. */
async function exceptLine(
  taking: TakingPart,
  context: StepContext,
): Promise<{ readonly except?: NonNullable<StepEnd["except"]> }> {
  const { line, frame } = taking;
  if (line === 0) return {};
  const stackPointer = await distinctStackPointer(taking, context);
  return { except: { line, depth: frame.depth, ...(stackPointer === undefined ? {} : { stackPointer }) } };
}

/**
 * The frame's stack pointer, when it tells this frame from deeper ones of the same function at every statement: the
 * function keeps a stack frame of its own while it calls, or calls nothing at all.
 */
async function distinctStackPointer(
  { frame, info }: TakingPart,
  context: StepContext,
): Promise<bigint | undefined> {
  const shape = context.debugInfo.stackShape(info.index);
  if (!shape.fixed && !shape.leaf) return undefined;
  const delta = shape.deltaAt(frame.offset);
  if (delta === undefined) return undefined;
  const { offset } = context.debugInfo.statements();
  for (let at = lowerBound(offset, info.from); at < offset.length; at++) {
    const statement = toModuleOffset(offset[at] as number);
    if (statement >= info.to) break;
    if (shape.deltaAt(statement) !== delta && shape.isDead?.(statement) !== true) return undefined;
  }
  return context.stackPointerOf(frame.index);
}

/** `stretches` without the code of one function. */
function without(stretches: readonly CodeStretch[], { from, to }: CodeStretch): readonly CodeStretch[] {
  return stretches.flatMap((stretch) => {
    if (to <= stretch.from || from >= stretch.to) return [stretch];
    return [
      { from: stretch.from, to: from },
      { from: to, to: stretch.to },
    ].filter((rest) => rest.from < rest.to);
  });
}
