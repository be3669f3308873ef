import type { Frame } from "../../../../src/debugger/debugger-types.ts";
import { sourceLine } from "../../report/frame-text.ts";
import { type FrameReport, reportFrame, textOf } from "../../report/stop-report.ts";
import type { CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DebugConsole } from "../debug-console.ts";

/** Frames shown when nobody says how many. */
const usualFrames = 50;

/** Commands that look at the call stack. */
export const stack: CommandGroup = {
  title: "The call stack",
  commands: [
    {
      names: ["backtrace", "bt", "where"],
      form: "[COUNT]",
      about: "show the call stack, or COUNT frames (-COUNT: the outermost)",
      run: backtrace,
    },
    {
      names: ["frame", "f"],
      form: "[NUMBER]",
      about: "look at a frame, or show the one looked at",
      async run(console, rest) {
        if (rest !== "" && !/^\d+$/.test(rest))
          throw new CommandError(`Expected a frame's number, but found \`${rest}\`.`);
        await show(console, rest === "" ? await console.frame() : await console.select(Number(rest)));
      },
    },
    move(["up"], 1, "look at the caller of the frame"),
    move(["down"], -1, "look at what the frame called"),
  ],
};

function move(names: readonly [string, ...string[]], direction: 1 | -1, about: string) {
  return {
    ...{ names, form: "[COUNT]", about, repeats: true },
    async run(console: DebugConsole, rest: string) {
      if (rest !== "" && !/^\d+$/.test(rest))
        throw new CommandError(`Expected how many frames, but found \`${rest}\`.`);
      const { index } = await console.frame();
      const { total } = await console.stopped.stackTrace(0, 1);
      const wanted = index + direction * Number(rest || 1);
      const possible = Math.min(Math.max(wanted, 0), total - 1);
      if (possible === index) {
        throw new CommandError(
          direction > 0 ? "This is the outermost frame." : "This is the innermost frame.",
        );
      }
      await show(console, await console.select(possible));
    },
  };
}

async function backtrace(console: DebugConsole, rest: string): Promise<void> {
  if (!/^-?\d*$/.test(rest) || rest === "-")
    throw new CommandError(`Expected how many frames, but found \`${rest}\`.`);
  const core = console.stopped;
  const { total } = await core.stackTrace(0, 0);
  const count = rest === "" ? usualFrames : Math.abs(Number(rest));
  const start = rest.startsWith("-") ? Math.max(0, total - count) : 0;
  const { frames } = await core.stackTrace(start, count);
  const reports: FrameReport[] = [];
  for (const frame of frames) reports.push(await reportFrame(core, frame, console.sources));
  const lines = console.frameText.backtrace(reports, total);
  console.say(
    lines.length === 0
      ? "There are no frames: the program stands before its first instruction."
      : lines.join("\n"),
  );
}

/** Tells a frame, and its line where there is one. */
async function show(console: DebugConsole, frame: Frame): Promise<void> {
  const lines = [console.frameText.frame(await reportFrame(console.stopped, frame, console.sources))];
  if (frame.position !== undefined) {
    const { source, line } = frame.position;
    const text = textOf(source, console.sources)?.split(/\r?\n/)[line];
    if (text !== undefined) lines.push(sourceLine(line, text));
  }
  console.say(lines.join("\n"));
}
