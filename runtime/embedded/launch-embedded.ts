import type { FuncIndex } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { NamedSlots } from "../../src/instrument/named-slots.ts";
import type { TargetOutput } from "../../src/target/target.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { assemblyScriptNeeds } from "./assemblyscript-needs.ts";
import { Debuggee, type DebuggeeOptions } from "./debuggee.ts";
import { EmbeddedTarget } from "./embedded-target.ts";
import { importedMemories } from "./imported-memories.ts";
import { instrumentFor } from "./instrument-for.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";

/** A guest to run, in the words of its original module. */
export interface GuestOptions {
  /** Path it was read from. */
  readonly path: string;
  readonly module: WasmModule;
  /** Where it may be stopped: offsets with line keys. */
  readonly statements: { readonly offset: Uint32Array; readonly line: Uint32Array };
  /** Whether it may be stopped at every instruction besides, for which it runs slower. By default it may not. */
  readonly density?: "statements" | "instructions";
  /** Locals of a function that can be read wherever it stops, though its code may not use them any more. */
  readonly keepLocals?: (func: FuncIndex) => readonly number[];
  /** Which slots of its frames hold variables, and where: they can be read there in any frame. */
  readonly named?: NamedSlots | undefined;
  /** Whether its memory can be watched, for which it runs slower. By default it cannot. */
  readonly checkStores?: boolean;
  /** Index of the global that is the C stack pointer. */
  readonly stackPointerGlobal?: number | undefined;
  /** Arguments after the program's name; numbers for `invoke`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly preopens: Readonly<Record<string, string>>;
  readonly stdinFile?: string | undefined;
  readonly invoke?: string | undefined;
  readonly console: "piped" | "terminal";
  readonly onOutput: (output: TargetOutput) => void;
  /** Called while the debuggee compiles the module, which takes it longest. */
  readonly whileLoading?: () => void;
}

/**
 * A debuggee that is being started while the module is still read and instrumented: what takes longest goes first.
 *
 * Either `load` it or `discard` it.
 */
export class StartingDebuggee {
  readonly #debuggee: Promise<Debuggee>;
  readonly #node: Promise<string>;

  constructor(options: DebuggeeOptions) {
    this.#debuggee = Debuggee.start(options);
    this.#debuggee.catch(() => {});
    // Known before it has started if it is this process's own: instrumenting need not wait for it then.
    this.#node =
      options.runtimeExecutable === process.execPath
        ? Promise.resolve(process.version)
        : this.#debuggee.then(({ node }) => node);
    this.#node.catch(() => {});
  }

  /**
   * Instruments the module and loads it; the target stands before the first guest instruction.
   *
   * @throws {MalformedError} the module is malformed.
   * @throws {TargetError} `launch-failed`, `invalid-module`, `missing-imports`, `missing-export`; no process is left then.
   */
  async load(options: GuestOptions): Promise<EmbeddedTarget> {
    const { module, statements, density, keepLocals, stackPointerGlobal: stackPointer } = options;
    const checkStores = options.checkStores ? { stackPointer } : undefined;
    const { named } = options;
    const atCalls = named && named.begin.length > 0 ? keepingAtCalls(await this.#node, module) : undefined;
    const kept = { density, keepLocals, named, atCalls, checkStores };
    const guest = await instrumentFor(this.#debuggee, module, statements, kept);
    const debuggee = await this.#debuggee;
    const target = new EmbeddedTarget(
      { path: options.path, bytes: options.module.bytes },
      debuggee,
      guest,
      options.onOutput,
    );
    try {
      const { parts, beforeCode } = guest.takeLoadBody();
      const loaded = debuggee.ask({ ...loadQuestion(options, guest), beforeCode }, parts);
      loaded.catch(() => {});
      options.whileLoading?.();
      await loaded;
    } catch (error) {
      await target.kill();
      throw error instanceof TargetError && error.code === "disconnected" ? await died(debuggee) : error;
    }
    return target;
  }

  /** Ends the debuggee, if it was ever started. Never rejects. */
  async discard(): Promise<void> {
    const debuggee = await this.#debuggee.catch(() => undefined);
    debuggee?.kill();
    await debuggee?.ended;
  }
}

/** Functions keep variables at calls in a second memory, unless the module has none of its own, and Node 20 has no second memories. */
function keepingAtCalls(node: string, { imports, memories }: WasmModule): "kept" | { whyNot: string } {
  const hasMemory = memories.length > 0 || imports.some(({ type }) => type.kind === "memory");
  const [major] = node.replace(/^v/, "").split(".");
  if (Number(major) >= 22 || !hasMemory) return "kept";
  return {
    whyNot: `the debuggee runs on Node.js ${node.replace(/^v/, "")}, which cannot keep it while the function makes a call; let "runtimeExecutable" name a Node.js of version 22 or newer`,
  };
}

function loadQuestion(options: GuestOptions, guest: InstrumentedGuest) {
  const { names, sites, functionCount } = guest.instrumented;
  const { stackPointerGlobal, invoke } = options;
  const name = options.path.split(/[\\/]/).at(-1) ?? options.path;
  return {
    q: "load",
    siteCount: sites.count,
    path: options.path,
    names: {
      suspendTable: names.suspendTable,
      setMask: names.setMask,
      maskWords: names.maskWords,
      memories: names.memories,
      watches: guest.watches,
      stackLimit: names.stackLimit ?? null,
      start: names.start ?? null,
      prefix: names.prefix,
    },
    functionCount,
    args: invoke === undefined ? [name, ...options.args] : options.args,
    env: options.env,
    preopens: options.preopens,
    stdinFile: options.stdinFile ?? null,
    console: options.console,
    invoke: invoke === undefined ? null : { name: invoke, params: guest.paramsOfExport(invoke) },
    stackPointer: stackPointerGlobal === undefined ? null : (names.globals[stackPointerGlobal] ?? null),
    snapshot: guest.snapshotNames,
    assemblyScript: assemblyScriptNeeds(options.module),
    importedMemories: importedMemories(options.module),
  } as const;
}

async function died(debuggee: Debuggee): Promise<TargetError> {
  const end = await debuggee.ended;
  const how = end.signal ?? `status ${end.exitCode}`;
  return new TargetError(
    "launch-failed",
    `The debuggee's process died while the module was loaded (${how}). ${end.stderr}`.trim(),
  );
}
