import type { LaunchConfiguration } from "../launch/configuration.ts";
import { tell } from "./program-events.ts";
import type { Session } from "./session.ts";

/** What a program can be restarted with, because it was not launched with it. */
export type RestartOption = "dataBreakpoints" | "instructionStepping";

interface Offer {
  /** What the launch configuration is changed to. */
  readonly change: Partial<LaunchConfiguration>;
  /** What it is called in the debug console. */
  readonly word: string;
  /** A sentence: what cannot be done now. */
  readonly lack: string;
  /** A clause: what has to be in the launch configuration. */
  readonly attribute: string;
}

export const restartOptions: Readonly<Record<RestartOption, Offer>> = {
  dataBreakpoints: {
    change: { dataBreakpoints: true },
    word: "data-breakpoints",
    lack: "Data breakpoints need a program whose writes are checked, with which it runs slower.",
    attribute: '"dataBreakpoints": true',
  },
  instructionStepping: {
    change: { granularity: "instruction" },
    word: "instruction-stepping",
    lack: "A step by instruction goes to where the next statement begins: to stop at every instruction the program needs more places to stop, with which it runs slower.",
    attribute: '"granularity": "instruction"',
  },
};

/** How a user gets the program restarted with an option: a sentence. */
export function restartAdvice(option: RestartOption): string {
  const { word, attribute } = restartOptions[option];
  return `Restart with it by \`:restart-with ${word}\` in the debug console, or launch with ${attribute}.`;
}

/**
 * Offers to restart the program with an option, once for a program: to the user, and to an editor that has a button for it.
 *
 * The event `restartOffered` is not of the protocol; clients that do not know it ignore it.
 */
export function offerRestart(session: Session, option: RestartOption): void {
  const { program } = session;
  if (program === undefined || program.offered.has(option)) return;
  program.offered.add(option);
  const { lack } = restartOptions[option];
  tell(session, "console", `${lack} ${restartAdvice(option)}`);
  session.client.send("restartOffered", { option, message: lack });
}
