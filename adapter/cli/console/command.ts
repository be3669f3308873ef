import type { DebugConsole } from "./debug-console.ts";

/** What a command is completed with. */
export type Completes = "place" | "expression" | "function" | "file" | "command" | readonly string[];

/** Something one can type. */
export interface Command {
  /** Its name, and shorter ones. Beginnings of names do as well, as far as they are one command's alone. */
  readonly names: readonly [string, ...string[]];
  /** What follows the name, for `help`; empty for nothing. */
  readonly form: string;
  /** One line for the list of all. */
  readonly about: string;
  /** What else there is to know, for `help NAME`. */
  readonly more?: string;
  readonly completes?: Completes;
  /** Whether an empty line does it again: steps, and lists that go on. */
  readonly repeats?: boolean;
  /** `rest`: what follows the name, without spaces around it. @throws {CommandError} */
  run(console: DebugConsole, rest: string): Promise<void>;
}

/** Commands that belong together, as `help` shows them. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** All the commands there are, for the one that tells of them. */
export interface CommandList {
  readonly groups: () => readonly CommandGroup[];
  /** The command of a name, or of the beginning of one. @throws {CommandError} there is none, or more than one. */
  readonly find: (word: string) => Command;
}
