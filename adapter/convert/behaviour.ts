import type { DebugProtocol } from "@vscode/debugprotocol";
import type { BreakpointBehaviour } from "../../src/debugger/debugger-types.ts";

/** What a breakpoint is to do: clients send empty text for what is not wanted. */
export function toBehaviour({
  condition,
  hitCondition,
  logMessage,
}: Pick<DebugProtocol.SourceBreakpoint, "condition" | "hitCondition" | "logMessage">): BreakpointBehaviour {
  return {
    ...(condition?.trim() ? { condition } : {}),
    ...(hitCondition?.trim() ? { hitCondition } : {}),
    ...(logMessage ? { logMessage } : {}),
  };
}
