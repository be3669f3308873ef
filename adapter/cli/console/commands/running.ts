import type { StepGranularity, StepKind } from "../../../../src/debugger/debugger-types.ts";
import { ExpressionError } from "../../../../src/symbols/variable.ts";
import type { Command, CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DebugConsole } from "../debug-console.ts";
import { rowLines } from "../listing.ts";
import { askedPlaces } from "../places.ts";
import { splitWords } from "../words.ts";

/** Commands that let the program run. */
export const running: CommandGroup = {
  title: "Running the program",
  commands: [
    {
      names: ["run", "r"],
      form: "[ARGS]",
      about: "run the program from its beginning, with ARGS if there are any",
      async run(console, rest) {
        if (rest !== "") console.args = splitWords(rest);
        await console.start({ stopOnEntry: false });
      },
    },
    {
      names: ["start"],
      form: "[ARGS]",
      about: "run it to its first statement",
      async run(console, rest) {
        if (rest !== "") console.args = splitWords(rest);
        await console.start({ stopOnEntry: true });
      },
    },
    {
      names: ["continue", "c", "cont"],
      form: "[COUNT]",
      about: "go on to the next breakpoint, or to the COUNT-th stop",
      repeats: true,
      run: (console, rest) => times(console, rest, () => console.resume((core) => core.continue())),
    },
    step(["next", "n"], "over", "line", "go to the next line, over calls"),
    step(["step", "s"], "in", "line", "go to the next line, into calls"),
    {
      names: ["finish", "fin"],
      form: "",
      about: "run until the function returns to its caller, and show what it returns",
      more: "`$returned` is that value, until the program goes on.",
      repeats: true,
      async run(console) {
        if (!(await comeBackTo(console, (await console.frame()).index))) return;
        await console.resume((core) => core.step("out"));
        await sayReturned(console);
      },
    },
    {
      names: ["until", "u", "advance"],
      form: "[PLACE]",
      about: "run to PLACE or a line further down, or until it returns",
      more: "Without a place it leaves a loop: lines before this one do not stop it.",
      completes: "place",
      repeats: true,
      run: until,
    },
    step(["stepi", "si"], "in", "instruction", "go to the next instruction, into calls"),
    step(["nexti", "ni"], "over", "instruction", "go to the next instruction, over calls"),
    {
      names: ["kill", "k"],
      form: "",
      about: "end the program; its breakpoints stay",
      async run(console) {
        if (console.state.kind === "none" || console.state.kind === "exited")
          throw new CommandError("The program does not run.");
        await console.end();
        console.say("The program has been ended.");
        await console.load();
      },
    },
    {
      names: ["input"],
      form: "TEXT",
      about: "give the program a line to read",
      more: "Lines given before `run` are there when it begins; `eof` says that there are no more.",
      run: async (console, rest) => giveInput(console, `${rest}\n`),
    },
    {
      names: ["eof"],
      form: "",
      about: "say that there is nothing more to read for the program",
      run: async (console) => giveInput(console, undefined),
    },
  ],
};

function step(
  names: readonly [string, ...string[]],
  kind: StepKind,
  granularity: StepGranularity,
  about: string,
): Command {
  return {
    ...{ names, form: "[COUNT]", about, repeats: true },
    async run(console, rest) {
      if (granularity === "instruction" && console.parts.configuration.granularity === "source") {
        void console.stopped;
        console.tellOnce(statementsOnly);
      }
      await times(console, rest, () => console.resume((core) => core.step(kind, granularity)));
      if (granularity === "instruction") await tellInstruction(console);
    },
  };
}

const statementsOnly =
  "The program can be stopped at statements only: `--granularity instruction` lets it be stopped at every instruction.";

/** The instruction where a step has ended: its line may be the one from before. */
async function tellInstruction(console: DebugConsole): Promise<void> {
  if (console.state.kind !== "stopped" || console.state.description.kind !== "step") return;
  const { point } = await console.frame();
  if (!point) return;
  const rows = rowLines(
    console.program.disassembly.rows(point.offset, 0, 1),
    point.offset,
    console.parts.style,
  );
  console.say(rows.slice(-1).join("\n"));
}

/** Does it so often, or until something else happens than that a step ends. */
async function times(console: DebugConsole, rest: string, act: () => Promise<void>): Promise<void> {
  if (rest !== "" && !/^[1-9]\d*$/.test(rest)) {
    throw new CommandError(`Expected how many times, a number from 1, but found \`${rest}\`.`);
  }
  for (let left = Number(rest || 1); left > 0; left--) {
    const kind = await whatFollows(console, act);
    if (kind !== "step" && kind !== "breakpoint") return;
  }
}

async function whatFollows(console: DebugConsole, act: () => Promise<void>): Promise<string> {
  await act();
  const { state } = console;
  return state.kind === "stopped" ? state.description.kind : state.kind;
}

/** Leaves the frames inside of the one looked at: what a step does it does from the innermost. Answers whether it came there. */
async function comeBackTo(console: DebugConsole, index: number): Promise<boolean> {
  for (let left = index; left > 0; left--) {
    const kind = await whatFollows(console, () => console.resume((core) => core.step("out")));
    if (kind !== "step") return false;
  }
  return true;
}

async function until(console: DebugConsole, rest: string): Promise<void> {
  const core = console.stopped;
  const { position, point } = await console.frame();
  const places = rest === "" ? following(console, position, point?.offset) : await askedPlaces(console, rest);
  const { total } = await core.stackTrace(0, 1);
  const hidden = await console.breakpoints.add(
    places.map((place) => ({ place, isHidden: true, isTemporary: true })),
  );
  const missing = rest !== "" && !hidden.some(({ set }) => set?.verified);
  try {
    if (missing) throw new CommandError(`There is no code to run to at ${rest}.`);
    for (;;) {
      await console.resume((running) => (total > 1 ? running.step("out") : running.continue()));
      if (console.state.kind !== "stopped" || console.state.description.kind !== "step") return;
      // A call of the same function deeper down comes by these lines as well.
      if (rest !== "" || (await core.stackTrace(0, 1)).total <= total) return;
    }
  } finally {
    await console.breakpoints.remove(hidden);
  }
}

type Position = Awaited<ReturnType<DebugConsole["frame"]>>["position"];

/** The lines of the function behind the one where it stands. */
function following(console: DebugConsole, position: Position, offset: number | undefined) {
  const { debugInfo } = console.program;
  const info =
    offset === undefined
      ? undefined
      : debugInfo.functionAt(offset as Parameters<typeof debugInfo.functionAt>[0]);
  if (!info || !position) throw new CommandError("No lines are known here: `finish` leaves the function.");
  const { offset: offsets } = debugInfo.statements();
  const lines = new Set<number>();
  for (const at of offsets) {
    if (at < info.from || at >= info.to) continue;
    const found = debugInfo.locate(at as typeof info.from);
    if (found?.source === position.source && found.line > position.line) lines.add(found.line);
  }
  return [...lines].map((line) => ({ kind: "line" as const, path: position.source.path, line }));
}

/** Shows what has just been returned, if anything has. */
async function sayReturned(console: DebugConsole): Promise<void> {
  if (console.state.kind !== "stopped") return;
  try {
    const returned = await console.stopped.evaluate(await console.frame(), "$returned");
    console.say(`$returned = ${returned.value}`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
  }
}

function giveInput(console: DebugConsole, text: string | undefined): void {
  const { input } = console.parts;
  if (!input.give)
    throw new CommandError("The program reads what this command reads, not what commands give it.");
  input.give(text);
}
