import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type GuestOptions, StartingDebuggee } from "../../runtime/embedded/launch-embedded.ts";
import { toMemoryAddress } from "../../src/base/brand.ts";
import { clientPathCandidates, type SourceFileMap } from "../../src/debugger/client-paths.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { DebuggerEvents } from "../../src/debugger/debugger-types.ts";
import { GuestDebugger } from "../../src/debugger/guest-debugger.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import type { Disassembly } from "../../src/disassembly/disassembly.ts";
import { lowerExpression } from "../../src/expressions/lower.ts";
import type { TargetOutput } from "../../src/target/target.ts";
import { initialValue } from "../../src/wasm/initial-value.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { chosenFilters } from "./chosen-filters.ts";
import type { LaunchConfiguration } from "./configuration.ts";
import { CoredumpSaver, type SavedCoredump } from "./coredump-saver.ts";
import { keptLocals } from "./kept-locals.ts";
import { LoadedModule } from "./loaded-module.ts";
import { onlyInitialised } from "./only-initialised.ts";
import { type OpenedCoredump, openCoredump } from "./open-coredump.ts";
import { guestScript } from "./runtime-files.ts";
import type { FoundSymbols } from "./separate-symbols.ts";

/** What a launch needs from whoever asked for it. */
export interface LaunchHooks {
  readonly events: DebuggerEvents;
  /** Starts `argv` in the client's terminal; absent when the client has none. */
  readonly runInTerminal?: (request: {
    readonly kind: "integrated" | "external";
    readonly title: string;
    readonly cwd: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }) => Promise<void>;
  /** Whether the program may be let go of. */
  readonly mayOutlive?: boolean;
  /** Told every exchange at the suspend point, one line each. */
  readonly trace?: (line: string) => void;
  /** Told what is done next with a module that takes long; what it answers is waited for. `percentage`: of the whole. */
  readonly stage?: (text: string, percentage: number) => Promise<void>;
  /** Told what the user should know and no event says, a sentence each. */
  readonly note?: (text: string) => void;
}

/** A guest that stands before its first instruction, with its debugger. */
export interface Launched {
  readonly debugger: Debugger;
  readonly debugInfo: DebugInfo;
  readonly disassembly: Disassembly;
  /** Number of the module that `disassembly` and `module` are of; absent where there is one module. */
  readonly moduleNumber?: number;
  /** The module as it lies in its file. */
  readonly module: WasmModule;
  /** Where its debug info came from, if not from itself; of a coredump each module says that. */
  readonly separate?: FoundSymbols;
  /** The debuggee's operating system process; `undefined` where there is none: a coredump's. */
  readonly processId: number | undefined;
  /** Absolute path of the module. */
  readonly modulePath: string;
  /** Of a coredump: what was found out about it. */
  readonly coredump?: OpenedCoredump;
  /** Writes a coredump of the stop, as `CoredumpSaver.save`; absent where that makes no sense. */
  saveCoredump?(path?: string, signal?: AbortSignal): Promise<SavedCoredump>;
  /** Settles when nothing is being written any more: to be waited for when the program has been killed. */
  settled?(): Promise<void>;
  /** Bytes for the guest's stdin; `undefined` closes it. */
  writeStdin(bytes: Uint8Array | undefined): void;
}

/** Bytes of a module from which on loading it takes long enough to be told. */
const largeModule = 4 << 20;

const noStatements = { offset: new Uint32Array(0), line: new Uint32Array(0) };

/**
 * Reads the module and its debug info, instruments it, starts the debuggee and loads the guest into it.
 *
 * Rejects with `MalformedError` (the module's bytes), `TargetError` (`invalid-module`, `missing-imports`,
 * `missing-export`, `launch-failed`) or a Node file error; no process is left then.
 */
export async function launch(configuration: LaunchConfiguration, hooks: LaunchHooks): Promise<Launched> {
  const { coreFile } = configuration;
  if (coreFile !== undefined)
    return lookInto(await openCoredump({ ...configuration, coreFile }, hooks.events));
  const starting = new StartingDebuggee(debuggeeOptions(configuration, hooks));
  try {
    return await load(configuration, hooks, starting);
  } catch (error) {
    await starting.discard();
    throw error;
  }
}

async function load(
  configuration: LaunchConfiguration,
  hooks: LaunchHooks,
  starting: StartingDebuggee,
): Promise<Launched> {
  const { events, note = () => {} } = hooks;
  const { program, sourceFileMap, noDebug } = configuration;
  const isLarge = (statSync(program, { throwIfNoEntry: false })?.size ?? 0) >= largeModule;
  const stage = async (text: string, percentage: number) =>
    isLarge && (await hooks.stage?.(text, percentage));
  await stage("Reading the module", 0);
  const loaded = await LoadedModule.load(program, configuration);
  const { module, debugInfo, disassembly, listing } = loaded;
  await stage("Reading its debug info", 20);
  const statements = noDebug ? noStatements : debugInfo.statements();
  await stage("Preparing and compiling it", 60);
  const target = await starting.load({
    ...guestOptions(configuration, loaded),
    statements,
    onOutput: (output: TargetOutput) => events.output(output),
    whileLoading: () => isLarge && !noDebug && debugInfo.prepareBreakpoints?.(),
  });
  const symbols = loaded.symbolsFor(target, {
    lower: lowerExpression,
    memoryWritten: (address, length) => events.memoryChanged?.({ memory: 0, address, length }),
    guestRan: () => events.memoryChanged?.({ memory: 0, address: toMemoryAddress(0), length: 2 ** 32 }),
  });
  for (const problem of loaded.separate.problems) note(problem);
  const library = onlyInitialised(module, configuration);
  if (library !== undefined) note(library);
  const { processId } = target;
  const saver = new CoredumpSaver({ target, module, processId, configuration });
  const watched = saver.watch(events, note);
  return {
    debugger: new GuestDebugger({
      target,
      debugInfo,
      listing,
      symbols,
      events: watched,
      isShown: existingSources(program, sourceFileMap),
      stepFilters: chosenFilters(configuration, debugInfo.status),
      sourceFileMap,
      stackTop: initialValue(module, debugInfo.stackPointerGlobal),
      module,
      traps: loaded.trapsOf(target),
    }),
    debugInfo,
    disassembly,
    module,
    separate: loaded.separate,
    processId,
    modulePath: program,
    saveCoredump: (path, signal) => saver.save(path, signal),
    settled: () => saver.settled(),
    writeStdin: (bytes) => target.writeStdin(bytes),
  };
}

/** What the guest is instrumented for and given, but where it may be stopped. */
function guestOptions(
  configuration: LaunchConfiguration,
  { module, debugInfo, dwarf, names, isListed }: LoadedModule,
): Omit<GuestOptions, "statements" | "onOutput"> {
  const { program, noDebug, args, env, preopens, invoke } = configuration;
  return {
    path: program,
    module,
    density: configuration.granularity === "instruction" && !noDebug ? "instructions" : "statements",
    ...(dwarf ? {} : { keepLocals: keptLocals(names.slots, isListed ? "all" : "named") }),
    checkStores: configuration.dataBreakpoints && !noDebug,
    named: noDebug ? undefined : debugInfo.namedSlots?.(),
    stackPointerGlobal: debugInfo.stackPointerGlobal,
    ...{ args, env, preopens, invoke },
    stdinFile: configuration.stdin,
    console: configuration.console === "internalConsole" ? "piped" : "terminal",
  };
}

/** Whether a source of the program is there for its user to look at. Each is looked for once. */
function existingSources(program: string, sourceFileMap: SourceFileMap): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const exists =
      known.get(path) ??
      clientPathCandidates(path, program, sourceFileMap).some((candidate) => existsSync(candidate));
    known.set(path, exists);
    return exists;
  };
}

/** A coredump in place of a running program. */
function lookInto(opened: OpenedCoredump): Launched {
  const { primary } = opened;
  return {
    debugger: opened.debugger,
    debugInfo: primary.debugInfo,
    disassembly: primary.disassembly,
    module: primary.code.module,
    moduleNumber: opened.modules.findIndex(({ loaded }) => loaded === primary) + 1,
    processId: undefined,
    modulePath: primary.path,
    coredump: opened,
    writeStdin: () => {},
  };
}

function debuggeeOptions(
  configuration: LaunchConfiguration,
  { runInTerminal, trace, mayOutlive = false }: LaunchHooks,
) {
  const { program, runtimeExecutable, runtimeArgs, cwd } = configuration;
  const kind = configuration.console === "externalTerminal" ? "external" : "integrated";
  const inTerminal = configuration.console !== "internalConsole" && runInTerminal !== undefined;
  return {
    runtimeExecutable,
    runtimeArgs,
    cwd,
    mayOutlive,
    guestScript: guestScript(),
    ...(inTerminal
      ? {
          runInTerminal: (command: Omit<Parameters<typeof runInTerminal>[0], "kind" | "title">) =>
            runInTerminal({
              kind,
              title: basename(program),
              ...command,
              env: { ...electronEnv(), ...command.env },
            }),
        }
      : {}),
    ...(trace
      ? {
          onMessage: (direction: string, header: string, bodyBytes: number) =>
            trace(`${direction} ${header}${bodyBytes > 0 ? ` +${bodyBytes} bytes` : ""}`),
        }
      : {}),
  } as const;
}

/** Where this program runs on an editor's own executable, the terminal must tell that one to be a Node.js too. */
const electronEnv = (): Record<string, string> =>
  process.env.ELECTRON_RUN_AS_NODE === undefined
    ? {}
    : { ELECTRON_RUN_AS_NODE: process.env.ELECTRON_RUN_AS_NODE };
