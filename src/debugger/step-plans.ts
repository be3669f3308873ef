import { lowerBound } from "../base/binary-search.ts";
import type { FuncIndex, ModuleOffset } from "../base/brand.ts";
import { toModuleOffset } from "../base/brand.ts";
import type { DebugInfo, FunctionInfo } from "../debuginfo/debug-info.ts";
import type { StepEnd } from "../target/target.ts";
import type { StepKind } from "./debugger-types.ts";
import type { CodeStretch, SteppableFunctions } from "./steppable-functions.ts";

/** A wasm frame of a stop at which a step begins. */
export interface StepFrame {
  /** Index in the target's frames. */
  readonly index: number;
  readonly function: FuncIndex;
  readonly offset: ModuleOffset;
  /** Wasm frames from the outermost, which is 1. */
  readonly depth: number;
}

/** What plans are made from. */
export interface StepContext {
  readonly debugInfo: DebugInfo;
  readonly functions: SteppableFunctions;
  /** The C stack pointer in a frame, by its index in the target's frames. */
  readonly stackPointerOf: (index: number) => Promise<bigint | undefined>;
}

/**
 * Where a step may end that begins at a stop with these wasm frames (innermost first).
 *
 * - *over*: at another line in this frame, or in any frame below it on the stack once this one has returned;
 * - *in*: there, or in any function that a step goes into, called from here however indirectly;
 * - *out*: in any frame below this one.
 *
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
  const callers = await planReturn(
    taking.filter(({ frame }) => frame !== current),
    context,
  );
  const here = taking.find(({ frame }) => frame === current);
  if (kind === "out" || !here) return callers;
  const own = await endIn(here, context);
  const except = await exceptLine(here, context);
  const others = callers.filter((end) => end.from !== own.from);
  return [{ ...own, ...except }, ...others];
}

/** Ends in any of `frames`, each function once: at the innermost of its frames or further out. */
export async function planReturn(frames: readonly TakingPart[], context: StepContext): Promise<StepEnd[]> {
  const seen = new Set<FuncIndex>();
  const ends: StepEnd[] = [];
  for (const taking of frames) {
    if (seen.has(taking.frame.function)) continue;
    seen.add(taking.frame.function);
    ends.push(await endIn(taking, context));
  }
  return ends;
}

/** A frame that a step may end in. */
export interface TakingPart {
  readonly frame: StepFrame;
  readonly info: FunctionInfo;
}

/** Those of `frames` that a step may end in. */
export function framesTakingPart(frames: readonly StepFrame[], context: StepContext): readonly TakingPart[] {
  const withLines: TakingPart[] = [];
  for (const frame of frames) {
    const info = context.debugInfo.functionAt(frame.offset);
    if (info?.hasLines) withLines.push({ frame, info });
  }
  const shown = withLines.filter(({ info }) => context.functions.isShown(info));
  return shown.length > 0 ? shown : withLines;
}

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
    ends.push(...(here.frame === current ? await endsInAnew(here, context) : [range(here.info)]));
  }
  return ends.sort((a, b) => a.from - b.from);
}

/**
 * Ends in the function that a step in begins in. The line it begins on must be left, except by calling the function
 * again: at a place that this frame has passed for good.
 */
async function endsInAnew(here: TakingPart, context: StepContext): Promise<StepEnd[]> {
  const { from, to } = here.info;
  const except = await exceptLine(here, context);
  const passed = toModuleOffset(Math.max(from, passedForGood(here, context)));
  return [
    { from, to: passed },
    { from: passed, to, ...except },
  ].filter((end) => end.from < end.to);
}

/** Everything before this offset has been passed by a frame and cannot be come to in it again. */
export function passedForGood({ frame, info }: TakingPart, context: StepContext): ModuleOffset {
  const { straightUntil } = context.debugInfo.stackShape(info.index);
  if (straightUntil === undefined) return info.from;
  return toModuleOffset(Math.min(frame.offset + 1, straightUntil));
}

const range = ({ from, to }: CodeStretch): StepEnd => ({ from, to });

/** An end in one function, for this frame of it and those further out. */
async function endIn({ frame, info }: TakingPart, context: StepContext): Promise<StepEnd> {
  const stackPointer = await distinctStackPointer({ frame, info }, context);
  return {
    from: info.from,
    to: info.to,
    maxDepth: frame.depth,
    ...(stackPointer === undefined ? {} : { maxDepthStackPointer: stackPointer }),
  };
}

/** That the line the step begins on must be left. */
async function exceptLine(
  { frame, info }: TakingPart,
  context: StepContext,
): Promise<{ readonly except?: NonNullable<StepEnd["except"]> }> {
  const line = context.debugInfo.lineKeyAt(frame.offset);
  if (line === 0) return {};
  const stackPointer = await distinctStackPointer({ frame, info }, context);
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
