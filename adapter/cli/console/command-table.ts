import { closestTo } from "../closest.ts";
import type { Command, CommandGroup } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { code } from "./commands/code.ts";
import { data } from "./commands/data.ts";
import { information } from "./commands/information.ts";
import { running } from "./commands/running.ts";
import { sessionCommands } from "./commands/session.ts";
import { stack } from "./commands/stack.ts";
import { stops } from "./commands/stops.ts";

/** All commands, in the order `help` shows them. */
export const commandGroups: readonly CommandGroup[] = [
  ...[stops, running, stack, data, code, information],
  sessionCommands({ groups: () => commandGroups, find: findCommand }),
];

const allCommands = commandGroups.flatMap(({ commands }) => commands);

/** Every name there is. */
export const commandNames: readonly string[] = allCommands.flatMap(({ names }) => names);

/** The command of a name, or of the beginning of one. @throws {CommandError} there is none, or more than one. */
export function findCommand(word: string): Command {
  const exact = allCommands.find(({ names }) => names.includes(word));
  if (exact) return exact;
  const fitting = allCommands.filter(({ names }) => names.some((name) => name.startsWith(word)));
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  if (only) {
    throw new CommandError(
      `\`${word}\` may be ${fitting.map(({ names }) => names[0]).join(" or ")}: say more of it.`,
    );
  }
  const near = closestTo(word, commandNames);
  const hint = near === undefined ? " `help` lists them." : ` Did you mean \`${near}\`?`;
  throw new CommandError(`There is no command \`${word}\`.${hint}`);
}

/** A line taken apart. */
export interface CommandLine {
  readonly command: Command;
  /** What follows the command's name. */
  readonly rest: string;
}

/** Reads a line that is not empty. @throws {CommandError} */
export function readCommandLine(line: string): CommandLine {
  const [, word = "", rest = ""] = /^\s*([A-Za-z][\w-]*)(.*?)\s*$/s.exec(line) ?? [];
  if (word === "") throw new CommandError(`\`${line.trim()}\` is no command: \`help\` lists them.`);
  return { command: findCommand(word), rest: rest.trim() };
}
