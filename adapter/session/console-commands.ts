import type { TypeDescription } from "../../src/symbols/symbols.ts";
import type { Completions } from "../../src/symbols/symbols-parts.ts";
import { savedText } from "../launch/coredump-saver.ts";
import { writeCoredump } from "./coredump.ts";
import { findFrame, withPlace } from "./evaluation.ts";
import { restartProgramWith } from "./lifecycle.ts";
import { restartOptions } from "./restart-options.ts";
import type { Session } from "./session.ts";

/** Something typed into the debug console that is no expression. */
export interface ConsoleCommand {
  /** Answers what the console shows. `frameId` is the client's number of the frame that it is typed in, if any. */
  readonly run: (session: Session, frameId: number | undefined) => Promise<string>;
}

/** Answers what the console shows; `rest` is what follows the command. */
type Run = (session: Session, rest: string, frameId: number | undefined) => Promise<string>;

/** Commands by name; a colon before it tells one from an expression. */
const commands: Readonly<Record<string, Run>> = {
  "restart-with": async (session, word) => {
    const option = Object.values(restartOptions).find((one) => one.word === word);
    const words = Object.values(restartOptions).map((one) => one.word);
    if (option === undefined) return `\`:restart-with\` takes one of ${words.join(", ")}.`;
    await restartProgramWith(session, option.change);
    return `Restarted with ${word}.`;
  },
  coredump: async (session, rest) => savedText(await writeCoredump(session, rest === "" ? undefined : rest)),
  whatis: async (...asked) => ofType("whatis", asked, ({ name }) => name),
  ptype: async (...asked) => ofType("ptype", asked, ({ definition }) => definition),
};

/** Of the type of an expression, or of the one of that name: its name with nothing left out, or what it is made of. */
async function ofType(
  command: string,
  [session, rest, frameId]: Parameters<Run>,
  wanted: (type: TypeDescription) => string,
): Promise<string> {
  if (rest === "") return `\`:${command}\` takes an expression or a type, such as *list.`;
  const frame = await findFrame(session, frameId);
  const type = await session.debugger.describeType(frame, rest).catch((error: unknown) => {
    throw withPlace(error, rest);
  });
  return wanted(type);
}

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
  return command && { run: (session, frameId) => command(session, rest, frameId) };
}

/**
 * The expression that a line of the console stands for. `?${…}` is how CodeLLDB tells one from its commands, and what
 * Zed's view of memory asks of any debugger.
 */
export function expressionOf(line: string): string {
  return /^\?\$\{(.*)\}$/s.exec(line)?.[1] ?? line;
}
