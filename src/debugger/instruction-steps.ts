import { toModuleOffset } from "../base/brand.ts";
import type { StepEnd } from "../target/target.ts";
import type { StepKind } from "./debugger-types.ts";
import { planReturn, type StepContext, type StepFrame, type TakingPart } from "./step-plans.ts";

/**
 * Where a step ends that is to be as small as there are sites, from a stop with these wasm frames (innermost first): at the
 * next site there is, whatever its line and whether or not its source can be shown.
 *
 * - *over*: in this frame, or in one below it once this one has returned;
 * - *in*: in any frame;
 * - *out*: in any frame below this one.
 */
export async function planInstructionStep(
  kind: StepKind,
  frames: readonly StepFrame[],
  context: StepContext,
): Promise<StepEnd[]> {
  if (kind === "in" || frames.length === 0) return [everywhere];
  const taking: TakingPart[] = [];
  for (const frame of kind === "over" ? frames : frames.slice(1)) {
    const info = context.debugInfo.functionAt(frame.offset);
    if (info?.hasLines) taking.push({ frame, info });
  }
  return planReturn(taking, context);
}

const everywhere: StepEnd = { from: toModuleOffset(0), to: toModuleOffset(2 ** 32 - 1) };
