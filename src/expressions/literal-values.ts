import type { BaseType, Type } from "../symbols/types/type.ts";
import { integerLimits } from "../symbols/values/convert.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType, truthValue } from "./arithmetic.ts";
import type { IntegerLiteralType, Node, TextUnit } from "./ast.ts";
import { unitSizes } from "./literals.ts";
import type { StaticNames } from "./requests.ts";
import { resolveType } from "./resolve-type.ts";
import { openFloatValue, openInteger } from "./rust-arithmetic.ts";

type Literal = Extract<Node, { kind: "integer" | "float" | "character" | "boolean" | "string" }>;

/** What a literal stands for. @throws {ExpressionError} for one that does not fit its own type. */
export function literalValue(node: Literal, names: StaticNames): Value {
  const { types } = names;
  const { column } = node;
  switch (node.kind) {
    case "integer": {
      const { type, value } = node;
      if (type.kind === "c") {
        return inType(cLiteralType(value, type, names), { kind: "integer", value }, column);
      }
      if (type.name === undefined) return openInteger(value, column);
      const named = typeNamed(type.name, names, column);
      const limits = integerLimits(named);
      if (limits && (value < limits.least || value > limits.greatest))
        throw new ExpressionError(`${value} does not fit into ${type.name}`, column);
      return inType(named, { kind: "integer", value }, column);
    }
    case "float": {
      if (names.language === "rust" && node.type === undefined) return openFloatValue(node.value, column);
      const type = node.type === undefined ? types.double : typeNamed(node.type, names, column);
      return inType(type, { kind: "float", value: node.value }, column);
    }
    case "character": {
      // A character past one byte is no `char`: it is the number it stands for.
      const isWide = node.unit === "char" && node.code > 0xff;
      const type = isWide ? types.int : unitType(node.unit, names);
      return inType(type, { kind: "integer", value: BigInt(node.code) }, column);
    }
    case "boolean":
      return truthValue(node.value, types);
    case "string": {
      const element = unitType(node.unit, names);
      const count = node.bytes.length / unitSizes[node.unit];
      return computedValue({ kind: "array", element, count, strideBytes: undefined }, node.bytes);
    }
  }
}

function unitType(unit: TextUnit, { types }: StaticNames): BaseType {
  switch (unit) {
    case "char":
      return types.char;
    case "byte":
      return { kind: "base", name: "u8", sizeBytes: 1, encoding: "unsigned" };
    case "rust-char":
      return { kind: "base", name: "char", sizeBytes: 4, encoding: "utf" };
    default:
      return { kind: "base", name: unit, sizeBytes: unitSizes[unit], encoding: "utf" };
  }
}

const typeNamed = (name: string, names: StaticNames, column: number): Type =>
  resolveType({ kind: "type", name, keyword: undefined, declarators: [], column }, names);

/** The first of C's types for a literal that holds its value. Source: C17, "Integer constants". */
function cLiteralType(
  value: bigint,
  literal: Extract<IntegerLiteralType, { kind: "c" }>,
  { types }: StaticNames,
): Type {
  const candidates = [
    [types.int, types.unsignedInt],
    [types.long, types.unsignedLong],
    [types.longLong, types.unsignedLongLong],
  ] as const;
  for (const [signed, unsigned] of candidates.slice(literal.longs)) {
    const bits = BigInt(signed.sizeBytes * 8);
    if (!literal.isUnsigned && value < 1n << (bits - 1n)) return signed;
    if ((literal.isUnsigned || !literal.isDecimal) && value < 1n << bits) return unsigned;
  }
  return types.unsignedLongLong;
}
