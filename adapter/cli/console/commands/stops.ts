import type { BreakpointBehaviour } from "../../../../src/debugger/debugger-types.ts";
import { splitBreak } from "../../place.ts";
import { type ConsoleBreakpoint, consolePlaceText } from "../breakpoint-list.ts";
import type { Command, CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { type DebugConsole, tellBreakpoint } from "../debug-console.ts";
import { askedPlaces } from "../places.ts";

const placeForms =
  "PLACE is FILE:LINE, LINE of the file looked at, FUNCTION (also with `*` in it, or /a regular expression/), or *OFFSET of an instruction; without it, the line where the program stands.";

/** Commands that say where to stop. */
export const stops: CommandGroup = {
  title: "Breakpoints",
  commands: [
    breakCommand(["break", "b"], "stop at a place", { isTemporary: false }),
    breakCommand(["tbreak", "tb"], "stop at a place once", { isTemporary: true }),
    {
      names: ["log"],
      form: "PLACE=TEXT",
      about: "say TEXT at a place, with values for {EXPR}, and do not stop",
      completes: "place",
      async run(console, rest) {
        const [, place, logMessage] = /^(.*?[^=!<>])=([^=].*)$/s.exec(rest) ?? [];
        if (place === undefined || logMessage === undefined) {
          throw new CommandError(`Expected PLACE=TEXT, such as words.c:28=at {line}, but found \`${rest}\`.`);
        }
        await add(console, place.trim(), { logMessage }, false);
      },
    },
    {
      names: ["watch", "w"],
      form: "EXPR[ hit COUNT][ if EXPR]",
      about: "stop when a value in memory has changed",
      more: "What belongs to a function is watched until that returns.",
      completes: "expression",
      run: watch,
    },
    {
      names: ["condition"],
      form: "NUMBER [EXPR]",
      about: "let a breakpoint stop only where EXPR is true, or always",
      async run(console, rest) {
        const { breakpoint, text } = numbered(console, rest);
        const { condition: _, ...others } = breakpoint.behaviour;
        await change(console, breakpoint, text === "" ? others : { ...others, condition: text });
      },
    },
    {
      names: ["hits"],
      form: "NUMBER [COUNT]",
      about: "let it stop the COUNT-th time: 5, or >= 5, or % 5 (every fifth)",
      async run(console, rest) {
        const { breakpoint, text } = numbered(console, rest);
        const { hitCondition: _, ...others } = breakpoint.behaviour;
        await change(console, breakpoint, text === "" ? others : { ...others, hitCondition: text });
      },
    },
    {
      names: ["delete", "d"],
      form: "[NUMBERS]",
      about: "delete these breakpoints, or all",
      run: async (console, rest) => console.breakpoints.remove(listed(console, rest)),
    },
    {
      names: ["enable", "en"],
      form: "[NUMBERS]",
      about: "let them stop the program again",
      run: async (console, rest) => console.breakpoints.enable(listed(console, rest), true),
    },
    {
      names: ["disable", "dis"],
      form: "[NUMBERS]",
      about: "keep them, but do not stop at them",
      run: async (console, rest) => console.breakpoints.enable(listed(console, rest), false),
    },
  ],
};

function breakCommand(
  names: readonly [string, ...string[]],
  about: string,
  { isTemporary }: { readonly isTemporary: boolean },
): Command {
  return {
    ...{ names, form: "[PLACE][ hit COUNT][ if EXPR]", about, more: placeForms, completes: "place" },
    async run(console, rest) {
      const { place, behaviour } = splitBreak(rest);
      await add(console, place, behaviour, isTemporary);
    },
  };
}

async function add(
  console: DebugConsole,
  place: string,
  behaviour: BreakpointBehaviour,
  isTemporary: boolean,
): Promise<void> {
  const places = await askedPlaces(console, place);
  const isPlain = Object.keys(behaviour).length === 0;
  if (!isPlain && places.some(({ kind }) => kind === "instruction")) {
    throw new CommandError("A breakpoint on an instruction has no condition: give its line instead.");
  }
  const added = await console.breakpoints.add(places.map((one) => ({ place: one, behaviour, isTemporary })));
  for (const breakpoint of added) tellBreakpoint(console, breakpoint);
}

async function watch(console: DebugConsole, rest: string): Promise<void> {
  const { place: expression, behaviour } = splitBreak(rest);
  if (expression === "") throw new CommandError("`watch` needs an expression, such as list->count.");
  const stopped = console.state.kind === "stopped" ? console.stopped : undefined;
  // Before the program runs there are no frames: what has a fixed address can be watched all the same.
  const found = await stopped?.findData({
    kind: "expression",
    text: expression,
    frame: await console.frame(),
  });
  if (found?.kind === "refused") throw new CommandError(found.reason);
  const place = {
    ...{ kind: "data" as const, expression, dataId: found?.id ?? `=${expression}` },
    persists: found?.canPersist ?? true,
  };
  const [added] = await console.breakpoints.add([{ place, behaviour }]);
  if (added === undefined) return;
  if (added.set?.verified !== false) return tellBreakpoint(console, added);
  const { message } = added.set;
  await console.breakpoints.remove([added]);
  throw new CommandError(message ?? `${expression} cannot be watched.`);
}

/** `3 EXPR`: a breakpoint and what follows its number. */
function numbered(console: DebugConsole, rest: string): { breakpoint: ConsoleBreakpoint; text: string } {
  const [, number = "", text = ""] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
  return { breakpoint: console.breakpoints.byNumber(number), text };
}

async function change(
  console: DebugConsole,
  breakpoint: ConsoleBreakpoint,
  behaviour: BreakpointBehaviour,
): Promise<void> {
  if (breakpoint.place.kind === "instruction") {
    throw new CommandError("A breakpoint on an instruction has no condition: give its line instead.");
  }
  tellBreakpoint(console, await console.breakpoints.change(breakpoint, behaviour));
}

/** `1 3-5`: the breakpoints of these numbers; all of them for nothing. */
function listed(console: DebugConsole, rest: string): readonly ConsoleBreakpoint[] {
  if (rest === "" || rest === "breakpoints") return console.breakpoints.all;
  return rest.split(/[\s,]+/).flatMap((word) => {
    const [, from, to] = /^(\d+)-(\d+)$/.exec(word) ?? [];
    if (from === undefined) return [console.breakpoints.byNumber(word)];
    return console.breakpoints.all.filter(({ number }) => number >= Number(from) && number <= Number(to));
  });
}

/** What `info breakpoints` shows. */
export function breakpointLines(console: DebugConsole): readonly string[] {
  return console.breakpoints.all.flatMap((breakpoint) => {
    const { number, place, behaviour, isEnabled, isTemporary, hits, set } = breakpoint;
    const marks = [
      ...(isEnabled ? [] : ["disabled"]),
      ...(isTemporary ? ["once"] : []),
      ...(set !== undefined && !set.verified ? ["not set"] : []),
    ];
    const about = [
      ...(behaviour.condition === undefined ? [] : [`if ${behaviour.condition}`]),
      ...(behaviour.hitCondition === undefined ? [] : [`hit ${behaviour.hitCondition}`]),
      ...(behaviour.logMessage === undefined ? [] : [`says ${behaviour.logMessage}`]),
    ];
    const rest = [...about, ...(marks.length > 0 ? [`(${marks.join(", ")})`] : [])].join(" ");
    const times = hits === 1 ? "hit once" : `hit ${hits} times`;
    const first = `${String(number).padEnd(3)} ${consolePlaceText(place)}${rest === "" ? "" : ` ${rest}`}`;
    return [`${first}${hits > 0 ? `, ${times}` : ""}`];
  });
}
