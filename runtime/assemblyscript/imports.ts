/**
 * What programs of AssemblyScript import from `env` and are given, with the type of each: parameters, `>`, results.
 *
 * The type tells them from what C programs leave undefined, which comes from `env` under names of its own.
 * Source: AssemblyScript 0.28, `std/assembly/bindings` and `~lib/builtins`.
 */
export const assemblyScriptImports: ReadonlyMap<string, string> = new Map([
  ["abort", "i32,i32,i32,i32>"],
  ["trace", "i32,i32,f64,f64,f64,f64,f64>"],
  ["seed", ">f64"],
  ["console.debug", "i32>"],
  ["console.error", "i32>"],
  ["console.info", "i32>"],
  ["console.log", "i32>"],
  ["console.warn", "i32>"],
  ["Date.now", ">f64"],
  ["performance.now", ">f64"],
  ["process.exit", "i32>"],
]);

/** Module that they are imported from. */
export const assemblyScriptModule = "env";

/** What of it a program is given. */
export interface AssemblyScriptNeeds {
  readonly names: readonly string[];
  /**
   * Whether every call of `abort` has an `unreachable` behind it, as the compiler writes them: then `abort` may return, and
   * the program stops where its frames and variables are all there.
   */
  readonly abortsTrap: boolean;
}
