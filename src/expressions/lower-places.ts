import { constant, type StaticValue, sum } from "../symbols/static/static-place.ts";
import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { plainType, sizeOf, type Type } from "../symbols/types/type.ts";
import { findField } from "../symbols/values/fields.ts";
import type { GuestCode } from "../target/guest-code.ts";
import type { Node, ValueOperator } from "./ast.ts";
import { apply, asI64, converted, shapeOf, wrapped } from "./lower-number.ts";
import { addressIn, asValue, isAddressLike, NeedsStop, numberIn, within } from "./lower-value.ts";

type AddressType = "i32" | "i64";

/** An address with the type of what lies there. */
interface StaticPointer {
  readonly target: Type;
  readonly code: GuestCode;
  /** Whether it may be 0, which is an address of nothing. */
  readonly isNullable: boolean;
}

/** What a C++ reference refers to; any other value as it is. */
export function withoutReferenceStatic(value: StaticValue, column: number): StaticValue {
  const plain = plainType(value.type);
  if (plain.kind !== "pointer" || plain.sigil === "*") return value;
  // A Rust reference is a value of its own: what `*` and `==` make of one to a pointer, the evaluator knows.
  if (plain.name !== undefined && plainType(plain.target).kind === "pointer") throw new NeedsStop();
  const { code } = numberIn(value, column);
  return { type: plain.target, place: { kind: "memory", address: code, offset: 0 } };
}

/** As `memberOf` of the evaluator. */
export function memberStatic(
  object: StaticValue,
  { name, column }: Extract<Node, { kind: "member" }>,
  types: BuiltinTypes,
): StaticValue {
  const pointed = isAddressLike(object) ? dereferencedStatic(object, types, column) : object;
  let record = withoutReferenceStatic(pointed, column);
  const plain = plainType(record.type);
  const path = plain.kind === "record" && plain.sizeBytes !== undefined ? findField(plain, name) : undefined;
  // What a formatter makes of a container may have such a member; the evaluator will know.
  if (!path) throw new NeedsStop();
  for (const { type, offset, bits } of path) {
    if (offset.kind !== "bytes") throw new NeedsStop();
    record = bits
      ? { type, place: record.place, bits }
      : { type, place: within(record.place, offset.bytes, sizeOf(type) ?? 0) };
  }
  return withoutReferenceStatic(record, column);
}

/** As `elementOf` of the evaluator. */
export function elementStatic(
  object: StaticValue,
  index: StaticValue,
  types: BuiltinTypes,
  column: number,
): StaticValue {
  if (!isAddressLike(object)) {
    if (!isAddressLike(index)) throw new NeedsStop();
    return elementStatic(index, object, types, column);
  }
  if (isAddressLike(index)) throw new NeedsStop();
  const wasm = addressType(types);
  const pointer = pointerIn(object, wasm, column);
  const base = pointer.isNullable ? nonNull(wasm, pointer.code) : pointer.code;
  const code = moved({ ...pointer, code: base }, index, wasm, column, "+");
  return withoutReferenceStatic(at({ ...pointer, code }, wasm), column);
}

/** As `dereferenced` of the evaluator. */
export function dereferencedStatic(value: StaticValue, types: BuiltinTypes, column: number): StaticValue {
  if (!isAddressLike(value)) throw new NeedsStop();
  const wasm = addressType(types);
  return withoutReferenceStatic(at(pointerIn(value, wasm, column), wasm), column);
}

/** As `pointerCombined` of the evaluator. */
export function pointerArithmetic(
  operator: ValueOperator,
  left: StaticValue,
  right: StaticValue,
  types: BuiltinTypes,
  column: number,
): StaticValue {
  const wasm = addressType(types);
  const relation = relations[operator];
  const truth = (code: GuestCode): StaticValue => ({
    type: types.bool,
    place: { kind: "code", type: "i32", code },
  });
  if (isAddressLike(left) && isAddressLike(right)) {
    const a = pointerIn(left, wasm, column);
    const b = pointerIn(right, wasm, column);
    if (relation) {
      const instruction = relation === "eq" || relation === "ne" ? relation : (`${relation}_u` as const);
      return truth(apply(`${wasm}.${instruction}`, a.code, b.code));
    }
    if (operator !== "-") throw new NeedsStop();
    const distance = apply("i64.sub", widened(a.code, wasm), widened(b.code, wasm));
    const count: GuestCode = {
      op: "divide",
      type: "i64",
      left: distance,
      right: constant("i64", elementSize(a.target)),
    };
    return inWasm(types.long, wasm === "i32" ? wrapped(count) : count);
  }
  const isLeft = isAddressLike(left);
  const pointer = pointerIn(isLeft ? left : right, wasm, column);
  const other = isLeft ? right : left;
  if (relation) {
    // The number counts as it is: −1 is no address.
    const { code, shape } = numberIn(other, column);
    const isWide = shape.wasm === "i64" && shape.sign === "unsigned";
    if (wasm === "i64" || isWide || shape.wasm === "f32" || shape.wasm === "f64") throw new NeedsStop();
    const [a, b] = [widened(pointer.code, wasm), asI64(code, shape)];
    const instruction = relation === "eq" || relation === "ne" ? relation : (`${relation}_s` as const);
    return truth(apply(`i64.${instruction}`, isLeft ? a : b, isLeft ? b : a));
  }
  if (operator !== "+" && !(operator === "-" && isLeft)) throw new NeedsStop();
  return inWasm(types.pointerTo(pointer.target), moved(pointer, other, wasm, column, operator));
}

const relations: Partial<Record<string, "eq" | "ne" | "lt" | "gt" | "le" | "ge">> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  ">": "gt",
  "<=": "le",
  ">=": "ge",
};

const addressType = (types: BuiltinTypes): AddressType =>
  types.unsignedLong.sizeBytes === 8 ? "i64" : "i32";

function pointerIn(value: StaticValue, wasm: AddressType, column: number): StaticPointer {
  const plain = plainType(value.type);
  if (plain.kind === "array")
    return { target: plain.element, code: addressIn(value, wasm), isNullable: false };
  if (plain.kind !== "pointer") throw new NeedsStop();
  const { code, shape } = numberIn(value, column);
  if (shape.wasm !== wasm) throw new NeedsStop();
  return { target: plain.target, code, isNullable: true };
}

/** Address 0 is readable memory in Wasm, but what is read there is never what was meant. */
function at({ target, code, isNullable }: StaticPointer, wasm: AddressType): StaticValue {
  return {
    type: target,
    place: { kind: "memory", address: isNullable ? nonNull(wasm, code) : code, offset: 0 },
  };
}

const nonNull = (type: AddressType, value: GuestCode): GuestCode => ({ op: "non-null", type, value });

function moved(
  { target, code }: StaticPointer,
  by: StaticValue,
  wasm: AddressType,
  column: number,
  operator: "+" | "-",
): GuestCode {
  const { code: count, shape } = numberIn(by, column);
  if (shape.wasm === "f32" || shape.wasm === "f64") throw new NeedsStop();
  const index = converted(count, shape, {
    wasm,
    size: wasm === "i64" ? 8 : 4,
    sign: shape.sign,
    isBoolean: false,
  });
  const size = elementSize(target);
  const distance =
    index.op === "const"
      ? constant(wasm, BigInt(index.value) * BigInt(size))
      : size === 1
        ? index
        : apply(`${wasm}.mul`, index, constant(wasm, size));
  return operator === "+" ? sum(wasm, code, distance) : apply(`${wasm}.sub`, code, distance);
}

function elementSize(target: Type): number {
  const { kind } = plainType(target);
  if (kind === "void" || kind === "function") return 1;
  const size = sizeOf(target);
  if (size === undefined) throw new NeedsStop();
  return size || 1;
}

const widened = (code: GuestCode, wasm: AddressType): GuestCode =>
  wasm === "i64" ? code : apply("i64.extend_i32_u", code);

function inWasm(type: Type, code: GuestCode): StaticValue {
  const shape = shapeOf(type);
  if (!shape) throw new NeedsStop();
  return asValue({ type, shape, code });
}
