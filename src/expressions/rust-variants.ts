import { plainType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Parts } from "../symbols/views/view.ts";
import { truthValue } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import { applied, truth } from "./operators.ts";
import { referred } from "./places.ts";
import {
  askPart,
  askValue,
  askView,
  type EvaluatePart,
  type Evaluation,
  type StaticNames,
} from "./requests.ts";

/** A variant as it is written: `None`, `Shape::Circle(2.0)`. */
interface WrittenVariant {
  readonly name: string;
  readonly args: readonly Node[];
  readonly column: number;
}

/**
 * `value == Shape::Dot`, `value != Some(5)`: whether an enum of Rust is that variant with those fields; `undefined` where the left
 * side is no such enum, or the right one names no variant of it.
 */
export function* comparedVariant(
  node: Extract<Node, { kind: "binary" }>,
  left: Value,
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<Value | undefined> {
  const written = writtenVariant(node.right);
  if (!written || (node.operator !== "==" && node.operator !== "!=")) return undefined;
  const value = yield* referred(left, node.column);
  const type = plainType(value.type);
  if (type.kind !== "record" || !type.variants) return undefined;
  const variant = type.variants.variants.find(({ member }) => member.name === written.name);
  if (!variant || (yield* askValue({ kind: "find", name: written.name, from: "frame" }))) return undefined;
  const fields = plainType(variant.member.type);
  const count = fields.kind === "record" ? fields.members.length : 0;
  if (count !== written.args.length) {
    throw new ExpressionError(
      `\`${written.name}\` of ${typeName(type)} has ${count} field${count === 1 ? "" : "s"}, not ${written.args.length}`,
      written.column,
    );
  }
  const isEqual = yield* isVariant(value, written, names, evaluate);
  return truthValue(isEqual === (node.operator === "=="), names.types);
}

function* isVariant(
  value: Value,
  { name, args }: WrittenVariant,
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<boolean> {
  const shape = (yield* askView(value))?.shape;
  if (shape?.kind === "damaged") throw new ExpressionError(shape.reason, 0);
  if (shape?.kind === "text") return shape.text === name;
  if (shape?.kind !== "parts" || !isOf(shape.open, name)) return false;
  return yield* haveEqualParts(shape.parts, args, names, evaluate);
}

const isOf = (open: string, name: string): boolean => open === `${name}(` || open === `${name} {`;

function* haveEqualParts(
  parts: Parts,
  args: readonly Node[],
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<boolean> {
  for (const [index, arg] of args.entries()) {
    const part = yield* askPart(parts, index);
    if (!part) return false;
    const { column } = arg;
    const nested = yield* comparedVariant(
      { kind: "binary", operator: "==", left: arg, right: arg, column },
      part.value,
      names,
      evaluate,
    );
    const same = nested ?? (yield* applied("==", [part.value, yield* evaluate(arg)], names, column));
    if (!(yield* truth(same, column))) return false;
  }
  return true;
}

function writtenVariant(node: Node): WrittenVariant | undefined {
  const callee = node.kind === "call" ? node.callee : node;
  if (callee.kind !== "name") return undefined;
  const name = callee.name.split("::").at(-1) ?? callee.name;
  return { name, args: node.kind === "call" ? node.args : [], column: callee.column };
}
