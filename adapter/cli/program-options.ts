import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import { type OptionGroup, pairs, type ReadOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of every command that runs a program: its launch configuration. */
export const programOptions: readonly OptionGroup[] = [
  {
    title: "What the program gets",
    options: [
      { name: "env", value: "NAME=VALUE", isMany: true, about: "an environment variable" },
      { name: "dir", value: "HOST", isMany: true, about: "a folder it may use, under the same name" },
      {
        name: "preopen",
        value: "GUEST=HOST",
        isMany: true,
        about: "a folder it may use, under another name",
      },
      { name: "stdin", value: "FILE", about: "what it reads (else what this command reads)" },
      {
        name: "invoke",
        value: "NAME",
        about: "call this export with ARGS instead of _start, and print its results",
      },
      { name: "cwd", value: "FOLDER", about: "where paths on this command line and the program begin" },
    ],
  },
  {
    title: "Sources and symbols",
    options: [
      {
        name: "map",
        value: "FROM=TO",
        isMany: true,
        about: "sources below FROM in the debug info lie below TO here",
      },
      {
        name: "symbols",
        value: "PATH",
        isMany: true,
        about: "a file with debug info (.debug.wasm, .dwp, .map), or a folder to look in",
      },
    ],
  },
  {
    title: "How it runs",
    options: [
      {
        name: "granularity",
        value: "WORD",
        about: "`instruction`: it can be stopped everywhere, and runs slower",
      },
      { name: "runtime", value: "NODE", about: "another Node.js to run it on" },
      { name: "runtime-arg", value: "ARG", isMany: true, about: "an argument for that Node.js" },
      { name: "trace", value: "FILE", about: "write every exchange with the program's process there" },
    ],
  },
];

/** Splits what is ours from what follows `--`: the program's own. */
export function splitArguments(args: readonly string[]): {
  readonly own: readonly string[];
  readonly program: readonly string[];
} {
  const separator = args.indexOf("--");
  return separator < 0
    ? { own: args, program: [] }
    : { own: args.slice(0, separator), program: args.slice(separator + 1) };
}

/** Options as the launch configuration has them. @throws {UsageError} */
export function readProgram(
  command: string,
  options: ReadOptions,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, unknown>> = {},
): LaunchConfiguration {
  const [program, extra] = options.words;
  if (program === undefined) throw new UsageError(`\`${command}\` needs the .wasm file to run.`);
  if (extra !== undefined) {
    throw new UsageError(
      `There is one program to run, but also \`${extra}\`: arguments of the program follow \`--\`.`,
    );
  }
  const input = {
    ...{ program, args, cwd: options.text("cwd") ?? cwd },
    sourceFileMap: pairs("--map", "FROM=TO", options.texts("map")),
    preopens: {
      ...Object.fromEntries(options.texts("dir").map((folder) => [folder, folder])),
      ...pairs("--preopen", "GUEST=HOST", options.texts("preopen")),
    },
    env: pairs("--env", "NAME=VALUE", options.texts("env")),
    stdin: options.text("stdin"),
    invoke: options.text("invoke"),
    symbols: options.texts("symbols"),
    granularity: options.text("granularity"),
    runtimeExecutable: options.text("runtime"),
    runtimeArgs: options.texts("runtime-arg"),
    trace: options.text("trace"),
    ...more,
  };
  const read = readLaunchConfiguration(input, cwd);
  if (read.kind === "problems") throw new UsageError(read.problems.map(asOption).join(" "));
  return read.configuration;
}

/** Options that have another name than their attribute of the launch configuration. */
const optionNames: Readonly<Record<string, string>> = {
  runtimeExecutable: "runtime",
  runtimeArgs: "runtime-arg",
  sourceFileMap: "map",
};

/** A sentence about an attribute as one about its option. */
const asOption = (problem: string): string =>
  problem.replace(/^`(\w+)`/, (_, name: string) => `\`--${optionNames[name] ?? name}\``);
