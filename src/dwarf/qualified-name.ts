import {
  DW_TAG_class_type,
  DW_TAG_module,
  DW_TAG_namespace,
  DW_TAG_structure_type,
  DW_TAG_union_type,
} from "./constants.ts";
import type { Die } from "./die.ts";

/**
 * The name of a function with the namespaces and classes it is declared in: `shapes::Circle::area`.
 *
 * A function outside of any class repeats its declaration, so the origins' surroundings count, not its own.
 * @throws {MalformedError} `dwarf`
 */
export function qualifiedName(die: Die): string | undefined {
  const { name } = die;
  if (name === undefined) return undefined;
  let declaration = die;
  for (const origin of die.origins()) declaration = origin;
  const names = [name];
  for (let around = declaration.parent; around; around = around.parent) {
    if (isNamed(around.tag)) names.unshift(around.name ?? "(anonymous)");
  }
  return names.join("::");
}

/** The name of a type or function with what it is declared in, as its language writes it: `shapes::Circle`, in D `shapes.Circle`. */
export function declaredName(die: Die): string | undefined {
  if (die.unit.sourceLanguage !== "d") return qualifiedName(die);
  const own = qualifiedName(die)?.replaceAll("::", ".");
  for (let around = die.parent; own !== undefined && around; around = around.parent)
    if (around.tag === DW_TAG_module && around.name !== undefined) return `${around.name}.${own}`;
  return own;
}

function isNamed(tag: number): boolean {
  return (
    tag === DW_TAG_namespace ||
    tag === DW_TAG_class_type ||
    tag === DW_TAG_structure_type ||
    tag === DW_TAG_union_type
  );
}
