import type { LaunchConfiguration } from "../launch/configuration.ts";

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

/** Each option by its name in the event `restartOffered`. */
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
