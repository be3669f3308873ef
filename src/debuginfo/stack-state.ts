/**
 * What is known of a function's stack pointer at one place, while its body is walked.
 *
 * Everything is told relative to E, the stack pointer's value when the function was entered.
 */
export interface StackState {
  /** `n` where the stack pointer is E − n; `undefined` where that is not known. */
  delta: number | undefined;
  /** `n` for each local that holds E − n; a local that is not in it holds something else or nobody knows what. */
  readonly locals: Map<number, number>;
}

/** What a value on the operand stack, or in a local within a stretch without branches, is known to be. */
export type StackValue =
  | { readonly kind: "below-entry"; readonly by: number }
  | { readonly kind: "constant"; readonly value: number }
  | undefined;

export const entryState = (): StackState => ({ delta: 0, locals: new Map() });

export const copyState = ({ delta, locals }: StackState): StackState => ({ delta, locals: new Map(locals) });

/**
 * Leaves in `target` what holds in `other` too, for a place that both reach. Answers whether anything was lost.
 */
export function meetInto(target: StackState, other: StackState): boolean {
  let lost = false;
  if (target.delta !== undefined && target.delta !== other.delta) {
    target.delta = undefined;
    lost = true;
  }
  for (const [local, by] of target.locals) {
    if (other.locals.get(local) === by) continue;
    target.locals.delete(local);
    lost = true;
  }
  return lost;
}

/** `left + right`. */
export function addValues(left: StackValue, right: StackValue): StackValue {
  if (left?.kind === "constant" && right?.kind === "constant") return constant(left.value + right.value);
  if (left?.kind === "below-entry" && right?.kind === "constant") return belowEntry(left.by - right.value);
  if (left?.kind === "constant" && right?.kind === "below-entry") return belowEntry(right.by - left.value);
  return undefined;
}

/** `left − right`. */
export function subtractValues(left: StackValue, right: StackValue): StackValue {
  if (left?.kind === "constant" && right?.kind === "constant") return constant(left.value - right.value);
  if (left?.kind === "below-entry" && right?.kind === "constant") return belowEntry(left.by + right.value);
  return undefined;
}

/** Numbers beyond what a stack can be wrap around in the guest: they are no frame sizes. */
const mostBytes = 2 ** 31;

export const belowEntry = (by: number): StackValue =>
  Math.abs(by) < mostBytes ? { kind: "below-entry", by } : undefined;

export const constant = (value: number): StackValue =>
  Math.abs(value) < mostBytes ? { kind: "constant", value } : undefined;
