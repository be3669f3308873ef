import { plainType, sizeOf, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { alignmentOf } from "./alignment.ts";
import { inType, truthValue } from "./arithmetic.ts";
import { evaluateAssignment, evaluateStep } from "./assignments.ts";
import type { Node } from "./ast.ts";
import { evaluateCall } from "./calls.ts";
import { literalValue } from "./literal-values.ts";
import { bytesOfMemory, memoryValue } from "./memory-values.ts";
import { applied, appliedToOne, cast, truth } from "./operators.ts";
import { operatorOf, pointedBy } from "./own-operators.ts";
import {
  addressOf,
  dereferenced,
  elementOf,
  memberOf,
  pointedMember,
  referred,
  withoutReference,
} from "./places.ts";
import { askValue, type Evaluation, type StaticNames } from "./requests.ts";
import { constantOfType, resolveType, sizeType } from "./resolve-type.ts";
import { isOpen } from "./rust-arithmetic.ts";
import { withType } from "./rust-inference.ts";
import { comparedVariant } from "./rust-variants.ts";
import { evaluateSlice } from "./slices.ts";

/**
 * The value of an expression, by the rules of the frame's language.
 *
 * A generator that asks for names and bytes as it meets them, so that a frame may be read at once or
 * waited for. Whatever is an lvalue in C keeps its place and can be written to; the rest carries its bytes.
 * A value that is not available is a result as such, but cannot be computed with.
 * @throws {ExpressionError} at the column of the node that has no meaning.
 */
export function* evaluateNode(node: Node, names: StaticNames): Evaluation<Value> {
  const { types } = names;
  const evaluate = (part: Node) => evaluateNode(part, names);
  switch (node.kind) {
    case "integer":
    case "float":
    case "character":
    case "boolean":
    case "string":
      return literalValue(node, names);
    case "name":
      return yield* evaluateName(node, names);
    case "slot": {
      const value = yield* askValue(node);
      if (value) return value;
      if (node.index === "stack-pointer")
        throw new ExpressionError("this module keeps no C stack pointer", node.column);
      throw new ExpressionError(`there is no Wasm ${node.slot} ${node.index}`, node.column);
    }
    case "returned": {
      const value = yield* askValue({ kind: "returned" });
      if (value) return value;
      throw new ExpressionError("nothing has just been returned: step out of a function first", node.column);
    }
    case "memory":
      return yield* memoryValue(node);
    case "member": {
      const object = yield* evaluateNode(node.object, names);
      const pointer = node.operator === "->" ? yield* pointedBy(object, names, node.column) : undefined;
      return yield* memberOf(pointer ?? object, node);
    }
    case "index": {
      const bytes = yield* bytesOfMemory(node, evaluate);
      if (bytes) return bytes;
      const object = yield* evaluateNode(node.object, names);
      const index = yield* evaluateNode(node.index, names);
      const own = yield* operatorOf("[]", [object, index], node.column, names);
      return own ?? (yield* elementOf(object, index, types, node.column));
    }
    case "pointed-member": {
      const object = yield* referred(yield* evaluateNode(node.object, names), node.column);
      return yield* pointedMember(object, yield* evaluateNode(node.pointer, names), node.column);
    }
    case "slice":
      return (yield* bytesOfMemory(node, evaluate)) ?? (yield* evaluateSlice(node, names, evaluate));
    case "call":
      return yield* evaluateCall(node, names, evaluate);
    case "assignment":
      return yield* evaluateAssignment(node, names, evaluate);
    case "step":
      return yield* evaluateStep(node, names, evaluate);
    case "unary":
      return yield* evaluateUnary(node, names);
    case "binary":
      return yield* evaluateBinary(node, names);
    case "conditional": {
      const condition = yield* evaluateNode(node.condition, names);
      const holds = yield* truth(condition, node.column);
      return yield* evaluateNode(holds ? node.then : node.otherwise, names);
    }
    case "cast": {
      const value = yield* evaluateNode(node.operand, names);
      return yield* cast(value, resolveType(node.type, names), node.column);
    }
    case "sizeof":
      return yield* evaluateSizeof(node, names);
  }
}

function* evaluateSizeof(node: Extract<Node, { kind: "sizeof" }>, names: StaticNames): Evaluation<Value> {
  const { operand, asks, column } = node;
  const type =
    operand.kind === "type" ? resolveType(operand, names) : (yield* evaluateNode(operand, names)).type;
  const size = asks === "size" ? sizeOf(type) : alignmentOf(type);
  if (size === undefined) throw new ExpressionError(`the ${asks} of ${typeName(type)} is unknown`, column);
  return inType(sizeType(names), { kind: "integer", value: BigInt(size) }, column);
}

function* evaluateName(node: Extract<Node, { kind: "name" }>, names: StaticNames): Evaluation<Value> {
  const { name, column } = node;
  const value = yield* askValue({ kind: "find", name, from: node.from });
  if (value) return yield* withoutReference(value, column);
  // The usual macro, which debug info knows nothing of.
  if (name === "NULL" || name === "nullptr") {
    const type: Type = names.types.pointerTo({ kind: "void", name: "void" });
    return inType(type, { kind: "integer", value: 0n }, column);
  }
  const constant = constantOfType(name, names, column);
  if (constant) return constant;
  const other = names.describeName(name);
  if (other) throw new ExpressionError(`\`${name}\` is a ${other}`, column);
  const likely = names.suggestName(name);
  throw new ExpressionError(
    `there is no variable \`${name}\` here${likely === undefined ? "" : `; did you mean \`${likely}\`?`}`,
    column,
  );
}

function* evaluateUnary(node: Extract<Node, { kind: "unary" }>, names: StaticNames): Evaluation<Value> {
  const { operator, column } = node;
  // `&v[1..3]` is how Rust writes the slice itself.
  if (operator === "&" && node.operand.kind === "slice" && names.language === "rust") {
    return yield* evaluateNode(node.operand, names);
  }
  // The sign belongs to the literal: −128 is an `i8`, and 128 is none.
  if (operator === "-" && node.operand.kind === "integer" && node.operand.type.kind === "rust") {
    return literalValue({ ...node.operand, value: -node.operand.value }, names);
  }
  const value = yield* evaluateNode(node.operand, names);
  if (operator === "&") return addressOf(value, names.types, column);
  const own = yield* operatorOf(operator, [value], column, names);
  if (own) return own;
  return operator === "*"
    ? yield* dereferenced(value, column)
    : yield* appliedToOne(operator, value, names, column);
}

function* evaluateBinary(node: Extract<Node, { kind: "binary" }>, names: StaticNames): Evaluation<Value> {
  const { operator, column } = node;
  const left = yield* evaluateNode(node.left, names);
  if (operator === "&&" || operator === "||") {
    const isDecided = (yield* truth(left, column)) === (operator === "||");
    if (isDecided) return truthValue(operator === "||", names.types);
    return truthValue(yield* truth(yield* evaluateNode(node.right, names), column), names.types);
  }
  const variant =
    names.language === "rust"
      ? yield* comparedVariant(node, left, names, (part) => evaluateNode(part, names))
      : undefined;
  if (variant) return variant;
  const right = yield* evaluateNode(node.right, names);
  if (operator === ",") return right;
  const own = yield* operatorOf(operator, [left, right], column, names);
  if (own) return own;
  const given =
    names.language === "rust" ? yield* inOneType(node, left, right, names) : ([left, right] as const);
  return yield* applied(operator, given, names, column);
}

/** Rust's operands, of which a literal without a type takes that of the other. */
function* inOneType(
  node: Extract<Node, { kind: "binary" }>,
  left: Value,
  right: Value,
  names: StaticNames,
): Evaluation<readonly [left: Value, right: Value]> {
  if (node.operator === "<<" || node.operator === ">>" || isOpen(left.type) === isOpen(right.type)) {
    return [left, right];
  }
  const type = plainType((isOpen(left.type) ? right : left).type);
  const open = isOpen(left.type) ? node.left : node.right;
  const typed = type.kind === "base" ? withType(open, type) : undefined;
  if (!typed) return [left, right];
  const value = yield* evaluateNode(typed, names);
  return open === node.left ? [value, right] : [left, value];
}
