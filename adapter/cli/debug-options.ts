import type { LaunchConfiguration } from "../launch/configuration.ts";
import { type OptionGroup, readOptions } from "./options.ts";
import { programOptions, readProgram, splitArguments } from "./program-options.ts";

/** What `wasm-dap debug` was asked to do. */
export interface DebugOptions {
  readonly configuration: LaunchConfiguration;
  /** Commands to do before the user is asked for any. */
  readonly commands: readonly string[];
}

/** Options of `debug`. */
export const debugOptions: readonly OptionGroup[] = [
  {
    title: "How it begins",
    options: [
      {
        name: "execute",
        short: "e",
        value: "COMMAND",
        isMany: true,
        about: "do this first, as if it had been typed",
      },
    ],
  },
  ...programOptions.map((group) => ({
    ...group,
    options: group.options.map((option) =>
      option.name === "stdin"
        ? { ...option, about: "what it reads (else what is typed while it runs)" }
        : option,
    ),
  })),
  { title: "Else", options: [{ name: "help", short: "h", about: "print this" }] },
];

/** Reads the command line after `debug`. @throws {UsageError} with one sentence. */
export function readDebugOptions(args: readonly string[], cwd: string): DebugOptions {
  const { own, program } = splitArguments(args);
  const options = readOptions(own, debugOptions);
  return {
    configuration: readProgram("debug", options, program, cwd, { dataBreakpoints: true }),
    commands: options.texts("execute"),
  };
}
