import { resolve } from "node:path";
import type { BreakpointBehaviour, FunctionBreakpointRequest } from "../../src/debugger/debugger-types.ts";
import type { LaunchConfiguration } from "../launch/configuration.ts";
import { type OptionGroup, readOptions, splitList } from "./options.ts";
import { type AskedPlace, parsePlace, placeForm, splitBreak } from "./place.ts";
import { programOptions, readProgram, splitArguments } from "./program-options.ts";
import type { StopShow } from "./report/stop-report.ts";
import type { Verbosity } from "./report/text-report.ts";
import { UsageError } from "./usage-error.ts";

/** What `wasm-dap run` was asked to do. */
export interface RunOptions {
  readonly configuration: LaunchConfiguration;
  readonly breakpoints: readonly AskedLine[];
  readonly functions: readonly FunctionBreakpointRequest[];
  readonly watches: readonly AskedWatch[];
  readonly onStop: StopShow;
  /** A script to follow. */
  readonly script?: RunScript;
  /** Seconds until the program is ended. */
  readonly timeout?: number;
  readonly reports: RunReports;
}

/** A script, as its user named it and where it is. */
export interface RunScript {
  readonly name: string;
  readonly path: string;
}

/** Which reports there are. */
export interface RunReports {
  readonly json: boolean;
  readonly verbosity: Verbosity;
  readonly annotate?: "github";
  /** File for the results. */
  readonly junit?: string;
}

/** A line to stop at, or to say something at. */
export interface AskedLine extends BreakpointBehaviour {
  readonly path: string;
  /** 0-based. */
  readonly line: number;
}

/** A value to be told about when it changes. */
export interface AskedWatch extends Pick<BreakpointBehaviour, "condition" | "hitCondition"> {
  readonly expression: string;
  /** Where it is looked up, each time the program comes there; before the program begins, without. */
  readonly at?: AskedPlace;
}

/** Options of `run`. */
export const runOptions: readonly OptionGroup[] = [
  {
    title: "Where to stop and what to show",
    options: [
      {
        name: "break",
        value: "PLACE[ hit COUNT][ if EXPR]",
        isMany: true,
        about:
          "stop at FILE:LINE or in a function: always, the COUNT-th time (5, >= 5, % 5), where EXPR is true",
      },
      {
        name: "watch",
        value: "EXPR[ in PLACE][ hit COUNT][ if EXPR]",
        isMany: true,
        about:
          "stop when a value in memory has changed: a global variable's, or with PLACE one of each call that comes there",
      },
      {
        name: "log",
        value: "FILE:LINE=TEXT",
        isMany: true,
        about: "print TEXT there, with values for {EXPR}, and do not stop",
      },
      {
        name: "on-stop",
        value: "LIST",
        isMany: true,
        about:
          "what to show at a stop, separated by commas: bt (backtrace), locals, or expressions such as p->next->id",
      },
      { name: "script", value: "FILE", about: "follow a script: commands, and what is expected of them" },
    ],
  },
  {
    title: "How it ends",
    options: [
      { name: "timeout", value: "SECONDS", about: "end it after this time, and print where it stood" },
      {
        name: "core",
        value: "PATH",
        about:
          "write a coredump there at a trap: %p is the process's number, %t the time in seconds, %e the program's name",
      },
    ],
  },
  {
    title: "What is reported",
    options: [
      { name: "json", about: "one JSON object a line on stdout, for programs to read" },
      {
        name: "annotate",
        value: "github",
        about: "annotations for GitHub Actions at lines with traps and failures",
      },
      { name: "junit", value: "FILE", about: "write results in JUnit's form" },
      { name: "quiet", short: "q", about: "nothing but stops, traps and failures" },
      { name: "verbose", short: "v", about: "also what was loaded, what held, and how it ended" },
    ],
  },
  ...programOptions,
  { title: "Else", options: [{ name: "help", short: "h", about: "print this" }] },
];

/** Reads the command line after `run`. @throws {UsageError} with one sentence. */
export function readRunOptions(args: readonly string[], cwd: string): RunOptions {
  const { own, program } = splitArguments(args);
  const options = readOptions(own, runOptions);
  const core = options.text("core");
  const places = options.texts("break").map(toPlace);
  const logs = options.texts("log").map(toLog);
  const watches = options.texts("watch").map(toWatch);
  const configuration = readProgram("run", options, program, cwd, {
    // Only a program that is launched for it can be watched, and it runs slower.
    dataBreakpoints: watches.length > 0,
    ...(core === undefined ? {} : { coredump: { onTrap: core } }),
  });
  const from = (path: string) => resolve(configuration.cwd, path);
  const annotate = options.text("annotate");
  if (annotate !== undefined && annotate !== "github")
    throw new UsageError(`\`--annotate\` must be github, but is \`${annotate}\`.`);
  const [script, junit] = [options.text("script"), options.text("junit")];
  const hasStops = places.length + logs.length + watches.length + options.texts("on-stop").length > 0;
  if (script !== undefined && hasStops) {
    throw new UsageError(
      "`--script` says itself where to stop: leave `--break`, `--watch`, `--log` and `--on-stop` out.",
    );
  }
  if (options.has("quiet") && options.has("verbose"))
    throw new UsageError("`--quiet` and `--verbose` exclude each other.");
  return {
    configuration,
    breakpoints: [...places.flatMap((place) => ("path" in place ? place : [])), ...logs],
    functions: places.flatMap((place) => ("path" in place ? [] : place)),
    watches,
    onStop: toShow(options.texts("on-stop").flatMap(splitList)),
    ...(script === undefined ? {} : { script: { name: script, path: from(script) } }),
    ...toTimeout(options.text("timeout")),
    reports: {
      json: options.has("json"),
      verbosity: options.has("quiet") ? "quiet" : options.has("verbose") ? "verbose" : "normal",
      ...(annotate === undefined ? {} : { annotate }),
      ...(junit === undefined ? {} : { junit: from(junit) }),
    },
  };
}

/** More than this a timer cannot wait. */
const longestSeconds = 2_000_000;

function toTimeout(text: string | undefined): { readonly timeout?: number } {
  if (text === undefined) return {};
  const timeout = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (timeout <= 0 || timeout > longestSeconds) {
    throw new UsageError(`\`--timeout\` must be seconds, such as 10 or 0.5, but is \`${text}\`.`);
  }
  return { timeout };
}

function toPlace(text: string): AskedLine | FunctionBreakpointRequest {
  const { place: where, behaviour } = splitBreak(text);
  const place = parsePlace(where);
  if (!place) throw new UsageError(`\`--break\` must be ${placeForm}, but is \`${text}\`.`);
  return place.kind === "line"
    ? { path: place.path, line: place.line, ...behaviour }
    : { name: place.name, ...behaviour };
}

function toWatch(text: string): AskedWatch {
  const { place: watched, behaviour } = splitBreak(text);
  const [, expression = watched, where] = /^(.*?)\s+in\s+(.*)$/s.exec(watched) ?? [];
  if (expression === "") throw new UsageError("`--watch` needs an expression, such as `counter`.");
  if (where === undefined) return { expression, ...behaviour };
  const at = parsePlace(where);
  if (!at) throw new UsageError(`\`--watch\` begins at ${placeForm}, but \`${text}\` has \`${where}\`.`);
  return { expression, at, ...behaviour };
}

/** The first equals sign behind a line separates: messages have colons and such of their own. */
function toLog(text: string): AskedLine {
  const [, path, line, logMessage] = /^(.+?):(\d+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || logMessage === undefined || Number(line) < 1) {
    throw new UsageError(`\`--log\` must be FILE:LINE=TEXT with a line from 1, but is \`${text}\`.`);
  }
  return { path, line: Number(line) - 1, logMessage };
}

function toShow(items: readonly string[]): StopShow {
  return {
    backtrace: items.includes("bt"),
    locals: items.includes("locals"),
    expressions: items.filter((item) => item !== "bt" && item !== "locals"),
  };
}
