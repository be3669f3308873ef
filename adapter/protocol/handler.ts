import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CancelSignal } from "./cancellation.ts";
import type { BodyOf, Command } from "./commands.ts";

/** What must be true of a session before a request is worked on. */
export type Needs =
  /** Nothing at all. */
  | "nothing"
  /** `initialize` has been answered. */
  | "initialized"
  /** A program is loaded and has not ended. */
  | "launched"
  /** It stands still. */
  | "stopped";

/** What a request knows of its own answering. */
export interface Work {
  /** Its number. */
  readonly seq: number;
  /** Aborted when the client does not want the answer any more. */
  readonly signal: CancelSignal;
}

/** How one request is answered. */
export interface Handler<S, C extends Command> {
  readonly command: C;
  readonly needs: Needs;
  /** Urgent requests do not wait for those before them: whoever wants to stop a session must not queue. */
  readonly urgent: boolean;
  /** What `initialize` may promise because this handler exists. */
  readonly capabilities: DebugProtocol.Capabilities;
  /** Checks the arguments and does the work. Rejects with `ArgumentError` for the first, with anything for the second. */
  readonly handle: (session: S, args: unknown, work: Work) => Promise<BodyOf<C>>;
}

/** A line for every request of the protocol: a missing one does not compile, a doubled one cannot be written. */
export type RequestTable<S> = { readonly [C in Command]: Handler<S, C> | "unsupported" };

/** What all handlers together promise. */
export function capabilitiesOf<S>(table: RequestTable<S>): DebugProtocol.Capabilities {
  const all: DebugProtocol.Capabilities = {};
  for (const handler of Object.values(table)) {
    if (handler !== "unsupported") Object.assign(all, handler.capabilities);
  }
  return all;
}

/** The handler of a command from outside, which may be any string at all. */
export function findHandler<S>(
  table: RequestTable<S>,
  command: string,
): Handler<S, Command> | "unsupported" | undefined {
  if (!Object.hasOwn(table, command)) return undefined;
  return table[command as Command] as Handler<S, Command> | "unsupported";
}
