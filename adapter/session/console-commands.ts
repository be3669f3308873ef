import type { Completions } from "../../src/symbols/symbols-parts.ts";
import { savedText } from "../launch/coredump-saver.ts";
import { writeCoredump } from "./coredump.ts";
import { restartProgramWith } from "./lifecycle.ts";
import { restartOptions } from "./restart-options.ts";
import type { Session } from "./session.ts";

/** Something typed into the debug console that is no expression. */
export interface ConsoleCommand {
  /** Answers what the console shows. */
  readonly run: (session: Session) => Promise<string>;
}

/** Commands by name; a colon before it tells one from an expression. `rest` is what follows. */
const commands: Readonly<Record<string, (session: Session, rest: string) => Promise<string>>> = {
  "restart-with": async (session, word) => {
    const option = Object.values(restartOptions).find((one) => one.word === word);
    const words = Object.values(restartOptions).map((one) => one.word);
    if (option === undefined) return `\`:restart-with\` takes one of ${words.join(", ")}.`;
    await restartProgramWith(session, option.change);
    return `Restarted with ${word}.`;
  },
  coredump: async (session, rest) => savedText(await writeCoredump(session, rest === "" ? undefined : rest)),
};

/** Commands that begin like what has been typed; `undefined` where it is no command. */
export function completeCommand(typed: string): Completions | undefined {
  const [, colon = "", prefix = ""] = /^(\s*:)([\w-]*)$/.exec(typed) ?? [];
  if (colon === "") return undefined;
  const labels = Object.keys(commands).filter((name) => name.startsWith(prefix));
  return { start: colon.length, items: labels.map((label) => ({ label, kind: "command" })) };
}

/** What a line of the console commands, such as `:coredump core.wasm`; `undefined` where it is an expression. */
export function readConsoleCommand(line: string): ConsoleCommand | undefined {
  const [, name = "", rest = ""] = /^\s*:([\w-]+)\s*(.*?)\s*$/s.exec(line) ?? [];
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command && { run: (session) => command(session, rest) };
}

/**
 * The expression that a line of the console stands for. `?${…}` is how CodeLLDB tells one from its commands, and what
 * Zed's view of memory asks of any debugger.
 */
export function expressionOf(line: string): string {
  return /^\?\$\{(.*)\}$/s.exec(line)?.[1] ?? line;
}
