import type { DebugProtocol } from "@vscode/debugprotocol";

/** Why a request failed, in the terms of an error answer. */
export interface Failure {
  /** Number of the kind of failure; the same sentence always has the same one. */
  readonly id: number;
  /** One or more whole sentences. */
  readonly text: string;
  /** Whether the client should put it before the user's eyes. Only for what makes the whole session fail. */
  readonly show: boolean;
  /** The protocol's own word for it, for clients that act on it. */
  readonly word?: "cancelled" | "notStopped";
}

/** The error answer's `message` and `body`. `message` carries the whole text, because some clients show only that. */
export function toErrorAnswer(failure: Failure): {
  message: string;
  body: DebugProtocol.ErrorResponse["body"];
} {
  return {
    message: failure.word ?? failure.text,
    body: { error: { id: failure.id, format: failure.text, showUser: failure.show } },
  };
}

/** A request was dropped, or given up, because its client asked for that. */
export class RequestCancelled extends Error {
  override readonly name = "RequestCancelled";
}
