import { MalformedError } from "../base/errors.ts";
import * as dw from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import type { ScopeChain } from "../dwarf/scopes.ts";

/** A parameter or local variable that a frame's program point is in the scope of. */
export type FrameVariable = DescribedVariable | SlotVariable;

interface VariableFacts {
  readonly name: string;
  readonly isParameter: boolean;
  /** Another variable of the same name lies further in: the name alone does not mean this one. */
  readonly isShadowed: boolean;
}

/** A variable that DWARF describes. */
export interface DescribedVariable extends VariableFacts {
  readonly kind: "described";
  readonly die: Die;
}

/** A local of Wasm, where nothing describes variables. */
export interface SlotVariable extends VariableFacts {
  readonly kind: "slot";
  /** Of the local. */
  readonly index: number;
}

const maxVariables = 10_000;

/**
 * Parameters first, then the variables of each block from the outermost in, as declared.
 *
 * Function statics are among them. A function made from an abstract one (optimised code) also has those
 * variables of which nothing but the abstract description is left.
 */
export function readFrameVariables(chain: ScopeChain): readonly DescribedVariable[] {
  const known = kept.get(chain) ?? readVariables(chain);
  kept.set(chain, known);
  return known;
}

/** As long as the scopes are. */
const kept = new WeakMap<ScopeChain, readonly DescribedVariable[]>();

function readVariables({ scopes }: ScopeChain): readonly DescribedVariable[] {
  const found: Omit<DescribedVariable, "isShadowed">[] = [];
  try {
    for (const scope of scopes) for (const die of variablesIn(scope)) addVariable(die, found);
  } catch (error) {
    // What could be read of a malformed unit is shown.
    if (!(error instanceof MalformedError)) throw error;
  }
  const last = new Map(found.map((variable) => [variable.name, variable]));
  const all = found.map((variable) => ({ ...variable, isShadowed: last.get(variable.name) !== variable }));
  return [...all.filter(({ isParameter }) => isParameter), ...all.filter(({ isParameter }) => !isParameter)];
}

function addVariable(die: Die, found: Omit<DescribedVariable, "isShadowed">[]): void {
  const isParameter = die.tag === dw.DW_TAG_formal_parameter;
  if (!isParameter && die.tag !== dw.DW_TAG_variable) return;
  const { name } = die;
  if (name === undefined || found.length >= maxVariables) return;
  // Compilers keep the lengths of arrays and the like in variables of their own.
  if (!isParameter && die.holder(dw.DW_AT_artificial)?.flag(dw.DW_AT_artificial)) return;
  found.push({ kind: "described", name, die, isParameter });
}

function* variablesIn(scope: Die): Generator<Die, void, undefined> {
  const origin = scope.reference(dw.DW_AT_abstract_origin);
  if (!origin) {
    yield* scope.children();
    return;
  }
  const concrete = new Map<number, Die>();
  const own: Die[] = [];
  for (const die of scope.children()) {
    const from = die.reference(dw.DW_AT_abstract_origin);
    if (from) concrete.set(from.offset, die);
    else own.push(die);
  }
  for (const die of origin.children()) yield concrete.get(die.offset) ?? die;
  yield* own;
}
