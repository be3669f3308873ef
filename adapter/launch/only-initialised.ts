import type { WasmModule } from "../../src/wasm/module.ts";

/** Most functions that are named. */
const mostNamed = 8;

/**
 * What to say of a program that does nothing by itself: a library with `_initialize`, which runs, and no `_start`. A sentence;
 * `undefined` for every other, and where one of its functions is called.
 */
export function onlyInitialised(
  { exports }: WasmModule,
  { invoke }: { readonly invoke?: string | undefined },
): string | undefined {
  const functions = exports.flatMap(({ kind, name }) => (kind === "func" ? [name] : []));
  if (invoke !== undefined || !functions.includes("_initialize") || functions.includes("_start"))
    return undefined;
  const others = functions.filter((name) => name !== "_initialize");
  if (others.length === 0) return undefined;
  const named = others.slice(0, mostNamed).join(", ");
  const list = others.length > mostNamed ? `${named}, …` : named;
  return `The program is a library, and only initialised: name what to call as "invoke". It exports ${list}.`;
}
