import { savedText } from "../launch/coredump-saver.ts";
import { writeCoredump } from "./coredump.ts";
import type { Session } from "./session.ts";

/** Something typed into the debug console that is no expression. */
export interface ConsoleCommand {
  /** Answers what the console shows. */
  readonly run: (session: Session) => Promise<string>;
}

/** Commands by name; a colon before it tells one from an expression. `rest` is what follows. */
const commands: Readonly<Record<string, (session: Session, rest: string) => Promise<string>>> = {
  coredump: async (session, rest) => savedText(await writeCoredump(session, rest === "" ? undefined : rest)),
};

/** What a line of the console commands, such as `:coredump core.wasm`; `undefined` where it is an expression. */
export function readConsoleCommand(line: string): ConsoleCommand | undefined {
  const [, name = "", rest = ""] = /^\s*:([\w-]+)\s*(.*?)\s*$/s.exec(line) ?? [];
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command && { run: (session) => command(session, rest) };
}
