import type { FuncIndex } from "../../src/base/brand.ts";
import type { SlotNames } from "../../src/debuginfo/slot-names.ts";

/** Locals of one function that are kept: each makes the code of every site longer. */
const mostKept = 48;

/**
 * The locals that stay readable in functions whose variables are Wasm's own: those with names, or, where the code itself is
 * looked at, all of them. Compilers that name locals do not optimise, so a user expects every one to have its value
 * until the function ends, though code may not need it any more.
 */
export function keptLocals(
  slots: SlotNames,
  wanted: "named" | "all",
): (func: FuncIndex) => readonly number[] {
  return (func) => {
    const kept = new Set(
      slots
        .namedLocals(func)
        .slice(0, mostKept)
        .map(({ index }) => index),
    );
    const count = wanted === "all" ? slots.locals(func).types.length : 0;
    for (let index = 0; index < count && kept.size < mostKept; index++) kept.add(index);
    return [...kept].sort((a, b) => a - b);
  };
}
