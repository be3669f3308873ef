import type { GuestConsole } from "./console.ts";
import { WasiError } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { Streams } from "./streams.ts";

/** One function as a guest imports it; its result is an errno. Wasm passes i32 as signed numbers, i64 as bigints. */
export type WasiImport = (...args: (number | bigint)[]) => number;

/** Functions by their WASI names. */
export type WasiImports = Readonly<Record<string, WasiImport>>;

/**
 * Functions by their WASI names as we write them: each names its parameters, gets every i32 unsigned, and may throw
 * `WasiError` for an errno.
 */
export type Calls = Readonly<Record<string, (...args: never[]) => number>>;

/** What the calls of one host work on. */
export interface HostParts {
  readonly memory: GuestMemory;
  readonly streams: Streams;
  readonly console: GuestConsole;
  /** The calls of node:wasi, for all descriptors that are not streams. */
  readonly node: WasiImports;
}

/**
 * The call of this name in node:wasi.
 *
 * Throws an `Error` where there is none: preview 1 is closed, so that would be a name misspelt by us.
 */
export function callOf(calls: WasiImports, name: string): WasiImport {
  const call = calls[name];
  if (!call) throw new Error(`node:wasi has no ${name}`);
  return call;
}

/**
 * Makes calls fit to be imported: every i32 becomes unsigned, and a `WasiError` becomes the call's result.
 *
 * node:wasi needs the first as much as we do: it answers `inval` to a negative number, so that it would refuse every
 * address beyond 2 GiB (seen on Node 20 to 26). All other exceptions pass: they end the guest.
 */
export function importable(calls: Calls): Record<string, WasiImport> {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, importableCall(name, call)]));
}

function importableCall(name: string, call: (...args: never[]) => number): WasiImport {
  const plain = call as WasiImport;
  const wrapped: WasiImport = (...args) => {
    for (const [i, arg] of args.entries()) {
      if (typeof arg === "number") args[i] = arg >>> 0;
    }
    try {
      return plain(...args);
    } catch (error) {
      if (error instanceof WasiError) return error.errno;
      throw error;
    }
  };
  return Object.defineProperty(wrapped, "name", { value: name });
}
