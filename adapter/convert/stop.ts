import type { DebugProtocol } from "@vscode/debugprotocol";
import { unreachable } from "../../src/base/errors.ts";
import type { StopDescription } from "../../src/debugger/debugger-types.ts";

/** The only thread there is. */
export const threadId = 1;

/** The body of `stopped`. `breakpointId` says what the client calls a breakpoint of the debugger. */
export function toStopped(
  stop: StopDescription,
  breakpointId: (id: number) => number | undefined,
): DebugProtocol.StoppedEvent["body"] {
  const all = { threadId, allThreadsStopped: true };
  switch (stop.kind) {
    case "entry":
      return { reason: "entry", description: "Stopped at the program's entry", ...all };
    case "breakpoint": {
      const ids = stop.breakpoints.map(breakpointId).filter((id) => id !== undefined);
      const why = stop.problems === undefined ? {} : { text: stop.problems.join(" ") };
      const where =
        stop.onInstruction === true ? "instruction " : stop.onFunction === true ? "function " : "";
      const reason = `${where}breakpoint`;
      return { reason, description: "Stopped at a breakpoint", hitBreakpointIds: ids, ...why, ...all };
    }
    case "data": {
      const ids = stop.breakpoints.map(breakpointId).filter((id) => id !== undefined);
      return {
        ...{ reason: "data breakpoint", description: "Stopped after a write" },
        ...{ text: [stop.text, ...(stop.problems ?? [])].join(". "), hitBreakpointIds: ids, ...all },
      };
    }
    case "step":
      return { reason: "step", description: "Stopped after a step", ...all };
    case "pause":
      return { reason: "pause", description: "Paused", ...all };
    case "trap":
      return {
        reason: "exception",
        description: `Stopped at ${trapWords(stop)}`,
        text: trapText(stop),
        ...all,
      };
    case "exception":
      return {
        ...{ reason: "exception", description: `Stopped at ${exceptionWords[stop.how ?? "uncaught"]}` },
        ...{ text: stop.message, ...all },
      };
    default:
      return unreachable(stop);
  }
}

/** What a user cannot know from where it stopped: what trapped (`why`), was thrown or was written. `undefined` for other stops. */
export function surpriseText(stop: StopDescription, why?: string): string | undefined {
  if (stop.kind === "trap" && why !== undefined)
    return surpriseText({ ...stop, message: `${stop.message}: ${why}` });
  if (stop.kind !== "trap" && stop.kind !== "exception" && stop.kind !== "data") return undefined;
  const { description, text } = toStopped(stop, () => undefined);
  return `${description}: ${stop.kind === "data" ? stop.text : text}`;
}

const exceptionWords = {
  thrown: "a throw",
  rethrown: "a throw",
  uncaught: "an exception",
  exit: "an exit",
};

const trapWords = ({ givesUp }: StopDescription & { readonly kind: "trap" }): string =>
  givesUp === undefined ? "a trap" : givesUp === "panic" ? "a panic" : "an abort";

/** Says what is lost where it is: whoever sees no variables should know why. */
export const trapText = (trap: StopDescription & { readonly kind: "trap" }): string =>
  trap.alive ? trap.message : `${trap.message} (the program has been unwound: frames show where it was)`;
