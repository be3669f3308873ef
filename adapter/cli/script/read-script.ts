import { CommandError } from "../console/command-error.ts";
import { type CommandLine, readCommandLine } from "../console/command-table.ts";
import { type Expectation, readExpectation } from "./expectation.ts";

/** One line of a script that does something. */
export type ScriptLine = {
  /** From 1. */
  readonly number: number;
  readonly text: string;
} & (
  | ({ readonly kind: "command" } & CommandLine)
  | { readonly kind: "expect"; readonly expectation: Expectation }
);

/** A script, or one sentence for each line that is none. */
export type ReadScript =
  | { readonly kind: "script"; readonly lines: readonly ScriptLine[] }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * Reads a script: a command of the console or an expectation on each line. Lines that begin with `#` are remarks. All
 * of it is read before any of it is done, so that a misspelt word on the last line costs nobody a run.
 */
export function readScript(name: string, text: string): ReadScript {
  const lines: ScriptLine[] = [];
  const problems: string[] = [];
  for (const [at, raw] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const number = at + 1;
    const [, expected] = /^expect(?:\s+(.*))?$/s.exec(line) ?? [];
    try {
      if (/^expect\b/.test(line)) {
        const expectation = readExpectation(expected ?? "");
        if ("problem" in expectation) problems.push(`${name}:${number}: ${expectation.problem}`);
        else lines.push({ kind: "expect", number, text: line, expectation });
      } else lines.push({ kind: "command", number, text: line, ...readCommandLine(line) });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      problems.push(`${name}:${number}: ${error.message}`);
    }
  }
  if (lines.length === 0 && problems.length === 0) problems.push(`${name} has no line that does anything.`);
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "script", lines };
}
