import { resolve } from "node:path";
import { type DialectName, dialects, type OffsetBase, offsetBases } from "../../src/coredump/dialects.ts";
import { readStepFilters } from "../../src/debugger/step-filters.ts";

/** A launch configuration, or one that opens a coredump, after checking: DESIGN's contract with every default filled in. Paths are absolute. */
export interface LaunchConfiguration {
  /** Empty for a coredump whose program is to be looked for. */
  readonly program: string;
  /** A coredump to look into instead of running anything. */
  readonly coreFile?: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** File for the guest's stdin. */
  readonly stdin?: string;
  /** Guest path → host folder. */
  readonly preopens: Readonly<Record<string, string>>;
  /** Export to call instead of `_start`. */
  readonly invoke?: string;
  readonly stopOnEntry: boolean;
  readonly noDebug: boolean;
  readonly console: "internalConsole" | "integratedTerminal" | "externalTerminal";
  readonly sourceFileMap: Readonly<Record<string, string>>;
  readonly symbols: readonly string[];
  readonly granularity: "source" | "instruction";
  /** Code that steps do not stop in, besides what `justMyCode` says: globs of sources and names of functions. */
  readonly stepFilters: readonly string[];
  /** Whether steps do not stop in libraries and runtimes. */
  readonly justMyCode: boolean;
  readonly dataBreakpoints: boolean;
  readonly coredump?: CoredumpConfiguration;
  readonly runtimeExecutable: string;
  readonly runtimeArgs: readonly string[];
  /** File for the trace of all messages. */
  readonly trace?: string;
}

/** What a launch configuration says about coredumps, written and read. */
export interface CoredumpConfiguration {
  /** Where to write a coredump when the program traps: a path with `%p`, `%t`, `%e` in it. */
  readonly onTrap?: string;
  /** How `coreFile` is to be read, whatever fits. */
  readonly dialect?: DialectName;
  readonly codeOffsets?: OffsetBase;
}

/** A configuration that can be launched, or one sentence for each thing that is wrong with it. */
export type ReadConfiguration =
  | { readonly kind: "configuration"; readonly configuration: LaunchConfiguration }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * Checks a launch configuration from outside and fills in the defaults.
 *
 * `cwd` is relative to `baseFolder`, every other path to `cwd`. Unknown attributes are ignored: clients add
 * their own. Variables such as `${workspaceFolder}` are the client's to replace.
 */
export function readLaunchConfiguration(input: unknown, baseFolder: string): ReadConfiguration {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return {
      kind: "problems",
      problems: [`The launch configuration must be an object, but is ${show(input)}.`],
    };
  }
  const from = new AttributeReader(input as Record<string, unknown>);
  const cwd = resolve(baseFolder, from.text("cwd") ?? ".");
  const path = (value: string) => resolve(cwd, value);
  const program = from.text("program");
  const coreFile = from.text("coreFile");
  if (program === undefined && coreFile === undefined && from.problems.length === 0) {
    from.problems.push("`program` is missing: it must name the .wasm file to run.");
  }
  const stdin = from.text("stdin");
  const invoke = from.text("invoke");
  const trace = from.text("trace");
  const coredump = readCoredumpConfiguration(from, path);
  const configuration: LaunchConfiguration = {
    program: program === undefined ? "" : path(program),
    ...(coreFile === undefined ? {} : { coreFile: path(coreFile) }),
    args: from.list("args", textOrNumber) ?? [],
    env: from.record("env", textOrScalar) ?? {},
    cwd,
    ...(stdin === undefined ? {} : { stdin: path(stdin) }),
    preopens: mapValues(from.record("preopens", text) ?? {}, path),
    ...(invoke === undefined ? {} : { invoke }),
    stopOnEntry: from.flag("stopOnEntry"),
    noDebug: from.flag("noDebug"),
    console: from.word("console", ["internalConsole", "integratedTerminal", "externalTerminal"]),
    sourceFileMap: mapValues(from.record("sourceFileMap", text) ?? {}, path),
    symbols: (from.list("symbols", text) ?? []).map(path),
    granularity: from.word("granularity", ["source", "instruction"]),
    stepFilters: readFilters(from),
    justMyCode: from.flag("justMyCode", true),
    dataBreakpoints: from.flag("dataBreakpoints"),
    ...(coredump === undefined ? {} : { coredump }),
    runtimeExecutable: from.text("runtimeExecutable") ?? process.execPath,
    runtimeArgs: from.list("runtimeArgs", text) ?? [],
    ...(trace === undefined ? {} : { trace: path(trace) }),
  };
  return from.problems.length > 0
    ? { kind: "problems", problems: from.problems }
    : { kind: "configuration", configuration };
}

function readFilters(from: AttributeReader): readonly string[] {
  const filters = from.list("stepFilters", text) ?? [];
  const read = readStepFilters(filters);
  if ("problem" in read) from.problems.push(read.problem);
  return filters;
}

function readCoredumpConfiguration(
  from: AttributeReader,
  path: (value: string) => string,
): CoredumpConfiguration | undefined {
  const { onTrap, dialect, codeOffsets } = from.record("coredump", text) ?? {};
  const words = <T extends string>(name: string, given: string | undefined, known: readonly T[]) => {
    const found = known.find((word) => word === given);
    if (given !== undefined && found === undefined) {
      from.problems.push(`\`coredump.${name}\` must be one of ${known.join(", ")}, but is ${show(given)}.`);
    }
    return found;
  };
  const dialectName = words(
    "dialect",
    dialect,
    dialects.map(({ name }) => name),
  );
  const base = words("codeOffsets", codeOffsets, offsetBases);
  if (onTrap === undefined && dialectName === undefined && base === undefined) return undefined;
  return {
    ...(onTrap === undefined ? {} : { onTrap: path(onTrap) }),
    ...(dialectName === undefined ? {} : { dialect: dialectName }),
    ...(base === undefined ? {} : { codeOffsets: base }),
  };
}

/** Reads one value of a list or record; `undefined`: it is of the wrong kind. */
interface Item<T> {
  readonly what: string;
  read(value: unknown): T | undefined;
}

const text: Item<string> = {
  what: "strings",
  read: (value) => (typeof value === "string" ? value : undefined),
};
/** Arguments of an invoked export are numbers, and are often written so. */
const textOrNumber: Item<string> = {
  what: "strings or numbers",
  read: (value) => (typeof value === "string" || typeof value === "number" ? String(value) : undefined),
};
const textOrScalar: Item<string> = {
  what: "strings",
  read: (value) => (["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined),
};

/** Reads attributes and collects what is wrong with them. `null` counts as absent. */
class AttributeReader {
  readonly problems: string[] = [];
  readonly #from: Readonly<Record<string, unknown>>;

  constructor(from: Readonly<Record<string, unknown>>) {
    this.#from = from;
  }

  text(name: string): string | undefined {
    const value = this.#from[name] ?? undefined;
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    return this.#expected(name, "a string that is not empty", value);
  }

  flag(name: string, usual = false): boolean {
    const value = this.#from[name] ?? usual;
    return typeof value === "boolean" ? value : (this.#expected(name, "true or false", value) ?? false);
  }

  /** One of `words`; the first is the default. */
  word<const T extends string>(name: string, words: readonly [T, ...T[]]): T {
    const value = this.#from[name] ?? words[0];
    const found = words.find((word) => word === value);
    return found ?? this.#expected(name, words.map((word) => `"${word}"`).join(" or "), value) ?? words[0];
  }

  list<T>(name: string, item: Item<T>): T[] | undefined {
    const value = this.#from[name] ?? undefined;
    if (value === undefined) return undefined;
    const items = Array.isArray(value) ? value.map((one) => item.read(one)) : [undefined];
    return items.every((one) => one !== undefined)
      ? items
      : this.#expected(name, `an array of ${item.what}`, value);
  }

  /** An object; properties that are `null` are left out. */
  record<T>(name: string, item: Item<T>): Record<string, T> | undefined {
    const value = this.#from[name] ?? undefined;
    if (value === undefined) return undefined;
    const expected = `an object whose values are ${item.what}`;
    if (typeof value !== "object" || Array.isArray(value)) return this.#expected(name, expected, value);
    const result: Record<string, T> = {};
    for (const [key, given] of Object.entries(value ?? {})) {
      if (given === null) continue;
      const read = item.read(given);
      if (read === undefined) return this.#expected(name, expected, value);
      result[key] = read;
    }
    return result;
  }

  #expected(name: string, what: string, value: unknown): undefined {
    this.problems.push(`\`${name}\` must be ${what}, but is ${show(value)}.`);
    return undefined;
  }
}

const mapValues = (from: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));

const show = (value: unknown): string => {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
};
