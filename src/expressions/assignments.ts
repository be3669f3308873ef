import { plainType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { integerLimits, readScalar } from "../symbols/values/convert.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import { standsFor } from "./containers.ts";
import { applied, cast } from "./operators.ts";
import { referred } from "./places.ts";
import { askBytes, askValue, type EvaluatePart, type Evaluation, type StaticNames } from "./requests.ts";

/** `target = value`, `target += value`: the target, as it then is. */
export function* evaluateAssignment(
  node: Extract<Node, { kind: "assignment" }>,
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<Value> {
  const { operator, column } = node;
  const target = yield* targetOf(node.target, evaluate);
  const given = yield* evaluate(node.value);
  const value = operator === undefined ? given : yield* applied(operator, [target, given], names, column);
  return yield* put(target, value, names, column);
}

/** `++target`, `target--`. */
export function* evaluateStep(
  node: Extract<Node, { kind: "step" }>,
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<Value> {
  const { operator, column } = node;
  const target = yield* targetOf(node.target, evaluate);
  const before = computedValue(target.type, yield* askBytes(target, column));
  const one = inType(names.types.int, { kind: "integer", value: 1n }, column);
  const after = yield* put(target, yield* applied(operator, [target, one], names, column), names, column);
  return node.isPostfix ? before : after;
}

/** What is to be written to: references, and what stands for a value, looked through. */
function* targetOf(node: Node, evaluate: EvaluatePart): Evaluation<Value> {
  const { column } = node;
  return yield* referred(yield* standsFor(yield* referred(yield* evaluate(node), column)), column);
}

function* put(target: Value, value: Value, names: StaticNames, column: number): Evaluation<Value> {
  if (target.place.kind === "unavailable") throw new ExpressionError(target.place.reason, column);
  const plain = plainType(target.type);
  const written =
    plain.kind === "record" || plain.kind === "array"
      ? yield* wholeBytes(target, value, column)
      : yield* numberBytes(target, value, names, column);
  const answer = yield* askValue({ kind: "write", value: target, bytes: written, column });
  if (!answer) throw new ExpressionError("this is no place that could be written to", column);
  return answer;
}

function* numberBytes(
  target: Value,
  value: Value,
  names: StaticNames,
  column: number,
): Evaluation<Uint8Array> {
  const scalar = readScalar(value.type, yield* askBytes(value, column));
  const limits = integerLimits(target.type, target.bits?.size);
  // What does not fit is cut off in C, as the program itself would do it.
  const isTooLarge =
    limits && scalar?.kind === "integer" && (scalar.value < limits.least || scalar.value > limits.greatest);
  if (isTooLarge && names.language === "rust") {
    throw new ExpressionError(`${scalar.value} does not fit into ${typeName(target.type)}`, column);
  }
  const converted = yield* cast(value, target.type, column);
  const bytes = yield* askBytes(converted, column);
  if (!readScalar(target.type, bytes))
    throw new ExpressionError(`a ${typeName(target.type)} cannot be assigned to`, column);
  return bytes;
}

/** A record or an array takes all bytes of another of its type. What a class does when it is copied is not done. */
function* wholeBytes(target: Value, value: Value, column: number): Evaluation<Uint8Array> {
  const [to, from] = [plainType(target.type), plainType(value.type)];
  const isSame = to === from || (to.kind === "record" && from.kind === "record" && to.name === from.name);
  if (!isSame) {
    throw new ExpressionError(
      `a ${typeName(value.type)} cannot be assigned to a ${typeName(target.type)}`,
      column,
    );
  }
  return yield* askBytes(value, column);
}
