import { toLineKey, toModuleOffset } from "../base/brand.ts";
import type { StepEnd } from "../target/target.ts";
import { type Arrival, arrivalOf, type FunctionArrivals, ownCode } from "./arrivals.ts";
import type { TakingPart } from "./step-frames.ts";

/**
 * What a step is to a frame: it begins there and goes over calls, into them or out of the frame; or it comes back to the frame
 * when those above it have returned, and goes on from there over calls or into them, or ends just behind the call.
 */
export type StepRole = "over" | "in" | "out" | "back" | "back-in" | "returned";

/** What it means to a step that the guest arrives at a statement of a frame. */
export interface Verdict {
  /** Whether the step ends there. */
  readonly ends: boolean;
  /** Whether the frame that is arrived in is on another line than the one to be left. */
  readonly isPlace: boolean;
  /** How deep in the frame's path the arrival is. */
  readonly level: number;
  /** Whether a call of the path is made anew, so that those deeper than `level` have been left. */
  readonly leaves: boolean;
}

/**
 * Judges an arrival in a frame with inlined calls; `undefined` for one that says nothing, as in the midst of a call
 * that the frame is not in.
 *
 * The line that a frame stands on must be left, and of the frames around it the line of the call; what is only the rest of a
 * line that was seen before does not count.
 */
export function judge(arrival: Arrival, taking: TakingPart, role: StepRole): Verdict | undefined {
  const { path, arrivals, line } = taking;
  if (!arrivals) return undefined;
  const goesIn = role === "in" || role === "back-in";
  const enters = goesIn && callsBetween(arrivals, arrival).some(taking.takesPart);
  const level = path.indexOf(arrival.owner);
  if (level < 0)
    return enters ? { ends: true, isPlace: false, level: path.length, leaves: false } : undefined;
  const isInnermost = level === path.length - 1;
  const next = path[level + 1];
  const leaves = next !== undefined && callsBetween(arrivals, arrival).includes(next);
  const left = next === undefined ? line : toLineKey(arrivals.calls.calls[next]?.line ?? 0);
  // A frame that is come back to is in the midst of its line; every statement from there on is another.
  const isBack = role === "back" || role === "back-in" || role === "returned";
  const isOnLine = arrival.line === left && !(isInnermost && isBack);
  const isShown = arrival.line !== 0 && taking.takesPart(arrival.owner);
  const isPlace = isShown && (role === "out" ? !isInnermost : !isOnLine && !taking.isRest(arrival));
  return { ends: isPlace || enters, isPlace, level, leaves };
}

/** The calls that begin with an arrival, outermost first. */
export function callsBetween({ calls }: FunctionArrivals, { owner, innermost }: Arrival): readonly number[] {
  const between: number[] = [];
  for (
    let call = innermost;
    call !== owner && call !== ownCode;
    call = calls.calls[call]?.parent ?? ownCode
  ) {
    between.unshift(call);
  }
  return between;
}

/** The conditions that an end has in every frame of the function. */
export type EndConditions = Omit<StepEnd, "from" | "to">;

/**
 * The places in a function at which a step may end, as ends with the conditions that `conditionsAt` gives for each
 * statement; neighbours with the same ones are one end.
 */
export function endsByStatement(
  arrivals: FunctionArrivals,
  conditionsAt: (arrival: Arrival, statement: number) => EndConditions | undefined,
): StepEnd[] {
  const { offset, info } = arrivals;
  const ends: StepEnd[] = [];
  let last: EndConditions | undefined;
  for (let at = 0; at < offset.length; at++) {
    const arrival = arrivalOf(arrivals, at);
    const conditions = arrival && conditionsAt(arrival, at);
    const from = toModuleOffset(offset[at] as number);
    const to = toModuleOffset(offset[at + 1] ?? info.to);
    const open = ends.at(-1);
    if (conditions && open && last === conditions && open.to === from)
      ends[ends.length - 1] = { ...open, to };
    else if (conditions) ends.push({ from, to, ...conditions });
    last = conditions;
  }
  return ends;
}
