import * as dw from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import { qualifiedName } from "../dwarf/qualified-name.ts";
import type { ScopeChain } from "../dwarf/scopes.ts";

/**
 * The namespaces and classes that names are looked up in from a frame's code, nearest first: those its function is in, from
 * the inside out, then those that `using namespace` brings in. Of all of them the outermost is the empty one.
 */
export function visibleScopes(chain: ScopeChain | undefined): readonly string[] {
  if (!chain) return [""];
  const scopes: string[] = [];
  const full = plainName(chain.function).split("::").slice(0, -1);
  for (let length = full.length; length >= 0; length--) scopes.push(full.slice(0, length).join("::"));
  for (const scope of chain.scopes) scopes.push(...importedIn(scope));
  for (let around = chain.function.parent; around; around = around.parent) scopes.push(...importedIn(around));
  return scopes;
}

/** Of the declarations that a name may stand for, those in the nearest scope; all of them where none is in any. */
export function nearestOf(
  dies: readonly Die[],
  name: string,
  scopes: () => readonly string[],
): readonly Die[] {
  if (dies.length < 2) return dies;
  const byName = new Map<string, Die[]>();
  for (const die of dies) {
    // An instance of a template may be meant without its arguments.
    const full = name.endsWith(">") ? plainName(die) : plainName(die).replace(/(?<=\w)<.*>$/s, "");
    const same = byName.get(full);
    if (same) same.push(die);
    else byName.set(full, [die]);
  }
  for (const scope of scopes()) {
    const found = byName.get(scope === "" ? name : `${scope}::${name}`);
    if (found) return found;
  }
  return dies;
}

function* importedIn(scope: Die): Generator<string, void, undefined> {
  for (const child of scope.children()) {
    if (child.tag !== dw.DW_TAG_imported_module) continue;
    const namespace = child.reference(dw.DW_AT_import);
    if (namespace) yield plainName(namespace);
  }
}

/** Names without a namespace's name are as those around them. */
const plainName = (die: Die): string => (qualifiedName(die) ?? "").replaceAll("(anonymous)::", "");
