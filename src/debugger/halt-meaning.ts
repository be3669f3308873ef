import type { Stop, StopReason } from "../target/target.ts";
import type { ExceptionFilter, StopDescription } from "./debugger-types.ts";

/** What a stop is when no breakpoint is hit; `undefined` where the guest was only to be asked about. */
export function kindWithout({ reason }: Stop): StopReason["kind"] | undefined {
  if (reason.kind === "data") return undefined;
  return reason.kind === "breakpoint" && reason.rules ? reason.rules.otherwise : reason.kind;
}

/** How a stop of some kind is told. `isEntry`: the guest was to run to its first statement. */
export function describe(
  { reason }: Stop,
  kind: StopReason["kind"],
  { isEntry }: { readonly isEntry: boolean },
): StopDescription {
  if (reason.kind === "pause" || reason.kind === "exception" || reason.kind === "trap") return reason;
  if (kind === "breakpoint") return { kind, breakpoints: [] };
  if (kind === "pause") return { kind };
  return isEntry ? { kind: "entry" } : { kind: "step" };
}

/** Whether nobody wants to see a guest end this way. */
export const isPassedOver = (
  reason: StopReason,
  filters: ReadonlySet<ExceptionFilter> | undefined,
): boolean =>
  (reason.kind === "trap" && filters?.has(reason.trap) === false) ||
  (reason.kind === "exception" && filters?.has("exception") === false);
