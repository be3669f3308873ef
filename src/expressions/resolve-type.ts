import type { Type } from "../symbols/types/type.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { TypeSyntax } from "./ast.ts";
import type { StaticNames } from "./requests.ts";

/** The type a piece of text names in a frame. @throws {ExpressionError} for an unknown one. */
export function resolveType(syntax: TypeSyntax, names: StaticNames): Type {
  const { name, keyword, declarators, column } = syntax;
  const found =
    (keyword ? undefined : names.types.byName.get(name)) ??
    names.findType(name, keyword) ??
    (keyword ? undefined : rustType(name, names));
  if (!found)
    throw new ExpressionError(`there is no type \`${keyword ? `${keyword} ` : ""}${name}\``, column);
  let type: Type = found;
  for (const declarator of declarators) {
    if (declarator === "*") type = names.types.pointerTo(type);
    else type = { kind: "array", element: type, count: declarator, strideBytes: undefined };
  }
  return type;
}

/** A type of Rust's own, which is there even if the debug info has had no use for it. */
function rustType(name: string, { types }: StaticNames): Type | undefined {
  const [, letter, digits = ""] = /^([iuf])(8|16|32|64|128|size)$/.exec(name) ?? [];
  if (letter === undefined || (letter === "f" && digits !== "32" && digits !== "64")) return undefined;
  const sizeBytes = digits === "size" ? types.unsignedLong.sizeBytes : Number(digits) / 8;
  const encoding = letter === "f" ? "float" : letter === "i" ? "signed" : "unsigned";
  return { kind: "base", name, sizeBytes, encoding };
}
