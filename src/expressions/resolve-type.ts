import type { BaseType, Type } from "../symbols/types/type.ts";
import { integerLimits } from "../symbols/values/convert.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType } from "./arithmetic.ts";
import type { TypeSyntax } from "./ast.ts";
import type { StaticNames } from "./requests.ts";

/** The type a piece of text names in a frame. @throws {ExpressionError} for an unknown one. */
export function resolveType(syntax: TypeSyntax, names: StaticNames): Type {
  const { name, keyword, declarators, column } = syntax;
  const isRust = names.language === "rust";
  const builtin = () => (keyword ? undefined : names.types.byName.get(name));
  const found =
    (isRust ? undefined : builtin()) ??
    (isRust && !keyword ? rustType(name, names) : undefined) ??
    names.findType(name, keyword) ??
    builtin() ??
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

/** The type of sizes: `usize`, or `unsigned long` as the C ABI has it. */
export function sizeType(names: Pick<StaticNames, "types" | "language">): BaseType {
  return (names.language === "rust" && rustType("usize", names)) || names.types.unsignedLong;
}

/** `u8::MAX` and `i32::MIN`; `undefined` for any other name. */
export function constantOfType(name: string, names: StaticNames, column: number): Value | undefined {
  const [, of = "", asked] = /^(?:(?:std|core)::)?([iu](?:\d+|size))::(MIN|MAX|BITS)$/.exec(name) ?? [];
  const type = asked === undefined ? undefined : rustType(of, names);
  const limits = type && integerLimits(type);
  if (!type || !limits) return undefined;
  if (asked === "BITS") {
    return inType(names.types.unsignedInt, { kind: "integer", value: BigInt(type.sizeBytes * 8) }, column);
  }
  return inType(type, { kind: "integer", value: asked === "MIN" ? limits.least : limits.greatest }, column);
}

/** A type of Rust's own, which is there even if the debug info has had no use for it. */
function rustType(
  name: string,
  { types, language }: Pick<StaticNames, "types" | "language">,
): BaseType | undefined {
  if (language === "rust" && name === "bool") return types.bool;
  if (language === "rust" && name === "char") return { kind: "base", name, sizeBytes: 4, encoding: "utf" };
  const [, letter, digits = ""] = /^([iuf])(8|16|32|64|128|size)$/.exec(name) ?? [];
  if (letter === undefined || (letter === "f" && digits !== "32" && digits !== "64")) return undefined;
  const sizeBytes = digits === "size" ? types.unsignedLong.sizeBytes : Number(digits) / 8;
  const encoding = letter === "f" ? "float" : letter === "i" ? "signed" : "unsigned";
  return { kind: "base", name, sizeBytes, encoding };
}
