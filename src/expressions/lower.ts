import type { LoweredExpression, LoweredValue } from "../symbols/lowered-expression.ts";
import { loggedText } from "../symbols/static/logged-text.ts";
import type { StaticNames } from "../symbols/static/static-names.ts";
import type { StaticValue } from "../symbols/static/static-place.ts";
import { constant } from "../symbols/static/static-place.ts";
import { maxStringLength } from "../symbols/text/char-text.ts";
import type { IntegerFormat } from "../symbols/text/scalar-text.ts";
import { showsText } from "../symbols/text/value-text.ts";
import { isCharacter, type PlainType, plainType, sizeOf, type Type } from "../symbols/types/type.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { isPolymorphic } from "../symbols/views/dynamic-view.ts";
import type { GuestCode } from "../target/guest-code.ts";
import { alignmentOf } from "./alignment.ts";
import { commonType, operandOf } from "./arithmetic.ts";
import type { Node, ValueOperator } from "./ast.ts";
import { integerCode } from "./lower-integers.ts";
import { apply, asF64, converted, shapeOf, truthOfNumber } from "./lower-number.ts";
import {
  dereferencedStatic,
  elementStatic,
  memberStatic,
  pointerArithmetic,
  withoutReferenceStatic,
} from "./lower-places.ts";
import { rustCombinedStatic, rustNegatedStatic } from "./lower-rust.ts";
import { addressIn, asValue, isAddressLike, type LoweredNumber, NeedsStop, numberIn } from "./lower-value.ts";
import { evaluateNode } from "./machine.ts";
import { parseWithSuffix } from "./parser.ts";
import { isRelation } from "./precedence.ts";
import { constantOfType, resolveType, sizeType } from "./resolve-type.ts";
import { isOpen } from "./rust-arithmetic.ts";
import { withType } from "./rust-inference.ts";

/**
 * An expression for the guest thread: what `evaluate` computes, as code that finds the same whenever the guest stands at
 * the place the names belong to. `undefined` for what the code has no words for.
 *
 * @throws {ExpressionError} for text that is no expression, a name there is not, and what is never available there.
 */
export function lowerExpression(names: StaticNames, text: string): LoweredExpression | undefined {
  const { node, suffix } = parseWithSuffix(
    text,
    (name) => names.isTypeName(name),
    names.language,
    (name) => names.isVariable(name),
  );
  // What a suffix means depends on the value.
  if (suffix) return undefined;
  const value = orUndefined(() => lowerNode(node, names));
  return (
    value && {
      truth: () => orUndefined(() => truthOf(value, 0)),
      logged: (format = "decimal") => orUndefined(() => logged(value, format)),
    }
  );
}

function orUndefined<T>(lower: () => T): T | undefined {
  try {
    return lower();
  } catch (error) {
    if (error instanceof NeedsStop) return undefined;
    throw error;
  }
}

function lowerNode(node: Node, names: StaticNames): StaticValue {
  const { types } = names;
  switch (node.kind) {
    case "integer":
    case "float":
    case "character":
    case "boolean":
      return literal(node, names);
    case "name":
      return lowerName(node, names);
    case "member":
      return memberStatic(lowerNode(node.object, names), node, types);
    case "index": {
      const object = lowerNode(node.object, names);
      return elementStatic(object, lowerNode(node.index, names), types, node.column);
    }
    case "unary":
      return lowerUnary(node, names);
    case "binary":
      return lowerBinary(node, names);
    case "conditional": {
      const condition = truthOf(lowerNode(node.condition, names), node.column);
      const branches = [node.then, node.otherwise].map((branch) => lowerNode(branch, names));
      const [then, otherwise] = branches.map((branch) => numberIn(branch, node.column));
      if (!then || !otherwise) throw new NeedsStop();
      // The type is that of the branch taken: where they differ, in bits too, it is not known beforehand.
      if (plainType(then.type) !== plainType(otherwise.type) || branches.some(({ bits }) => bits))
        throw new NeedsStop();
      const type = then.shape.wasm;
      const code: GuestCode = {
        ...{ op: "if", type, condition },
        whenTrue: then.code,
        whenFalse: otherwise.code,
      };
      return asValue({ ...then, code });
    }
    case "cast":
      return cast(lowerNode(node.operand, names), resolveType(node.type, names), node.column);
    case "sizeof": {
      const { operand } = node;
      const type = operand.kind === "type" ? resolveType(operand, names) : lowerNode(operand, names).type;
      const size = node.asks === "size" ? sizeOf(type) : alignmentOf(type);
      if (size === undefined) throw new NeedsStop();
      return number(sizeType(names), (wasm) => constant(wasm, size));
    }
    default:
      throw new NeedsStop();
  }
}

/** Literals have no names in them: the evaluator itself says what they are. */
function literal(node: Node, names: StaticNames): StaticValue {
  const done = evaluateNode(node, names).next();
  if (!done.done || done.value.place.kind !== "value") throw new NeedsStop();
  return { type: done.value.type, place: { kind: "bytes", bytes: done.value.place.bytes } };
}

function lowerName(node: Extract<Node, { kind: "name" }>, names: StaticNames): StaticValue {
  const { name, column } = node;
  const value = names.findStatic(name, node.from);
  if (value) return withoutReferenceStatic(value, column);
  if (name === "NULL" || name === "nullptr") {
    return number(names.types.pointerTo({ kind: "void", name: "void" }), (wasm) => constant(wasm, 0));
  }
  if (names.hasObject || names.describeName(name) !== undefined) throw new NeedsStop();
  if (constantOfType(name, names, column)) throw new NeedsStop();
  throw new ExpressionError(`there is no variable \`${name}\` here`, column);
}

function lowerUnary(node: Extract<Node, { kind: "unary" }>, names: StaticNames): StaticValue {
  const { operator, column } = node;
  const { types } = names;
  const value = lowerNode(node.operand, names);
  switch (operator) {
    case "*":
      return dereferencedStatic(value, types, column);
    case "&":
      if (value.bits) throw new ExpressionError("a bit-field has no address", column);
      return number(types.pointerTo(value.type), (wasm) => addressIn(value, wasm));
    case "!":
      if (names.language === "rust") return rustNegatedStatic(operator, value, column);
      return truthValue(apply("i32.eqz", truthOf(value, column)), names);
    default: {
      if (names.language === "rust") return rustNegatedStatic(operator, value, column);
      const { type, shape, code } = promoted(value, names, column);
      if (operator === "+") return asValue({ type, shape, code });
      if (shape.wasm === "f32" || shape.wasm === "f64") {
        if (operator === "~") throw new ExpressionError("`~` needs an integer", column);
        return asValue({ type, shape, code: apply(`${shape.wasm}.neg`, code) });
      }
      const negated =
        operator === "-"
          ? apply(`${shape.wasm}.sub`, constant(shape.wasm, 0), code)
          : apply(`${shape.wasm}.xor`, code, constant(shape.wasm, -1));
      return asValue({ type, shape, code: negated });
    }
  }
}

function lowerBinary(node: Extract<Node, { kind: "binary" }>, names: StaticNames): StaticValue {
  const { operator, column } = node;
  const left = lowerNode(node.left, names);
  const right = lowerNode(node.right, names);
  if (operator === "&&" || operator === "||") {
    const a = truthOf(left, column);
    const b = truthOf(right, column);
    const decided = constant("i32", operator === "||" ? 1 : 0);
    const branches =
      operator === "||" ? { whenTrue: decided, whenFalse: b } : { whenTrue: b, whenFalse: decided };
    return truthValue({ op: "if", type: "i32", condition: a, ...branches }, names);
  }
  if (operator === ",") return right;
  if (isAddressLike(left) || isAddressLike(right)) {
    return pointerArithmetic(operator, left, right, names.types, column);
  }
  if (names.language === "rust") {
    const [a, b] = inOneType(node, left, right, names);
    return rustCombinedStatic(operator, a, b, names, column);
  }
  return combinedNumbers(operator, promoted(left, names, column), promoted(right, names, column), names);
}

/** As `inOneType` of the evaluator. */
function inOneType(
  node: Extract<Node, { kind: "binary" }>,
  left: StaticValue,
  right: StaticValue,
  names: StaticNames,
): readonly [left: StaticValue, right: StaticValue] {
  const isShift = node.operator === "<<" || node.operator === ">>";
  if (isShift || isOpen(left.type) === isOpen(right.type)) return [left, right];
  const type = plainType((isOpen(left.type) ? right : left).type);
  const open = isOpen(left.type) ? node.left : node.right;
  const typed = type.kind === "base" ? withType(open, type) : undefined;
  if (!typed) return [left, right];
  const value = lowerNode(typed, names);
  return open === node.left ? [value, right] : [left, value];
}

function combinedNumbers(
  operator: ValueOperator,
  left: LoweredNumber,
  right: LoweredNumber,
  names: StaticNames,
): StaticValue {
  const isShift = operator === "<<" || operator === ">>";
  const [a, b] = [plainType(left.type), plainType(right.type)];
  if (a.kind !== "base" || b.kind !== "base") throw new NeedsStop();
  const type = isShift ? a : commonType(a, b, names.types);
  const shape = shapeOf(type);
  if (!shape) throw new NeedsStop();
  if (shape.wasm === "f32" || shape.wasm === "f64") {
    const instruction = floatInstructions[operator];
    if (!instruction) throw new NeedsStop();
    // Numbers meet as doubles and are rounded once, like those of the evaluator.
    const code = apply(instruction, asF64(left.code, left.shape), asF64(right.code, right.shape));
    if (isRelation(operator)) return truthValue(code, names);
    return asValue({ type, shape, code: shape.wasm === "f32" ? apply("f32.demote_f64", code) : code });
  }
  if ([left, right].some(({ shape: { wasm } }) => wasm === "f32" || wasm === "f64")) throw new NeedsStop();
  const x = converted(left.code, left.shape, shape);
  const y = converted(right.code, right.shape, isShift ? { ...shape, sign: right.shape.sign } : shape);
  const code = integerCode(operator, shape, x, y);
  return isRelation(operator) ? truthValue(code, names) : asValue({ type, shape, code });
}

const floatInstructions: Partial<
  Record<string, `f64.${"add" | "sub" | "mul" | "div" | "eq" | "ne" | "lt" | "gt" | "le" | "ge"}`>
> = {
  "+": "f64.add",
  "-": "f64.sub",
  "*": "f64.mul",
  "/": "f64.div",
  "==": "f64.eq",
  "!=": "f64.ne",
  "<": "f64.lt",
  ">": "f64.gt",
  "<=": "f64.le",
  ">=": "f64.ge",
};

/** The operand of an operator, promoted as C does. */
function promoted(value: StaticValue, { types }: StaticNames, column: number): LoweredNumber {
  const { type: from, shape, code } = numberIn(value, column);
  const { type } = operandOf(from, new Uint8Array(shape.size), types, column, value.bits?.size);
  const to = shapeOf(type);
  if (!to) throw new NeedsStop();
  return { type, shape: to, code: converted(code, shape, to) };
}

function truthOf(value: StaticValue, column: number): GuestCode {
  const plain = plainType(value.type);
  // An array is an address, and an address of something is never null.
  if (plain.kind === "array") return constant("i32", 1);
  if (plain.kind === "record") throw new NeedsStop();
  const { code, shape } = numberIn(value, column);
  return truthOfNumber(code, shape);
}

function truthValue(code: GuestCode, { types }: StaticNames): StaticValue {
  return { type: types.bool, place: { kind: "code", type: "i32", code } };
}

function cast(value: StaticValue, type: Type, column: number): StaticValue {
  const to = plainType(type);
  const from = plainType(value.type);
  if (to === from) return { ...value, type };
  if (from.kind === "array" && to.kind === "pointer" && value.place.kind === "memory") {
    return number(type, (wasm) => addressIn(value, wasm));
  }
  const { code, shape } = numberIn(value, column);
  const wanted = shapeOf(type);
  const isFloat = shape.wasm === "f32" || shape.wasm === "f64";
  // Rust takes the nearest integer there is, for which there is no code here.
  if (isFloat && to.kind === "base" && /^[iu](?:\d+|size)$/.test(to.name)) throw new NeedsStop();
  if (!wanted || (isFloat && to.kind === "pointer")) throw new NeedsStop();
  return asValue({ type, shape: wanted, code: converted(code, shape, wanted) });
}

/** A number of an integer type or an address. */
function number(type: Type, code: (wasm: "i32" | "i64") => GuestCode): StaticValue {
  const shape = shapeOf(type);
  if (shape?.wasm !== "i32" && shape?.wasm !== "i64") throw new NeedsStop();
  return asValue({ type, shape, code: code(shape.wasm) });
}

/** A value that is told: a number, or text. */
function logged(value: StaticValue, format: IntegerFormat): LoweredValue {
  const { type, bits } = value;
  const plain = plainType(type);
  const isText = showsText(format);
  const unitBytes = isText ? textUnit(plain) : undefined;
  // In other formats an array of characters is a list of their numbers.
  if (!isText && plain.kind === "array") throw new NeedsStop();
  const text: LoweredValue["text"] = (told) => loggedText(type, told, format, bits?.size);
  if (unitBytes !== undefined && plain.kind === "array") {
    const place = value.place;
    if (place.kind !== "memory" || plain.count === undefined) throw new NeedsStop();
    const wasm = addressTypeOf(place.address);
    const length = Math.min(plain.count, maxStringLength + 1) * unitBytes;
    return { value: { kind: "text", type: wasm, address: addressIn(value, wasm), unitBytes, length }, text };
  }
  const { code, shape } = numberIn(value, 0);
  if (plain.kind === "pointer") {
    // Shown with the function's name, which the table has to be asked for, or with the object's class, which its own table has.
    const target = plainType(plain.target);
    if (target.kind === "function" || (target.kind === "record" && isPolymorphic(target)))
      throw new NeedsStop();
    if (unitBytes !== undefined && (shape.wasm === "i32" || shape.wasm === "i64")) {
      const length = (maxStringLength + 1) * unitBytes;
      return { value: { kind: "text", type: shape.wasm, address: code, unitBytes, length }, text };
    }
  }
  return { value: { kind: "number", type: shape.wasm, code }, text };
}

/** Bytes of a character of text that a type is or points to. */
function textUnit(plain: PlainType): 1 | 2 | 4 | undefined {
  const of = plain.kind === "array" ? plain.element : plain.kind === "pointer" ? plain.target : undefined;
  const unit = of && plainType(of);
  if (!unit || !isCharacter(unit)) return undefined;
  return unit.sizeBytes === 1 || unit.sizeBytes === 2 || unit.sizeBytes === 4 ? unit.sizeBytes : undefined;
}

function addressTypeOf(address: GuestCode): "i32" | "i64" {
  if (address.op === "apply") return address.instruction.startsWith("i64") ? "i64" : "i32";
  return "type" in address && address.type === "i64" ? "i64" : "i32";
}
