import { unreachable } from "../../../../src/base/errors.ts";
import { functionMatcher } from "../../../../src/debugger/function-matching.ts";
import type { Scope } from "../../../../src/symbols/variable.ts";
import { toSymbolStatus } from "../../../convert/module.ts";
import type { Command, CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DebugConsole } from "../debug-console.ts";
import { breakpointLines } from "./stops.ts";

/** What `info` knows about. */
const topics: Readonly<Record<string, (console: DebugConsole, rest: string) => Promise<readonly string[]>>> =
  {
    breakpoints: async (console) => orNone(breakpointLines(console), "There are no breakpoints."),
    locals: (console) => variables(console, "locals", "There are no locals here."),
    args: (console) => variables(console, "arguments", "The function has no arguments."),
    globals: (console) => variables(console, "globals", "There are no globals here."),
    wasm: (console) => variables(console, "wasm", "Nothing is known of the module's own variables here."),
    functions,
    sources: async (console) =>
      orNone(
        console.program.debugInfo
          .sources()
          .map((source) => console.frameText.short(console.sources.place(source).path))
          .sort(),
        "The module tells no sources.",
      ),
    display: async (console) =>
      orNone(
        console.displays.map((text, at) => `${at + 1}: ${text}`),
        "Nothing is displayed.",
      ),
    program,
  };

/** Letters of topics that gdb's users have in their fingers. */
const shorts: Readonly<Record<string, string>> = {
  b: "breakpoints",
  l: "locals",
  a: "args",
  fu: "functions",
};

const topicNames: readonly string[] = Object.keys(topics);

/** Commands that tell what there is. */
export const information: CommandGroup = {
  title: "What there is",
  commands: [
    {
      names: ["info", "i"],
      form: "TOPIC",
      about: "tell about breakpoints, locals, args, globals, functions and more",
      more: `TOPIC is one of ${topicNames.join(", ")}. \`info functions NAME\` lists those with NAME in theirs; NAME may have \`*\` in it or be a /regular expression/.`,
      completes: topicNames,
      async run(console, rest) {
        const [, word = "", after = ""] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
        const fitting = topicNames.filter((name) => name.startsWith(shorts[word] ?? word));
        const [name] = fitting;
        const topic =
          word !== "" && (fitting.length === 1 || fitting.includes(word)) ? topics[name ?? ""] : undefined;
        if (!topic) throw new CommandError(`\`info\` is followed by one of ${topicNames.join(", ")}.`);
        console.say((await topic(console, after)).join("\n"));
      },
    } satisfies Command,
  ],
};

const orNone = (lines: readonly string[], none: string): readonly string[] =>
  lines.length > 0 ? lines : [none];

/** Variables shown of a scope. */
const mostShown = 200;

async function variables(
  console: DebugConsole,
  kind: Scope["kind"],
  none: string,
): Promise<readonly string[]> {
  const core = console.stopped;
  const frame = await console.frame();
  if (kind === "arguments") {
    const list = await core.parameters(frame);
    return orNone(
      list.map(({ name, value }) => `${name} = ${value}`),
      none,
    );
  }
  const parameters =
    kind === "locals" ? new Set((await core.parameters(frame)).map(({ name }) => name)) : undefined;
  const lines: string[] = [];
  for (const scope of await core.scopes(frame)) {
    if (scope.kind !== kind) continue;
    const { named, indexed } = scope.variables;
    for (const [filter, total] of [
      ["named", named],
      ["indexed", indexed],
    ] as const) {
      if (total === 0) continue;
      const shown = await scope.variables.children(filter, 0, Math.min(total, mostShown));
      // Arguments are variables of the function too; `info args` shows them.
      lines.push(
        ...shown.filter(({ name }) => !parameters?.has(name)).map(({ name, value }) => `${name} = ${value}`),
      );
      if (total > mostShown) lines.push(`... ${total - mostShown} more`);
    }
  }
  return orNone(lines, none);
}

const mostFunctions = 500;

async function functions(console: DebugConsole, rest: string): Promise<readonly string[]> {
  const { debugInfo } = console.program;
  const matcher =
    rest === "" ? { matches: () => true } : functionMatcher(/[*/]/.test(rest) ? rest : `*${rest}*`);
  if ("problem" in matcher) throw new CommandError(matcher.problem);
  const names: string[] = [];
  for (const { info } of debugInfo.functions?.() ?? []) {
    if ((rest === "" && !info.hasLines) || !matcher.matches(info.name)) continue;
    const position = debugInfo.locate(firstStatement(console, info.from, info.to));
    const at = position
      ? ` at ${console.frameText.place(console.sources.place(position.source).path, position.line)}`
      : "";
    names.push(`${info.name}${at}`);
  }
  if (names.length === 0)
    return [rest === "" ? "No function has lines." : `No function has a name like ${rest}.`];
  const shown = [...new Set(names)].sort();
  return shown.length > mostFunctions
    ? [...shown.slice(0, mostFunctions), `... ${shown.length - mostFunctions} more`]
    : shown;
}

function firstStatement<T extends number>(console: DebugConsole, from: T, to: T): T {
  const { offset } = console.program.debugInfo.statements();
  let low = 0;
  let high = offset.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offset[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  const found = offset[low];
  return found !== undefined && found < to ? (found as T) : from;
}

async function program(console: DebugConsole): Promise<readonly string[]> {
  const { modulePath, debugInfo, processId } = console.program;
  const { state } = console;
  const lines = [`${modulePath}: ${toSymbolStatus(debugInfo.status)}`];
  switch (state.kind) {
    case "none":
      return [...lines, "It has not been started."];
    case "exited":
      return [...lines, `It has ended with status ${state.exit.exitCode}.`];
    case "stopped":
      return [
        ...lines,
        `It has stopped (${state.description.kind})${processId === undefined ? "" : `, process ${processId}`}.`,
      ];
    default:
      return unreachable(state);
  }
}
