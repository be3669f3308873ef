import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type LaunchConfiguration, readLaunchConfiguration } from "../launch/configuration.ts";
import { pairs, splitList } from "./run-options.ts";
import { UsageError } from "./usage.ts";

/** What `wasm-dap core` was asked to do. */
export interface CoreOptions {
  /** Absolute paths of coredumps. */
  readonly files: readonly string[];
  /** What is the same for all of them. */
  readonly configuration: LaunchConfiguration;
  readonly expressions: readonly string[];
  readonly json: boolean;
}

const options = {
  program: { type: "string" },
  symbols: { type: "string", multiple: true },
  show: { type: "string", multiple: true },
  dialect: { type: "string" },
  "code-offsets": { type: "string" },
  map: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const;

/** Reads the command line after `core`. @throws {UsageError} with one sentence. */
export function readCoreOptions(args: readonly string[], cwd: string): CoreOptions {
  const { values, positionals } = parse(args);
  const [first] = positionals;
  if (first === undefined) throw new UsageError("`core` needs a coredump to read.");
  const read = readLaunchConfiguration(
    {
      ...{ cwd, coreFile: first, program: values.program, symbols: values.symbols },
      sourceFileMap: pairs("--map", "FROM=TO", values.map),
      coredump: { dialect: values.dialect ?? null, codeOffsets: values["code-offsets"] ?? null },
    },
    cwd,
  );
  if (read.kind === "problems") throw new UsageError(read.problems.join(" "));
  return {
    files: positionals.map((file) => resolve(cwd, file)),
    configuration: read.configuration,
    expressions: (values.show ?? []).flatMap(splitList),
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
