import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ClientFacts } from "../protocol/client.ts";
import { toClientLine } from "./position.ts";

/** A breakpoint with the number the client knows it by. */
export interface ClientBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** 0-based. */
  readonly line: number;
  readonly message?: string;
  /** For an unverified one: whether it may still be verified in this session. */
  readonly pending: boolean;
}

export function toBreakpoint(
  client: ClientFacts,
  breakpoint: ClientBreakpoint,
  source: DebugProtocol.Source | undefined,
): DebugProtocol.Breakpoint {
  const { id, verified, line, message, pending } = breakpoint;
  return {
    id,
    verified,
    line: toClientLine(client, line),
    ...(message === undefined ? {} : { message }),
    ...(source === undefined ? {} : { source }),
    ...(verified ? {} : { reason: pending ? "pending" : "failed" }),
  };
}
