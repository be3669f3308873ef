import * as dw from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import type { Type, TypeArgument } from "./type.ts";

const maxArguments = 1000;

/** The types a template or generic was made with, in order; those of a C++ parameter pack are among them. */
export function readTypeArguments(record: Die, typeOf: (die: Die) => Type): readonly TypeArgument[] {
  const found: TypeArgument[] = [];
  for (const die of record.children()) {
    if (found.length >= maxArguments) break;
    if (die.tag === dw.DW_TAG_template_type_parameter) {
      found.push({ name: die.name ?? "", type: typeOf(die) });
    }
    if (die.tag === dw.DW_TAG_GNU_template_parameter_pack) found.push(...readTypeArguments(die, typeOf));
  }
  return found.slice(0, maxArguments);
}
