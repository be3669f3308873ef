import type { StopReason } from "../../src/target/target.ts";
import type { GuestStopReason } from "../suspend/messages.ts";
import { dataReason } from "./data-watches.ts";
import type { SiteIndex } from "./site-index.ts";
import { trapKindOf } from "./trap-kind.ts";

/** Why the guest has stopped, in the original module's terms. */
export function toStopReason(reason: GuestStopReason, sites: SiteIndex): StopReason {
  switch (reason.kind) {
    case "breakpoint":
      return {
        kind: "breakpoint",
        point: sites.offsetOf(reason.site),
        ...sites.roleOf(reason.site),
        ...(reason.rules ? { rules: reason.rules } : {}),
      };
    case "step":
      return {
        kind: reason.kind,
        point: sites.offsetOf(reason.site),
        ...sites.roleOf(reason.site),
      };
    case "pause":
      return { kind: "pause" };
    case "data":
      return dataReason(reason);
    case "unreachable":
      return {
        ...{ kind: "trap", trap: "unreachable", message: reason.message ?? "unreachable", alive: true },
        ...(reason.words === undefined ? {} : { words: reason.words }),
      };
    case "throw":
      return { kind: "throw", at: sites.offsetOf(reason.site), again: reason.again };
    case "exit":
      return reason;
    case "trap":
      return { kind: "trap", trap: trapKindOf(reason.message), message: reason.message, alive: false };
    case "exception":
      return reason;
  }
}
