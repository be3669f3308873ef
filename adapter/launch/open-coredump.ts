import { basename } from "node:path";
import { CoredumpTarget } from "../../runtime/coredump/coredump-target.ts";
import { type OpenFile, openFile } from "../../runtime/coredump/file-source.ts";
import { toStopNumber } from "../../src/base/brand.ts";
import { MalformedError, TargetError } from "../../src/base/errors.ts";
import type { Coredump, CoredumpFrame } from "../../src/coredump/coredump.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import type { StopNote } from "../../src/coredump/coredump-notes.ts";
import { findDialect } from "../../src/coredump/dialects.ts";
import {
  type FoundBase,
  findOffsetBase,
  type PlacedFrame,
  placeFrames,
} from "../../src/coredump/place-frames.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { inferStop } from "../../src/coredump/why-stopped.ts";
import type { DebuggerEvents, StopDescription } from "../../src/debugger/debugger-types.ts";
import {
  PostMortemDebugger,
  type PostMortemThread,
  type PostMortemView,
} from "../../src/debugger/post-mortem-debugger.ts";
import { chosenFilters } from "./chosen-filters.ts";
import type { LaunchConfiguration } from "./configuration.ts";
import { findModules } from "./find-modules.ts";
import { LoadedModule, type SymbolSearch } from "./loaded-module.ts";
import { UnknownModule } from "./unknown-module.ts";

/** A coredump with its modules, ready to be looked into; `debugger.kill` closes it. */
export interface OpenedCoredump {
  readonly path: string;
  readonly dump: Coredump;
  readonly debugger: PostMortemDebugger;
  /** The module that the first thread stopped in. */
  readonly primary: LoadedModule | UnknownModule;
  readonly modules: readonly CoredumpModule[];
  /** From where code offsets count, and why that is thought. */
  readonly base: FoundBase;
  readonly stop: StopNote | undefined;
  /** Sentences about what is missing, odd or does not fit. */
  readonly problems: readonly string[];
}

/** One module of a dump, in the dump's order. */
export interface CoredumpModule {
  /** In the dump's own words. */
  readonly name: string;
  /** `undefined` for one that was not found. */
  readonly loaded: LoadedModule | undefined;
}

/** The part of a configuration that opening a coredump needs. */
export type CoredumpRequest = Pick<
  LaunchConfiguration,
  "program" | "symbols" | "sourceFileMap" | "coredump" | "cwd"
> &
  Partial<Pick<LaunchConfiguration, "stepFilters" | "justMyCode">> & {
    readonly coreFile: string;
  };

/** Loads a module; several dumps may share what it answers. */
export type LoadModule = (path: string, search: SymbolSearch) => Promise<LoadedModule>;

const loadModule: LoadModule = (path, search) => LoadedModule.load(path, search);

/**
 * Opens a coredump and finds its modules. Nothing is ever instantiated.
 *
 * Rejects with `TargetError` `launch-failed` for a file that is no coredump or a malformed one, with section and offset;
 * `MalformedError` for a malformed `program`; Node's error for a file that cannot be read.
 */
export async function openCoredump(
  request: CoredumpRequest,
  events: DebuggerEvents,
  load: LoadModule = loadModule,
): Promise<OpenedCoredump> {
  const source = openFile(request.coreFile);
  try {
    return await open(request, source, events, load);
  } catch (error) {
    source.close();
    throw error;
  }
}

async function open(
  request: CoredumpRequest,
  source: OpenFile,
  events: DebuggerEvents,
  load: LoadModule,
): Promise<OpenedCoredump> {
  const { coreFile, program, symbols, sourceFileMap, cwd, coredump: wanted } = request;
  const dialect = wanted?.dialect === undefined ? undefined : findDialect(wanted.dialect);
  const file = decode(coreFile, () => new CoredumpFile(source));
  const first = decode(coreFile, () => readCoredump(file, { dialect }));
  const found = await findModules(first, {
    ...{ coreFile, program, symbols, cwd },
    load: (path) => load(path, { symbols, sourceFileMap }),
  });
  const codeOf = (instance: number) => found.modules[first.instances[instance]?.module ?? 0]?.code;
  // Now that functions are known: they may tell another dialect.
  const dump = decode(coreFile, () => readCoredump(file, { dialect, codeOf }));
  const stacks = dump.threads.map(({ frames }) =>
    frames.map((frame) => ({ frame, code: codeOf(frame.instance) })),
  );
  const base = baseOf(dump, wanted?.codeOffsets, stacks);
  const placed = stacks.map((stack) => placeFrames(stack, base.base));
  const parts = new Parts(dump, found.modules, placed, request);
  const [innermost] = dump.threads[0]?.frames ?? [];
  const code = innermost && codeOf(innermost.instance);
  const stop = dump.notes?.stop ?? inferStop(placed[0] ?? [], code);
  const core = new PostMortemDebugger({
    ...{ threads: parts.threads(), description: descriptionOf(stop), events },
    closed: () => source.close(),
  });
  return {
    ...{ path: coreFile, dump, debugger: core, base, stop },
    primary: parts.primary,
    modules: found.modules.map((loaded, index) => ({ name: dump.modules[index] ?? "", loaded })),
    problems: [...dump.problems, ...found.problems],
  };
}

function baseOf(
  dump: Coredump,
  wanted: FoundBase["base"] | undefined,
  stacks: Parameters<typeof findOffsetBase>[0],
): FoundBase {
  if (wanted !== undefined) return { base: wanted, reason: "it was asked for" };
  if (dump.notes?.tool !== undefined) return { base: "body", reason: `${dump.notes.tool} wrote it` };
  return findOffsetBase(stacks, dump.dialect.dialect.offsets);
}

/** What is wrong with a coredump is told as such: the module is not meant. */
function decode<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const what = ["not-wasm", "is-component", "not-coredump"].includes(error.code)
      ? "is not a coredump"
      : "is a coredump that cannot be read";
    throw new TargetError("launch-failed", `${path} ${what}: ${error.message}.`);
  }
}

function descriptionOf(stop: StopNote | undefined): StopDescription {
  const unknown = "unknown (the coredump does not say why the program stopped)";
  if (!stop) return { kind: "trap", trap: "other", message: unknown, alive: true };
  switch (stop.kind) {
    case "trap":
      return { kind: "trap", trap: stop.trap ?? "other", message: stop.message, alive: true };
    case "exception":
      return { kind: "exception", message: stop.message };
    default:
      return { kind: "pause" };
  }
}

/** Puts the views of a dump together: one for each instance in each thread. */
class Parts {
  readonly #dump: Coredump;
  readonly #modules: readonly (LoadedModule | UnknownModule)[];
  readonly #placed: readonly (readonly (PlacedFrame | undefined)[])[];
  readonly #request: CoredumpRequest;
  #nextStop = 1;

  constructor(
    dump: Coredump,
    modules: readonly (LoadedModule | undefined)[],
    placed: readonly (readonly (PlacedFrame | undefined)[])[],
    request: CoredumpRequest,
  ) {
    this.#dump = dump;
    this.#request = request;
    this.#modules = modules.map((module) => module ?? new UnknownModule(request.coreFile));
    this.#placed = placed;
  }

  /** The module that the first thread stopped in, or the first that was found. */
  get primary(): LoadedModule | UnknownModule {
    const stopped = this.#moduleOf(this.#dump.threads[0]?.frames[0]?.instance ?? 0);
    const found = this.#modules.find((module) => module instanceof LoadedModule);
    return stopped instanceof LoadedModule ? stopped : (found ?? stopped);
  }

  threads(): readonly PostMortemThread[] {
    // A dump without stacks still has memories to look at.
    const threads = this.#dump.threads.length > 0 ? this.#dump.threads : [{ name: "main", frames: [] }];
    return threads.map(({ name, frames }, thread) => {
      const instances = [...new Set(frames.map((frame) => frame.instance))];
      const known = instances.filter((instance) => this.#moduleOf(instance) instanceof LoadedModule);
      const shown = known.length > 0 ? known : [instances[0] ?? 0];
      return {
        number: thread + 1,
        name: name === "" ? `thread ${thread + 1}` : name,
        views: shown.map((instance) => this.#view(thread, instance)),
      };
    });
  }

  #view(thread: number, instance: number): PostMortemView {
    const module = this.#moduleOf(instance);
    const stop = toStopNumber(this.#nextStop++);
    const target = new CoredumpTarget({
      ...{ dump: this.#dump, thread, instance, stop, code: module.code },
      module: { path: module.path, bytes: module.code.module.bytes },
      placed: this.#placed[thread] ?? [],
      nameOf: (frame) => this.#nameOf(frame),
    });
    return {
      ...{ target, stop, debugInfo: module.debugInfo, symbols: module.symbolsFor(target) },
      ...(module instanceof LoadedModule ? { listing: module.listing } : {}),
      filters: chosenFilters(this.#request, module.debugInfo.status),
      module: this.#moduleIndex(instance) + 1,
      ...(module instanceof LoadedModule ? { traps: module.trapsOf(target) } : {}),
      // Our own dumps show what the stop showed, and by the same means.
      hasLocals: (frame) => this.#dump.notes?.tool !== undefined || target.hasLocals(frame),
    };
  }

  #moduleIndex(instance: number): number {
    return this.#dump.instances[instance]?.module ?? 0;
  }

  #moduleOf(instance: number): LoadedModule | UnknownModule {
    return this.#modules[this.#moduleIndex(instance)] ?? new UnknownModule(this.#dump.executable);
  }

  /** For frames of modules that are not there: `func[12] of app.wasm at 0x33`. */
  #nameOf({ instance, function: func, codeOffset }: CoredumpFrame): string {
    const name = basename(this.#dump.modules[this.#moduleIndex(instance)] ?? this.#dump.executable);
    const place = codeOffset > 0 ? ` at 0x${codeOffset.toString(16)}` : "";
    return `func[${func}]${name === "" ? "" : ` of ${name}`}${place}`;
  }
}
