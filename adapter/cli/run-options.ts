import { parseArgs } from "node:util";
import type { BreakpointBehaviour, FunctionBreakpointRequest } from "../../src/debugger/debugger-types.ts";
import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import { UsageError } from "./usage.ts";

/** What `wasm-dap run` was asked to do. */
export interface RunOptions {
  readonly configuration: LaunchConfiguration;
  readonly breakpoints: readonly AskedLine[];
  readonly functions: readonly FunctionBreakpointRequest[];
  readonly onStop: StopShow;
  readonly json: boolean;
}

/** A line to stop at, or to say something at. */
export interface AskedLine extends BreakpointBehaviour {
  readonly path: string;
  /** 0-based. */
  readonly line: number;
}

/** What to show at a stop. */
export interface StopShow {
  readonly backtrace: boolean;
  readonly locals: boolean;
  readonly expressions: readonly string[];
}

const options = {
  break: { type: "string", multiple: true },
  log: { type: "string", multiple: true },
  "on-stop": { type: "string", multiple: true },
  core: { type: "string" },
  json: { type: "boolean" },
  map: { type: "string", multiple: true },
  dir: { type: "string", multiple: true },
  preopen: { type: "string", multiple: true },
  env: { type: "string", multiple: true },
  stdin: { type: "string" },
  invoke: { type: "string" },
} as const;

/** Reads the command line after `run`. @throws {UsageError} with one sentence. */
export function readRunOptions(args: readonly string[], cwd: string): RunOptions {
  const separator = args.indexOf("--");
  const own = separator < 0 ? args : args.slice(0, separator);
  const { values, positionals } = parse(own);
  const [program, extra] = positionals;
  if (program === undefined) throw new UsageError("`run` needs the .wasm file to run.");
  if (extra !== undefined) {
    throw new UsageError(
      `There is one program to run, but also \`${extra}\`: arguments of the program follow \`--\`.`,
    );
  }
  const input = {
    ...{ program, args: separator < 0 ? [] : args.slice(separator + 1), cwd },
    sourceFileMap: pairs("--map", "FROM=TO", values.map),
    preopens: {
      ...Object.fromEntries((values.dir ?? []).map((folder) => [folder, folder])),
      ...pairs("--preopen", "GUEST=HOST", values.preopen),
    },
    env: pairs("--env", "NAME=VALUE", values.env),
    stdin: values.stdin,
    invoke: values.invoke,
    ...(values.core === undefined ? {} : { coredump: { onTrap: values.core } }),
  };
  const places = (values.break ?? []).map(toPlace);
  const read = readLaunchConfiguration(input, cwd);
  if (read.kind === "problems") throw new UsageError(read.problems.join(" "));
  return {
    configuration: read.configuration,
    breakpoints: [
      ...places.flatMap((place) => ("path" in place ? place : [])),
      ...(values.log ?? []).map(toLog),
    ],
    functions: places.flatMap((place) => ("path" in place ? [] : place)),
    onStop: toShow((values["on-stop"] ?? []).flatMap(splitList)),
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

export function pairs(option: string, form: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf("=");
      if (at <= 0) throw new UsageError(`\`${option}\` must be ${form}, but is \`${value}\`.`);
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

/** The last colon separates: paths of Windows have one of their own. What is no line of a file is a function. */
function toPlace(text: string): AskedLine | FunctionBreakpointRequest {
  const [, place = text, condition] = /^(.*?)\s+if\s+(.*)$/s.exec(text) ?? [];
  const behaviour = condition === undefined ? {} : { condition };
  const [, path, line] = /^(.+):(\d+)$/s.exec(place) ?? [];
  if (path !== undefined && Number(line) >= 1) return { path, line: Number(line) - 1, ...behaviour };
  const isFunction =
    path === undefined && /^[^\s.][^.]*$|^\/.*\/i?$/s.test(place) && !/[^:]:[^:]?$/.test(place);
  if (!isFunction) {
    throw new UsageError(
      `\`--break\` must be FILE:LINE with a line from 1, or a function, but is \`${text}\`.`,
    );
  }
  return { name: place, ...behaviour };
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

/** Cuts at commas that are not inside brackets or quotes of an expression. */
export function splitList(list: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let item = "";
  for (const character of list) {
    if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (character === "," && depth === 0 && quote === undefined) {
      items.push(item);
      item = "";
    } else item += character;
  }
  return [...items, item].map((one) => one.trim()).filter((one) => one !== "");
}
