import { MalformedError } from "../base/errors.ts";
import type { Die, DwarfUnit } from "../dwarf/die.ts";
import { qualifiedName } from "../dwarf/qualified-name.ts";
import type { NameIndex, NameKind } from "./name-index.ts";

/** A name that an expression may use, to be offered to someone who types one. */
export interface VisibleName {
  readonly name: string;
  readonly kind: "local" | "member" | "global" | "function" | "enumerator" | "type";
}

/** Names of a unit that are offered: more than anybody looks through. */
const maxNames = 5_000;

const kinds: readonly (readonly [NameKind, VisibleName["kind"]])[] = [
  ["variable", "global"],
  ["enumerator", "enumerator"],
  ["function", "function"],
  ["type", "type"],
];

/** Global names of a unit, as they are written without what they are in. */
export function* namesOfUnit(names: NameIndex, unit: DwarfUnit): Generator<VisibleName, void, undefined> {
  let left = maxNames;
  for (const [kind, shown] of kinds) {
    for (const name of names.namesIn(unit, kind)) {
      if (!isWritable(name)) continue;
      if (left-- <= 0) return;
      yield { name, kind: shown };
    }
  }
}

/** Names in a namespace or a class that ends like `path`. */
export function* namesWithin(
  names: NameIndex,
  unit: DwarfUnit,
  path: string,
): Generator<VisibleName, void, undefined> {
  let left = maxNames;
  for (const [kind, shown] of kinds) {
    for (const name of names.namesIn(unit, kind)) {
      if (!isWritable(name)) continue;
      if (left-- <= 0) return;
      const around = `${path}::${name}`;
      for (const die of names.findIn(unit, kind, around)) {
        if (!endsWithPath(die, around)) continue;
        yield { name, kind: shown };
        break;
      }
    }
  }
}

/** Whether a name can be typed as it is: compilers have some of their own. */
const isWritable = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*(?:<.*>)?$/su.test(name);

function endsWithPath(die: Die, path: string): boolean {
  try {
    const full = (qualifiedName(die) ?? "").replaceAll("(anonymous)::", "");
    return full === path || full.endsWith(`::${path}`) || die.parent?.name === path.split("::").at(-2);
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
