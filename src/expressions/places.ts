import { unavailable } from "../base/unavailable.ts";
import { suggestName } from "../symbols/suggest-name.ts";
import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { plainType, type RecordType, sizeOf, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { readScalar } from "../symbols/values/convert.ts";
import { type Field, findField, recordFields } from "../symbols/values/fields.ts";
import { readInteger } from "../symbols/values/number.ts";
import { type Place, placeWithin } from "../symbols/values/place.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { compared, inType, truthValue } from "./arithmetic.ts";
import type { Node, ValueOperator } from "./ast.ts";
import { elementIn, partNamed, targetOf } from "./containers.ts";
import { isRelation } from "./precedence.ts";
import { askBytes, askValue, askView, type Evaluation } from "./requests.ts";

/** An address with the type of what lies there: a pointer, or an array that stands for its first element. */
interface Pointer {
  readonly target: Type;
  readonly address: bigint;
  /** Whether 0 is an address of nothing: an array may begin there, and nobody points to it. */
  readonly isNullable: boolean;
  /** From one element of an array to the next, where that is not an element's size. */
  readonly strideBytes?: number;
}

/** Whether a value is used as an address where one is needed. */
export function isAddressLike({ type }: Value): boolean {
  const { kind } = plainType(type);
  return kind === "pointer" || kind === "array";
}

/**
 * What a C++ reference refers to; any other value as it is.
 *
 * References of Rust, whose types have names, are values of their own: `*` looks through one, and so does
 * whatever has no use for it (`referred`).
 */
export function* withoutReference(value: Value, column: number): Evaluation<Value> {
  const plain = plainType(value.type);
  if (plain.kind !== "pointer" || plain.sigil === "*" || plain.name !== undefined) return value;
  const address = readInteger(yield* askBytes(value, column), "unsigned");
  return { type: plain.target, place: { kind: "memory", address } };
}

/** What references of any language, and of references, refer to; any other value as it is. */
export function* referred(value: Value, column: number): Evaluation<Value> {
  let at = value;
  for (let steps = 0; steps < maxSteps; steps++) {
    const plain = plainType(at.type);
    if (plain.kind !== "pointer" || plain.sigil === "*") return at;
    const address = readInteger(yield* askBytes(at, column), "unsigned");
    at = { type: plain.target, place: { kind: "memory", address } };
  }
  return at;
}

/** Values looked through one after another. */
const maxSteps = 16;

/** What stands behind an object for a part of it. */
export type AskedMember = Pick<Extract<Node, { kind: "member" }>, "name" | "operator" | "column">;

/**
 * `object.name` or `object->name`; `.` looks through a pointer too, since what is meant is plain.
 *
 * A field of the record itself comes first with `.`; what a smart pointer points to, with `->`. Then come
 * parts that its view has, and members of what it stands for or points to.
 */
export function* memberOf(object: Value, { name, operator, column }: AskedMember): Evaluation<Value> {
  let record = object;
  if (isAddressLike(record)) record = yield* dereferenced(record, column);
  else if (operator === "->") {
    const target = yield* targetOf(record);
    if (!target) throw new ExpressionError(`a ${typeName(object.type)} is no pointer: use \`.\``, column);
    record = target;
  }
  for (let steps = 0; steps < maxSteps; steps++) {
    record = yield* referred(record, column);
    const plain = plainType(record.type);
    if (plain.kind !== "record") break;
    const path = pathTo(plain, name);
    if (path && plain.sizeBytes !== undefined) return yield* fieldAt(record, path, name, column);
    const view = yield* askView(record);
    const part = view && (yield* partNamed(view, name));
    if (part) return part;
    const next = view?.shape.kind === "same" ? view.shape.value : view?.target;
    if (!next) break;
    record = next;
  }
  const plain = plainType(record.type);
  if (plain.kind !== "record") throw new ExpressionError(`a ${typeName(record.type)} has no members`, column);
  if (plain.sizeBytes === undefined) {
    throw new ExpressionError(`the members of ${typeName(record.type)} are unknown`, column);
  }
  const likely = suggestName(
    name,
    recordFields(plain).map((field) => field.name),
  );
  throw new ExpressionError(
    `${typeName(record.type)} has no member \`${name}\`${likely === undefined ? "" : `; did you mean \`${likely}\`?`}`,
    column,
  );
}

/** `object.*pointer`, of a pointer to a data member. */
export function* pointedMember(object: Value, pointer: Value, column: number): Evaluation<Value> {
  const plain = plainType(pointer.type);
  if (plain.kind !== "member-pointer" || plainType(plain.target).kind === "function") {
    throw new ExpressionError(`a ${typeName(pointer.type)} is no pointer to a data member`, column);
  }
  const offset = readInteger(yield* askBytes(pointer, column), "signed");
  if (offset < 0n) throw new ExpressionError("it points to no member", column);
  const size = sizeOf(plain.target) ?? 0;
  return yield* withoutReference(
    { type: plain.target, place: placeWithin(object.place, Number(offset), size) },
    column,
  );
}

/** The way to a member of a record; `base::a` is that of the base class, whose name may itself be a path. */
function pathTo(record: RecordType, name: string): readonly Field[] | undefined {
  const direct = findField(record, name);
  const parts = name.split("::");
  for (let length = parts.length - 1; !direct && length > 0; length--) {
    const base = findBase(record, parts.slice(0, length).join("::"));
    const type = base && plainType(base.at(-1)?.type ?? record);
    const path = type?.kind === "record" ? pathTo(type, parts.slice(length).join("::")) : undefined;
    if (base && path) return [...base, ...path];
  }
  return direct;
}

/** The base classes that lead to one of a name, which may be the record itself. */
function findBase(record: RecordType, name: string, depth = 0): readonly Field[] | undefined {
  if (record.name === name || record.name?.endsWith(`::${name}`)) return [];
  if (depth > maxSteps) return undefined;
  for (const field of recordFields(record)) {
    const type = field.kind === "base" ? plainType(field.type) : undefined;
    const rest = type?.kind === "record" ? findBase(type, name, depth + 1) : undefined;
    if (rest) return [field, ...rest];
  }
  return undefined;
}

function* fieldAt(start: Value, path: readonly Field[], name: string, column: number): Evaluation<Value> {
  let record = start;
  for (const field of path) {
    const value = yield* askValue({ kind: "field", record, field });
    if (!value) throw new ExpressionError(`\`${name}\` cannot be found`, column);
    record = value;
  }
  return yield* withoutReference(record, column);
}

/** `object[index]`; as in C, the two may change places. */
export function* elementOf(
  object: Value,
  index: Value,
  types: BuiltinTypes,
  column: number,
): Evaluation<Value> {
  const container = yield* containerIn(object, column);
  if (container !== object) return yield* elementOf(container, index, types, column);
  if (!isAddressLike(object)) {
    if (plainType(object.type).kind === "record") return yield* elementIn(object, index, column);
    if (isAddressLike(index)) return yield* elementOf(index, object, types, column);
    throw new ExpressionError(`a ${typeName(object.type)} has no elements`, column);
  }
  const position = readScalar(index.type, yield* askBytes(index, column));
  if (position?.kind !== "integer" || isAddressLike(index)) {
    throw new ExpressionError("an index must be an integer", column);
  }
  const plain = plainType(object.type);
  if (plain.kind === "array" && object.place.kind !== "memory") {
    return elementOutsideMemory(object.place, plain.element, plain.count, position.value, column);
  }
  const pointer = yield* pointerIn(object, column);
  // An element of nothing is nothing, rather than a small address that happens to be readable.
  if (pointer.isNullable && pointer.address === 0n) return at(pointer);
  return yield* withoutReference(at(moved(pointer, position.value, types, column)), column);
}

/** What is to be indexed: references, and what stands for a container or points to one, looked through. */
export function* containerIn(value: Value, column: number): Evaluation<Value> {
  let at = yield* referred(value, column);
  for (let steps = 0; steps < maxSteps && plainType(at.type).kind === "record"; steps++) {
    const view = yield* askView(at);
    if (view?.shape.kind === "pointer") return view.shape.pointer;
    const isContainer = view?.shape.kind === "string" || view?.size !== undefined;
    const next = view?.shape.kind === "same" ? view.shape.value : isContainer ? undefined : view?.target;
    if (!next) return at;
    at = yield* referred(next, column);
  }
  return at;
}

/** `*value`. */
export function* dereferenced(value: Value, column: number): Evaluation<Value> {
  const target = yield* targetOf(value);
  if (target) return yield* withoutReference(target, column);
  const plain = plainType(value.type);
  if (plain.kind === "array" && value.place.kind !== "memory") {
    return elementOutsideMemory(value.place, plain.element, plain.count, 0n, column);
  }
  if (!isAddressLike(value)) throw new ExpressionError(`a ${typeName(value.type)} is no pointer`, column);
  return yield* withoutReference(at(yield* pointerIn(value, column)), column);
}

/** `&value`. */
export function addressOf({ type, place, bits }: Value, types: BuiltinTypes, column: number): Value {
  if (bits) throw new ExpressionError("a bit-field has no address", column);
  if (place.kind === "unavailable") throw new ExpressionError(place.reason, column);
  if (place.kind !== "memory")
    throw new ExpressionError("this value is not in memory: it has no address", column);
  return inType(types.pointerTo(type), { kind: "integer", value: place.address }, column);
}

/** `+`, `-` and relations where at least one operand is an address. */
export function* pointerCombined(
  operator: ValueOperator,
  left: Value,
  right: Value,
  types: BuiltinTypes,
  column: number,
): Evaluation<Value> {
  if (isAddressLike(left) && isAddressLike(right)) {
    const a = yield* pointerIn(left, column);
    const b = yield* pointerIn(right, column);
    if (operator === "-") {
      const size = BigInt(elementSize(a.target, column));
      return inType(types.long, { kind: "integer", value: (a.address - b.address) / size }, column);
    }
    if (isRelation(operator)) return truthValue(compared(operator, a.address, b.address), types);
    throw new ExpressionError(`\`${operator}\` cannot be applied to two pointers`, column);
  }
  const isLeft = isAddressLike(left);
  const pointer = yield* pointerIn(isLeft ? left : right, column);
  const other = isLeft ? right : left;
  const number = readScalar(other.type, yield* askBytes(other, column));
  if (number?.kind !== "integer") throw new ExpressionError("a pointer and this cannot be combined", column);
  if (isRelation(operator)) {
    const [a, b] = isLeft ? [pointer.address, number.value] : [number.value, pointer.address];
    return truthValue(compared(operator, a, b), types);
  }
  if (operator !== "+" && !(operator === "-" && isLeft)) {
    throw new ExpressionError(`\`${operator}\` cannot be applied to a pointer`, column);
  }
  const { address } = moved(pointer, operator === "-" ? -number.value : number.value, types, column);
  return inType(types.pointerTo(pointer.target), { kind: "integer", value: address }, column);
}

function* pointerIn(value: Value, column: number): Evaluation<Pointer> {
  const plain = plainType(value.type);
  if (plain.kind === "pointer") {
    const address = readInteger(yield* askBytes(value, column), "unsigned");
    return { target: plain.target, address, isNullable: true };
  }
  if (plain.kind !== "array") throw new ExpressionError(`a ${typeName(value.type)} is no pointer`, column);
  if (value.place.kind === "unavailable") throw new ExpressionError(value.place.reason, column);
  if (value.place.kind !== "memory") {
    throw new ExpressionError("this array is not in memory: it has no address", column);
  }
  const { element, strideBytes } = plain;
  return {
    target: element,
    address: value.place.address,
    isNullable: false,
    ...(strideBytes !== undefined && { strideBytes }),
  };
}

/** Address 0 is readable memory in Wasm, but what is read there is never what was meant. */
function at({ target, address, isNullable }: Pointer): Value {
  const isNull = isNullable && address === 0n;
  return { type: target, place: isNull ? unavailable("null pointer") : { kind: "memory", address } };
}

function moved(pointer: Pointer, by: bigint, types: BuiltinTypes, column: number): Pointer {
  const distance = by * BigInt(pointer.strideBytes ?? elementSize(pointer.target, column));
  return { ...pointer, address: wrap(pointer.address + distance, types) };
}

function wrap(address: bigint, types: BuiltinTypes): bigint {
  return BigInt.asUintN(types.unsignedLong.sizeBytes * 8, address);
}

function elementSize(target: Type, column: number): number {
  const { kind } = plainType(target);
  if (kind === "void" || kind === "function") return 1;
  const size = sizeOf(target);
  if (size === undefined) throw new ExpressionError(`the size of ${typeName(target)} is unknown`, column);
  return size || 1;
}

function elementOutsideMemory(
  place: Place,
  element: Type,
  count: number | undefined,
  index: bigint,
  column: number,
): Value {
  if (place.kind === "unavailable") throw new ExpressionError(place.reason, column);
  if (index < 0n || index >= BigInt(count ?? 0)) {
    throw new ExpressionError(`the index ${index} lies outside the array, which is not in memory`, column);
  }
  const size = elementSize(element, column);
  return { type: element, place: placeWithin(place, Number(index) * size, size) };
}
