import { type AssemblyScriptNeeds, assemblyScriptModule } from "./imports.ts";

/** What the imports of an AssemblyScript program work with. Called on the guest thread, from inside of the guest. */
export interface AssemblyScriptParts {
  /** The guest's memory, as it is now. */
  readonly memory: () => Uint8Array;
  /** Prints one line, without a line feed. */
  readonly print: (stream: "stdout" | "stderr", line: string) => void;
  /** Told what the program gives up for, before it traps. */
  readonly aborted: (message: string) => void;
  readonly exit: (code: number) => never;
}

/** The import objects of an AssemblyScript program, by module name; none where it needs nothing. */
export function assemblyScriptHost(
  { names, abortsTrap }: AssemblyScriptNeeds,
  parts: AssemblyScriptParts,
): WebAssembly.Imports {
  if (names.length === 0) return {};
  const text = (pointer: number): string => readText(parts.memory(), pointer);
  const printer = (stream: "stdout" | "stderr") => (message: number) => parts.print(stream, text(message));
  const all: Readonly<Record<string, (...values: number[]) => unknown>> = {
    abort: (message = 0, file = 0, line = 0, column = 0) => {
      const said = abortText(text(message), text(file), line >>> 0, column >>> 0);
      parts.aborted(said);
      if (!abortsTrap) throw new Error(said);
    },
    trace: (message = 0, count = 0, ...values) => {
      const shown = values.slice(0, Math.max(0, count)).join(", ");
      parts.print("stdout", `trace: ${text(message)}${shown === "" ? "" : ` ${shown}`}`);
    },
    seed: () => Math.random() * 2 ** 53,
    "console.debug": printer("stdout"),
    "console.info": printer("stdout"),
    "console.log": printer("stdout"),
    "console.warn": printer("stderr"),
    "console.error": printer("stderr"),
    "Date.now": () => Date.now(),
    "performance.now": () => performance.now(),
    "process.exit": (code = 0) => parts.exit(code >>> 0),
  };
  const given = names.map((name) => {
    const call = all[name];
    if (!call) throw new Error(`AssemblyScript's ${name} is in the table of imports and not among the calls`);
    return [name, Object.defineProperty(call, "name", { value: name })] as const;
  });
  return { [assemblyScriptModule]: Object.fromEntries(given) };
}

/** `abort: Index out of range in ~lib/array.ts:114:42`. */
function abortText(message: string, file: string, line: number, column: number): string {
  const what = message === "" ? "abort" : `abort: ${message}`;
  return file === "" ? what : `${what} in ${file}:${line}:${column}`;
}

/** Characters of a message that are shown: a broken pointer may lead anywhere. */
const longestText = 4096;

/**
 * A string of the runtime's: its size in bytes stands before it. Empty for none, and where memory does not hold it.
 *
 * Source: AssemblyScript, "Memory layout".
 */
function readText(memory: Uint8Array, pointer: number): string {
  const start = pointer >>> 0;
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  if (start < 4 || start > memory.length) return "";
  const size = Math.min(view.getUint32(start - 4, true), longestText * 2) & ~1;
  if (start + size > memory.length) return "";
  // Memory may be shared, which decoders do not take.
  return new TextDecoder("utf-16le").decode(memory.slice(start, start + size));
}
