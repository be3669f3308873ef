import { setFlagsFromString } from "node:v8";
import { TargetError } from "../../src/base/errors.ts";
import { assemblyScriptHost } from "../assemblyscript/host.ts";
import { assemblyScriptModule } from "../assemblyscript/imports.ts";
import type { LoadQuestion } from "../suspend/messages.ts";
import { createWasiHost, providesImport, type WasiHost } from "../wasi/wasi-host.ts";
import type { WrittenRange } from "../wasi/written-ranges.ts";
import type { GuestConsoleHost } from "./guest-console.ts";
import { callEntry, entryOf } from "./guest-entry.ts";
import { givenMemories, withMemories } from "./imported-memories.ts";
import { missingImports } from "./missing-imports.ts";
import type { ModuleBuffer } from "./module-buffer.ts";
import { ProbeMasks } from "./probe-masks.ts";
import { tableable, tableableStored } from "./tableable.ts";

/** A guest that stands before its first instruction. */
export interface LoadedGuest {
  /** Runs it to its end; answers an invoked export's results as text. Throws what ends it. */
  run(): readonly string[] | undefined;
  /** All exports, ours among them. */
  readonly exports: WebAssembly.Exports;
  readonly masks: ProbeMasks;
  /** Line key by site. */
  readonly lines: Uint32Array;
  /** 1 for sites before an `unreachable`. */
  readonly kinds: Uint8Array;
  readonly functionCount: number;
  /** Export names of globals whose values go with every stop. */
  readonly snapshot: readonly string[];
  /** Export name of memory 0, if there is one. */
  readonly memory: string | undefined;
  stackPointer(): bigint | undefined;
}

/** What a guest calls while it runs. */
export interface GuestHooks {
  /** At a site whose bit is set, and after a store for which `onStored` has answered anything but 0. */
  readonly onProbe: (site: number) => void;
  /** After a store that may have met a watched range. */
  readonly onStored: (memory: number, address: number, bytes: number) => number;
  /**
   * After a call of the host, while the guest's frame still stands at it, with what it has written to the first memory; only where stores
   * are checked. Before it, whether anybody wants to know what it writes.
   */
  readonly afterHostCall: (name: string, written: readonly WrittenRange[]) => void;
  readonly wantsHostWrites: () => boolean;
  /** Where the guest says why it gives up, before it does. */
  readonly onAbort: (message: string) => void;
}

/**
 * Compiles and instantiates an instrumented module. No guest instruction runs, not even the start function, except
 * that active segments are copied.
 *
 * @throws {TargetError} `invalid-module`, `missing-imports`, `missing-export`, `launch-failed`.
 */
export function loadGuest(
  question: LoadQuestion,
  body: Uint8Array,
  code: ModuleBuffer,
  console: GuestConsoleHost,
  { onProbe, onStored, onAbort, ...hostCalls }: GuestHooks,
): LoadedGuest {
  const { siteCount, names } = question;
  const lines = new Uint32Array(body.slice(0, siteCount * 4).buffer);
  const kinds = body.slice(siteCount * 4, siteCount * 5);
  const module = compile(code.around(body.subarray(siteCount * 5), question.beforeCode), question.path);
  refuseMissingImports(module, question);
  console.open({ terminal: question.console === "terminal", stdinFile: question.stdinFile });
  const wasi = createWasiHost(
    {
      args: question.args,
      env: question.env,
      preopens: question.preopens,
      terminal: terminalKinds(question),
    },
    console,
  );
  let bytes = (): Uint8Array => new Uint8Array(0);
  const assemblyScript = assemblyScriptHost(question.assemblyScript, {
    memory: () => bytes(),
    print: (stream, line) => console.write(stream, new TextEncoder().encode(`${line}\n`)),
    aborted: onAbort,
    exit: (code) => console.exit(code),
  });
  const isWatchable = names.watches.length > 0;
  const provided = { ...wasi.imports, ...assemblyScript };
  const imports = isWatchable
    ? calledBack(provided, hostCalls, {
        writtenBy: wasi.writtenBy,
        memory: () => bytes(),
      })
    : provided;
  const memories = givenMemories(question.importedMemories, question.path);
  const exports = instantiate(module, withMemories(imports, memories), question.path).exports;
  const memory = exports[names.memories[0] ?? ""];
  wasi.bind(memory instanceof WebAssembly.Memory ? memory : new WebAssembly.Memory({ initial: 0 }));
  if (memory instanceof WebAssembly.Memory) bytes = () => new Uint8Array(memory.buffer);
  const suspendTable = exports[names.suspendTable] as WebAssembly.Table;
  suspendTable.set(0, tableable(onProbe));
  if (isWatchable) suspendTable.set(1, tableableStored(onStored));
  const setMask = exports[names.setMask] as (word: number, value: number) => void;
  const stackPointer = question.stackPointer === null ? undefined : exports[question.stackPointer];
  const entry = entryOf(exports, question);
  return {
    run: () => callEntry(entry),
    exports,
    masks: new ProbeMasks(kinds, setMask),
    lines,
    kinds,
    functionCount: question.functionCount,
    snapshot: question.snapshot,
    memory: names.memories[0],
    stackPointer: () =>
      stackPointer instanceof WebAssembly.Global ? unsigned(stackPointer.value) : undefined,
  };
}

/** A stack pointer as an address: i32 globals come out signed. */
const unsigned = (value: number | bigint): bigint =>
  typeof value === "bigint" ? BigInt.asUintN(64, value) : BigInt(value >>> 0);

/** Piped output pretends to be a terminal: libc then writes line by line, and what a line printed is seen before the next stop. */
function terminalKinds(question: LoadQuestion): { stdin: boolean; stdout: boolean; stderr: boolean } {
  const isTerminal = question.console === "terminal";
  return { stdin: isTerminal && question.stdinFile === null, stdout: true, stderr: true };
}

/**
 * Imports that call `afterHostCall` when they return. What they throw ends the guest.
 *
 * What is written that changes nothing is known of WASI calls that succeed: all others that there are write nothing.
 */
function calledBack(
  imports: WebAssembly.Imports,
  { afterHostCall, wantsHostWrites }: Pick<GuestHooks, "afterHostCall" | "wantsHostWrites">,
  host: { readonly writtenBy: WasiHost["writtenBy"]; readonly memory: () => Uint8Array },
): WebAssembly.Imports {
  const view = (): DataView => {
    const { buffer, byteOffset, byteLength } = host.memory();
    return new DataView(buffer, byteOffset, byteLength);
  };
  const wrap = (module: string, name: string, imported: WebAssembly.ImportValue) => {
    if (typeof imported !== "function") return imported;
    const call = imported as (...args: (number | bigint)[]) => unknown;
    const writes = host.writtenBy(module, name);
    const wrapped = (...args: (number | bigint)[]): unknown => {
      const written = writes && wantsHostWrites() ? writes(args, view()) : undefined;
      const result = call(...args);
      afterHostCall(name, written && result === 0 ? written(view()) : []);
      return result;
    };
    return Object.defineProperty(wrapped, "name", { value: name });
  };
  return Object.fromEntries(
    Object.entries(imports).map(([module, items]) => [
      module,
      Object.fromEntries(Object.entries(items).map(([name, item]) => [name, wrap(module, name, item)])),
    ]),
  );
}

function compile(bytes: Uint8Array, path: string): WebAssembly.Module {
  // Node 20 to 24 know branch hints behind this flag; it must be set before the module is compiled.
  setFlagsFromString("--experimental-wasm-branch-hinting");
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    // What the adapter could read and this V8 does not know is more often new than wrong: 64-bit memories came with Node 24.
    const node = `This is Node.js ${process.versions.node}: if the module is made for a newer one, name that as \`runtimeExecutable\`.`;
    throw new TargetError("invalid-module", `V8 does not accept ${path}: ${messageOf(error)}. ${node}`);
  }
}

function refuseMissingImports(
  module: WebAssembly.Module,
  {
    path,
    assemblyScript: { names },
    importedMemories,
  }: Pick<LoadQuestion, "path" | "assemblyScript" | "importedMemories">,
): void {
  const missing = WebAssembly.Module.imports(module).filter(
    (item) =>
      !providesImport(item.module, item.name) &&
      !importedMemories.some(({ module: from, name }) => from === item.module && name === item.name) &&
      !(item.module === assemblyScriptModule && item.kind === "function" && names.includes(item.name)),
  );
  if (missing.length > 0) throw missingImports(path, missing);
}

function instantiate(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
  path: string,
): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    throw new TargetError("launch-failed", `${path} cannot be instantiated: ${messageOf(error)}.`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
