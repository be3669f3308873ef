import { savedText } from "../../../launch/coredump-saver.ts";
import type { CommandGroup, CommandList } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { helpOf, helpText } from "../help.ts";

/** Commands about the debugger itself; `help` tells of those in `all`. */
export const sessionCommands = (all: CommandList): CommandGroup => ({
  title: "This debugger",
  commands: [
    {
      names: ["core"],
      form: "[PATH]",
      about: "write a coredump of the program as it stands",
      completes: "file",
      async run(console, rest) {
        void console.stopped;
        const save = console.program.saveCoredump;
        if (!save) throw new CommandError("This program writes no coredumps.");
        try {
          console.say(savedText(await save(rest === "" ? undefined : rest)));
        } catch (error) {
          throw new CommandError(
            `No coredump was written: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      },
    },
    {
      names: ["echo"],
      form: "TEXT",
      about: "say something, for whoever reads a script's output",
      run: async (console, rest) => console.say(rest),
    },
    {
      names: ["help", "h"],
      form: "[COMMAND]",
      about: "tell about the commands, or about one",
      completes: "command",
      run: async (console, rest) =>
        console.say(rest === "" ? helpText(all.groups(), console.parts.style) : helpOf(all.find(rest))),
    },
    {
      names: ["quit", "q", "exit"],
      form: "",
      about: "end the program and this debugger",
      run: async (console) => {
        console.isDone = true;
      },
    },
  ],
});
