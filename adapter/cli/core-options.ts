import { resolve } from "node:path";
import { dialects, offsetBases } from "../../src/coredump/dialects.ts";
import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import { type OptionGroup, pairs, readOptions, splitList } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** What `wasm-dap core` was asked to do. */
export interface CoreOptions {
  /** Absolute paths of coredumps. */
  readonly files: readonly string[];
  /** What is the same for all of them. */
  readonly configuration: LaunchConfiguration;
  readonly expressions: readonly string[];
  readonly json: boolean;
}

/** Options of `core`. */
export const coreOptions: readonly OptionGroup[] = [
  {
    title: "Where its symbols are",
    options: [
      { name: "program", value: "APP", about: "the .wasm file they are of (else it is looked for)" },
      {
        name: "symbols",
        value: "PATH",
        isMany: true,
        about: "a file with debug info, or a folder to look in",
      },
      {
        name: "map",
        value: "FROM=TO",
        isMany: true,
        about: "sources below FROM in the debug info lie below TO here",
      },
    ],
  },
  {
    title: "What is shown",
    options: [
      {
        name: "show",
        value: "LIST",
        isMany: true,
        about: "expressions to show as well, separated by commas",
      },
      { name: "json", about: "one JSON object a line for each coredump" },
    ],
  },
  {
    title: "How it is read",
    options: [
      {
        name: "dialect",
        value: "NAME",
        about: `how the stacks are written (else found out): ${dialects.map(({ name }) => name).join(", ")}`,
      },
      {
        name: "code-offsets",
        value: "FROM",
        about: `where offsets count from (else found out): ${offsetBases.join(", ")}`,
      },
    ],
  },
  { title: "Else", options: [{ name: "help", short: "h", about: "print this" }] },
];

/** Reads the command line after `core`. @throws {UsageError} with one sentence. */
export function readCoreOptions(args: readonly string[], cwd: string): CoreOptions {
  const options = readOptions(args, coreOptions);
  const [first] = options.words;
  if (first === undefined) throw new UsageError("`core` needs a coredump to read.");
  const read = readLaunchConfiguration(
    {
      ...{ cwd, coreFile: first, program: options.text("program"), symbols: options.texts("symbols") },
      sourceFileMap: pairs("--map", "FROM=TO", options.texts("map")),
      coredump: {
        dialect: options.text("dialect") ?? null,
        codeOffsets: options.text("code-offsets") ?? null,
      },
    },
    cwd,
  );
  if (read.kind === "problems") throw new UsageError(read.problems.join(" "));
  return {
    files: options.words.map((file) => resolve(cwd, file)),
    configuration: read.configuration,
    expressions: options.texts("show").flatMap(splitList),
    json: options.has("json"),
  };
}
