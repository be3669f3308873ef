import type { Type } from "../symbols/types/type.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { TypeSyntax } from "./ast.ts";
import type { StaticNames } from "./requests.ts";

/** The type a piece of text names in a frame. @throws {ExpressionError} for an unknown one. */
export function resolveType(syntax: TypeSyntax, names: StaticNames): Type {
  const { name, keyword, declarators, column } = syntax;
  const found = (keyword ? undefined : names.types.byName.get(name)) ?? names.findType(name, keyword);
  if (!found)
    throw new ExpressionError(`there is no type \`${keyword ? `${keyword} ` : ""}${name}\``, column);
  let type: Type = found;
  for (const declarator of declarators) {
    if (declarator === "*") type = names.types.pointerTo(type);
    else type = { kind: "array", element: type, count: declarator, strideBytes: undefined };
  }
  return type;
}
