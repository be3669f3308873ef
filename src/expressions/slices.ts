import { plainType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { readScalar } from "../symbols/values/convert.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import { sizeIn, sliceOf } from "./containers.ts";
import { containerIn, elementOf } from "./places.ts";
import { askBytes, askView, type EvaluatePart, type Evaluation, type StaticNames } from "./requests.ts";

/** `object[start..end]`: the elements from one index to another as a value of their own, which lies where they do. */
export function* evaluateSlice(
  node: Extract<Node, { kind: "slice" }>,
  { types }: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<Value> {
  const { column } = node;
  const object = yield* containerIn(yield* evaluate(node.object), column);
  const [start, end] = yield* boundsOf(node, () => sizeIn(object, column), evaluate);
  if (end === start) {
    return {
      type: { kind: "array", element: types.char, count: 0, strideBytes: undefined },
      place: object.place,
    };
  }
  const at = (index: bigint) => inType(types.longLong, { kind: "integer", value: index }, column);
  const first = yield* elementOf(object, at(start), types, column);
  yield* elementOf(object, at(end - 1n), types, column);
  const view = plainType(object.type).kind === "record" ? yield* askView(object) : undefined;
  const name = view?.shape.kind === "string" ? "&str" : `&[${typeName(first.type)}]`;
  return sliceOf(first, end - start, { type: object.type, name }, types, column);
}

/** The two ends of a range, the second not in it. */
export function* boundsOf(
  node: Extract<Node, { kind: "slice" }>,
  count: () => Evaluation<bigint>,
  evaluate: EvaluatePart,
): Evaluation<readonly [start: bigint, end: bigint]> {
  const bound = function* (limit: Node): Evaluation<bigint> {
    const value = yield* evaluate(limit);
    const scalar = readScalar(value.type, yield* askBytes(value, limit.column));
    if (scalar?.kind !== "integer") throw new ExpressionError("an index must be an integer", limit.column);
    return scalar.value;
  };
  const start = node.start ? yield* bound(node.start) : 0n;
  const last = node.end ? yield* bound(node.end) : yield* count();
  const end = node.isInclusive ? last + 1n : last;
  if (start < 0n || end < start) throw new ExpressionError(`the range ${start}..${end} is none`, node.column);
  return [start, end];
}
