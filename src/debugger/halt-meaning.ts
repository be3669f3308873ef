import type { Stop, StopReason } from "../target/target.ts";
import type { StopDescription } from "./debugger-types.ts";

/** What a stop is when no breakpoint is hit; `undefined` where the guest was only to be asked about. */
export function kindWithout({ reason }: Stop): StopReason["kind"] | undefined {
  if (reason.kind === "data") return undefined;
  return reason.kind === "breakpoint" && reason.rules ? reason.rules.otherwise : reason.kind;
}

/** How a stop of some kind is told that is no end of the guest. `isEntry`: the guest was to run to its first statement. */
export function describe(
  { reason }: Stop,
  kind: StopReason["kind"],
  { isEntry }: { readonly isEntry: boolean },
): StopDescription {
  if (kind === "breakpoint") return { kind, breakpoints: [] };
  if (kind === "pause" || reason.kind === "pause") return { kind: "pause" };
  return isEntry ? { kind: "entry" } : { kind: "step" };
}
