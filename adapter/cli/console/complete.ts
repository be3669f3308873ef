import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { nameOf } from "../../convert/path.ts";
import type { Completes } from "./command.ts";
import { commandNames, findCommand } from "./command-table.ts";
import type { DebugConsole } from "./debug-console.ts";

/** What may stand at the end of a line, and the part of the line that it takes the place of. */
export type Completion = readonly [candidates: string[], part: string];

/** Candidates shown at once. */
const mostCandidates = 200;

/** Completes the end of a line: commands, places, functions, files, variables and members. Never rejects. */
export async function complete(console: DebugConsole, line: string): Promise<Completion> {
  const [, word = "", space = "", rest = ""] = /^\s*([\w-]*)(\s*)(.*)$/s.exec(line) ?? [];
  if (space === "") return followed(fitting(commandNames, word));
  try {
    return await completeRest(console, findCommand(word).completes, rest);
  } catch {
    return [[], line];
  }
}

async function completeRest(
  console: DebugConsole,
  completes: Completes | undefined,
  rest: string,
): Promise<Completion> {
  switch (completes) {
    case undefined:
      return [[], rest];
    case "command":
      return fitting(commandNames, rest);
    case "file":
      return completeFile(rest, console.parts.configuration.cwd);
    case "function":
      return fitting(functionNames(console, rest), rest);
    case "place": {
      const [, condition] = /\sif\s+(.*)$/s.exec(rest) ?? [];
      return condition === undefined
        ? fitting([...sourceNames(console), ...functionNames(console, rest)], rest)
        : completeExpression(console, condition);
    }
    case "expression":
      return completeExpression(console, rest);
    default:
      return fitting(completes, rest);
  }
}

const fitting = (all: Iterable<string>, part: string): Completion => [
  [...new Set(all)]
    .filter((one) => one.startsWith(part))
    .sort()
    .slice(0, mostCandidates),
  part,
];

/** What is complete is done with: what comes next may be typed at once. */
const followed = ([candidates, part]: Completion): Completion => [
  candidates.length === 1 ? candidates.map((one) => `${one} `) : candidates,
  part,
];

const sourceNames = (console: DebugConsole): readonly string[] =>
  console.program.debugInfo.sources().map(({ path }) => `${nameOf(path)}:`);

function functionNames(console: DebugConsole, part: string): readonly string[] {
  const names: string[] = [];
  for (const { info } of console.program.debugInfo.functions?.() ?? []) {
    if (info.hasLines && info.name.startsWith(part)) names.push(info.name);
  }
  return names;
}

/** What may stand at the end of an expression. */
async function completeExpression(console: DebugConsole, text: string): Promise<Completion> {
  const { start, items } = await console.stopped.complete(await console.frame(), text, text.length);
  return [items.map(({ label }) => label), text.slice(start)];
}

function completeFile(part: string, cwd: string): Completion {
  const folder = part.endsWith("/") ? part : dirname(part);
  const prefix = folder === "." && !part.startsWith("./") ? "" : folder.endsWith("/") ? folder : `${folder}/`;
  const entries = readdirSync(join(cwd, folder), { withFileTypes: true });
  return fitting(
    entries.map((entry) => `${prefix}${entry.name}${entry.isDirectory() ? "/" : ""}`),
    part,
  );
}
