import { plainType, sizeOf, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { readScalar } from "../symbols/values/convert.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import {
  combined,
  compared,
  inType,
  isRelation,
  negated,
  type Operand,
  operandOf,
  truthOf,
  truthValue,
} from "./arithmetic.ts";
import type { BinaryOperator, IntegerLiteralType, Node } from "./ast.ts";
import { comparedStrings, sizeIn, sliceOf, standsFor } from "./containers.ts";
import {
  addressOf,
  containerIn,
  dereferenced,
  elementOf,
  isAddressLike,
  memberOf,
  pointedMember,
  pointerCombined,
  referred,
  withoutReference,
} from "./places.ts";
import { askBytes, askValue, type Evaluation, type StaticNames } from "./requests.ts";
import { resolveType } from "./resolve-type.ts";

/**
 * The value of an expression, by C's rules.
 *
 * A generator that asks for names and bytes as it meets them, so that a frame may be read at once or
 * waited for. Whatever is an lvalue in C keeps its place and can be written to; the rest carries its bytes.
 * A value that is not available is a result as such, but cannot be computed with.
 * @throws {ExpressionError} at the column of the node that has no meaning.
 */
export function* evaluateNode(node: Node, names: StaticNames): Evaluation<Value> {
  const { types } = names;
  switch (node.kind) {
    case "integer":
      return integerValue(literalType(node.value, node.type, names), node.value, node.column);
    case "float":
      return inType(
        node.isSingle ? types.float : types.double,
        { kind: "float", value: node.value },
        node.column,
      );
    case "character":
      // A character past one byte is no `char`: it is the number it stands for.
      return integerValue(node.code < 0x100 ? types.char : types.int, BigInt(node.code), node.column);
    case "boolean":
      return truthValue(node.value, types);
    case "string": {
      const count = node.bytes.length;
      return computedValue({ kind: "array", element: types.char, count, strideBytes: undefined }, node.bytes);
    }
    case "name":
      return yield* evaluateName(node, names);
    case "slot": {
      const value = yield* askValue(node);
      if (!value) throw new ExpressionError(`there is no Wasm ${node.slot} ${node.index}`, node.column);
      return value;
    }
    case "member":
      return yield* memberOf(yield* evaluateNode(node.object, names), node);
    case "index": {
      const object = yield* evaluateNode(node.object, names);
      return yield* elementOf(object, yield* evaluateNode(node.index, names), types, node.column);
    }
    case "pointed-member": {
      const object = yield* referred(yield* evaluateNode(node.object, names), node.column);
      return yield* pointedMember(object, yield* evaluateNode(node.pointer, names), node.column);
    }
    case "slice":
      return yield* evaluateSlice(node, names);
    case "size": {
      const object = yield* referred(yield* evaluateNode(node.object, names), node.column);
      const pointed =
        plainType(object.type).kind === "pointer" ? yield* dereferenced(object, node.column) : object;
      const size = yield* sizeIn(pointed, node.column);
      if (node.asks === "emptiness") return truthValue(size === 0n, types);
      return integerValue(types.unsignedLong, size, node.column);
    }
    case "unary":
      return yield* evaluateUnary(node, names);
    case "binary":
      return yield* evaluateBinary(node, names);
    case "conditional": {
      const condition = yield* evaluateNode(node.condition, names);
      const holds = yield* truth(condition, node.column);
      return yield* evaluateNode(holds ? node.then : node.otherwise, names);
    }
    case "cast":
      return yield* cast(
        yield* evaluateNode(node.operand, names),
        resolveType(node.type, names),
        node.column,
      );
    case "sizeof": {
      const { operand } = node;
      const type =
        operand.kind === "type" ? resolveType(operand, names) : (yield* evaluateNode(operand, names)).type;
      const size = sizeOf(type);
      if (size === undefined)
        throw new ExpressionError(`the size of ${typeName(type)} is unknown`, node.column);
      return integerValue(types.unsignedLong, BigInt(size), node.column);
    }
  }
}

function* evaluateSlice(node: Extract<Node, { kind: "slice" }>, names: StaticNames): Evaluation<Value> {
  const { column } = node;
  const { types } = names;
  const object = yield* containerIn(yield* evaluateNode(node.object, names), column);
  const bound = function* (limit: Node): Evaluation<bigint> {
    const value = yield* evaluateNode(limit, names);
    const scalar = readScalar(value.type, yield* askBytes(value, limit.column));
    if (scalar?.kind !== "integer") throw new ExpressionError("an index must be an integer", limit.column);
    return scalar.value;
  };
  const start = node.start ? yield* bound(node.start) : 0n;
  const last = node.end ? yield* bound(node.end) : yield* sizeIn(object, column);
  const end = node.isInclusive ? last + 1n : last;
  if (start < 0n || end < start) throw new ExpressionError(`the range ${start}..${end} is none`, column);
  if (end === start) {
    return {
      type: { kind: "array", element: types.char, count: 0, strideBytes: undefined },
      place: object.place,
    };
  }
  const first = yield* elementOf(object, integerValue(types.longLong, start, column), types, column);
  yield* elementOf(object, integerValue(types.longLong, end - 1n, column), types, column);
  return sliceOf(first, end - start, object.type, types, column);
}

function* evaluateName(node: Extract<Node, { kind: "name" }>, names: StaticNames): Evaluation<Value> {
  const { name, column } = node;
  const value = yield* askValue({ kind: "find", name, from: node.from });
  if (value) return yield* withoutReference(value, column);
  // The usual macro, which debug info knows nothing of.
  if (name === "NULL" || name === "nullptr") {
    return integerValue(names.types.pointerTo({ kind: "void", name: "void" }), 0n, column);
  }
  const other = names.describeName(name);
  throw new ExpressionError(
    other ? `\`${name}\` is a ${other}` : `there is no variable \`${name}\` here`,
    column,
  );
}

function* evaluateUnary(node: Extract<Node, { kind: "unary" }>, names: StaticNames): Evaluation<Value> {
  const { operator, column } = node;
  const value = yield* evaluateNode(node.operand, names);
  switch (operator) {
    case "*":
      return yield* dereferenced(value, column);
    case "&":
      return addressOf(value, names.types, column);
    case "!":
      return truthValue(!(yield* truth(value, column)), names.types);
    default:
      return negated(operator, yield* operand(value, names, column), column);
  }
}

function* evaluateBinary(node: Extract<Node, { kind: "binary" }>, names: StaticNames): Evaluation<Value> {
  const { operator, column } = node;
  const left = yield* evaluateNode(node.left, names);
  if (operator === "&&" || operator === "||") {
    const isDecided = (yield* truth(left, column)) === (operator === "||");
    if (isDecided) return truthValue(operator === "||", names.types);
    return truthValue(yield* truth(yield* evaluateNode(node.right, names), column), names.types);
  }
  const right = yield* evaluateNode(node.right, names);
  if (operator === ",") return right;
  return yield* evaluateOperands(
    node,
    yield* plainOperand(left, column),
    yield* plainOperand(right, column),
    names,
  );
}

/** An operand without what merely stands for it. */
function* plainOperand(value: Value, column: number): Evaluation<Value> {
  return yield* referred(yield* standsFor(yield* referred(value, column)), column);
}

function* evaluateOperands(
  node: Extract<Node, { kind: "binary" }>,
  left: Value,
  right: Value,
  names: StaticNames,
): Evaluation<Value> {
  const { column } = node;
  const operator = node.operator as Exclude<BinaryOperator, "&&" | "||" | ",">;
  const isText = (operand: Node, value: Value) =>
    operand.kind === "string" || plainType(value.type).kind === "record";
  if (isRelation(operator) && (isText(node.left, left) || isText(node.right, right))) {
    const order = yield* comparedStrings(left, right);
    if (order !== undefined) return truthValue(compared(operator, BigInt(order), 0n), names.types);
  }
  if (isAddressLike(left) || isAddressLike(right)) {
    return yield* pointerCombined(operator, left, right, names.types, column);
  }
  const a = yield* operand(left, names, column);
  return combined(operator, a, yield* operand(right, names, column), names.types, column);
}

function* operand(given: Value, { types }: StaticNames, column: number): Evaluation<Operand> {
  const value = yield* plainOperand(given, column);
  return operandOf(value.type, yield* askBytes(value, column), types, column, value.bits?.size);
}

function* truth(given: Value, column: number): Evaluation<boolean> {
  const value = yield* plainOperand(given, column);
  // An array is an address, and an address of something is never null.
  if (plainType(value.type).kind === "array") return true;
  return truthOf(value.type, yield* askBytes(value, column), column);
}

function* cast(given: Value, type: Type, column: number): Evaluation<Value> {
  const value = yield* standsFor(yield* withoutReference(given, column));
  const to = plainType(type);
  const from = plainType(value.type);
  if (to === from) return { ...value, type };
  if (from.kind === "array" && to.kind === "pointer" && value.place.kind === "memory") {
    return integerValue(type, value.place.address, column);
  }
  const scalar = readScalar(value.type, yield* askBytes(value, column));
  const isAllowed = scalar && !(scalar.kind === "float" && to.kind === "pointer");
  if (!isAllowed || to.kind === "record" || to.kind === "array") {
    throw new ExpressionError(`a ${typeName(value.type)} cannot be cast to ${typeName(type)}`, column);
  }
  return inType(type, scalar, column);
}

function integerValue(type: Type, value: bigint, column: number): Value {
  return inType(type, { kind: "integer", value }, column);
}

/** The first of C's types for a literal that holds its value. Source: C17, "Integer constants". */
function literalType(value: bigint, literal: IntegerLiteralType, { types }: StaticNames): Type {
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
