import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ModuleOffset } from "../../src/base/brand.ts";
import type { SourcePosition } from "../../src/debuginfo/debug-info.ts";
import type { ClientFacts } from "../protocol/client.ts";
import { toClientColumn, toClientLine } from "./position.ts";
import { toCodeReference } from "./reference.ts";

/** A breakpoint with the number the client knows it by. */
export interface ClientBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** 0-based. */
  readonly line: number;
  /** 0-based. */
  readonly column?: number;
  readonly message?: string;
  /** For an unverified one: whether it may still be verified in this session. */
  readonly pending: boolean;
}

/** A breakpoint on an instruction, with the number the client knows it by. */
export interface ClientInstructionBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly point?: ModuleOffset;
  readonly message?: string;
  /** As for other breakpoints. */
  readonly pending: boolean;
}

/** `position` and its `source`: of the statement that the instruction belongs to. */
export function toInstructionBreakpoint(
  client: ClientFacts,
  { id, verified, point, message, pending }: ClientInstructionBreakpoint,
  position: SourcePosition | undefined,
  source: DebugProtocol.Source | undefined,
): DebugProtocol.Breakpoint {
  return {
    id,
    verified,
    ...(message === undefined ? {} : { message }),
    ...(point === undefined ? {} : { instructionReference: toCodeReference(point) }),
    ...(position === undefined || source === undefined
      ? {}
      : { source, line: toClientLine(client, position.line) }),
    ...(position?.column === undefined ? {} : { column: toClientColumn(client, position.column) }),
    ...(verified ? {} : { reason: pending ? "pending" : "failed" }),
  };
}

export function toBreakpoint(
  client: ClientFacts,
  breakpoint: ClientBreakpoint,
  source: DebugProtocol.Source | undefined,
): DebugProtocol.Breakpoint {
  const { id, verified, line, column, message, pending } = breakpoint;
  return {
    id,
    verified,
    line: toClientLine(client, line),
    ...(column === undefined ? {} : { column: toClientColumn(client, column) }),
    ...(message === undefined ? {} : { message }),
    ...(source === undefined ? {} : { source }),
    ...(verified ? {} : { reason: pending ? "pending" : "failed" }),
  };
}
