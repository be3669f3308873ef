import type { FuncIndex } from "../base/brand.ts";
import type { SlotVariable } from "./frame-variables.ts";
import type { Slots } from "./module-facts.ts";

/** Which locals are variables to the user: those with a name, or all of them. */
export type WantedLocals = "named" | "all";

/**
 * The locals of a function as its variables, in order. Without a name a local is called by its expression, `$local3`;
 * so is one whose name another has too, since nothing tells which of them a scope sees, and a wrong value is worse than none.
 */
export function slotVariables(slots: Slots, func: FuncIndex, wanted: WantedLocals): readonly SlotVariable[] {
  const { parameters, types } = slots.locals(func);
  const names = new Map(slots.namedLocals(func).map(({ index, name }) => [index, name]));
  const uses = new Map<string, number>();
  for (const name of names.values()) uses.set(written(name), (uses.get(written(name)) ?? 0) + 1);
  const variables: SlotVariable[] = [];
  for (let index = 0; index < types.length; index++) {
    const name = names.get(index);
    if (name === undefined && wanted === "named") continue;
    const isShadowed = name !== undefined && uses.get(written(name)) !== 1;
    const facts = { isParameter: index < parameters, isShadowed, index };
    variables.push({ kind: "slot", name: name ?? localExpression(index), ...facts });
  }
  return variables;
}

/** A name as the user wrote it: AssemblyScript's compiler calls the second `i` of a function `i|1`. */
const written = (name: string): string => name.replace(/\|\d+$/, "");

/** An expression that means a local whatever it is called. */
export const localExpression = (index: number): string => `$local${index}`;

/** An expression that means a global whatever it is called. */
export const globalExpression = (index: number): string => `$global${index}`;

/** Whether a name is one in expressions, too. */
export const isIdentifier = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** What a user calls a global whose name begins with its file's, as AssemblyScript's do: `counter` for `assembly/index/counter`. */
export const shortName = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
