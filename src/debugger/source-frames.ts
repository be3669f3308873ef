import type { ModuleOffset } from "../base/brand.ts";
import type { DebugInfo, InlinedCalls, SourcePosition } from "../debuginfo/debug-info.ts";

/** One frame as the source has it: a function, or a call of one that was inlined. */
export interface SourceFrame {
  readonly name: string;
  /** Where it stands: an outer one at the call that the one before it is. */
  readonly position: SourcePosition | undefined;
  /** How many of the calls inlined at the place it is: 0 is the innermost, the last the function itself. */
  readonly inlineDepth: number;
  readonly isInlined: boolean;
}

/** The frames that stand for one Wasm frame at `offset`, innermost first; `name` is the function's when nobody knows it. */
export function sourceFramesAt(
  debugInfo: DebugInfo,
  offset: ModuleOffset,
  name: string,
): readonly [SourceFrame, ...SourceFrame[]] {
  const calls = debugInfo.inlinedCalls?.(offset);
  const functionName = debugInfo.functionAt(offset)?.name ?? name;
  const position = debugInfo.locate(offset);
  const chain = calls ? callChainAt(calls, offset) : [];
  if (!calls || chain.length === 0) {
    return [{ name: functionName, position, inlineDepth: 0, isInlined: false }];
  }
  const frames = [...chain, -1].map((call, inlineDepth) => {
    const inner = calls.calls[chain[inlineDepth - 1] ?? -1];
    return {
      name: calls.calls[call]?.name ?? functionName,
      position: inner ? inner.position : position,
      inlineDepth,
      isInlined: call >= 0,
    };
  });
  return frames as [SourceFrame, ...SourceFrame[]];
}

/** The inlined calls that `offset` lies in, innermost first. */
function callChainAt(calls: InlinedCalls, offset: ModuleOffset): readonly number[] {
  const chain: number[] = [];
  for (let call = calls.callAt(offset); call >= 0; call = calls.calls[call]?.parent ?? -1) chain.push(call);
  return chain;
}
