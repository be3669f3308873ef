import { type CommandLine, readCommandLine } from "./command-table.ts";
import type { DebugConsole } from "./debug-console.ts";
import { sentenceOf } from "./sentence.ts";

/** Does lines that are typed, one after the other. */
export class Executor {
  readonly #console: DebugConsole;
  #last: CommandLine | undefined;

  constructor(console: DebugConsole) {
    this.#console = console;
  }

  /** Does one line; answers whether it went well. An empty one repeats what goes on when it is repeated. */
  async execute(line: string): Promise<boolean> {
    try {
      const read = line.trim() === "" ? this.#last : readCommandLine(line);
      if (!read) return true;
      // What goes on needs no place a second time: a list continues.
      this.#last = read.command.repeats === true ? { ...read, rest: continued(read) } : undefined;
      await read.command.run(this.#console, read.rest);
      return true;
    } catch (error) {
      this.#last = undefined;
      this.#console.say(
        this.#console.parts.style.bad(sentenceOf(error, this.#console.parts.configuration.program)),
      );
      return false;
    }
  }
}

/** What follows a command when it is repeated. */
function continued({ command, rest }: CommandLine): string {
  const [name] = command.names;
  if (name === "list") return rest === "-" ? "-" : "";
  if (name === "x") return /^\/\S+/.exec(rest)?.[0] ?? "";
  return rest;
}
