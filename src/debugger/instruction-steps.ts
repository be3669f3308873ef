import { toModuleOffset } from "../base/brand.ts";
import type { StepEnd } from "../target/target.ts";
import type { StepKind } from "./debugger-types.ts";
import type { StepContext, StepFrame } from "./step-frames.ts";

/**
 * Where a step ends that is to be as small as there are sites, from a stop with these wasm frames (innermost first): at the
 * next site there is, whatever its line and whether or not its source can be shown.
 *
 * - *over*: in this frame, or in one below it once this one has returned;
 * - *in*: in any frame;
 * - *out*: in any frame below this one.
 *
 * Frames are told apart by counting them alone: before and behind the statements of a function the stack pointer is its
 * caller's.
 */
export async function planInstructionStep(
  kind: StepKind,
  frames: readonly StepFrame[],
  { debugInfo }: StepContext,
): Promise<StepEnd[]> {
  if (kind === "in" || frames.length === 0) return [everywhere];
  const ends = new Map<number, StepEnd>();
  for (const { offset, depth } of kind === "over" ? frames : frames.slice(1)) {
    const info = debugInfo.functionAt(offset);
    if (!info || ends.has(info.from)) continue;
    ends.set(info.from, { from: info.from, to: info.to, maxDepth: depth, everySite: true });
  }
  return [...ends.values()];
}

const everywhere: StepEnd = {
  from: toModuleOffset(0),
  to: toModuleOffset(2 ** 32 - 1),
  everySite: true,
};
