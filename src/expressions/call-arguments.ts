import type { CallArgument } from "../symbols/calls/call-guest.ts";
import {
  isCharacter,
  type PointerType,
  plainType,
  type RecordType,
  sizeOf,
  type Type,
} from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { fatPointer } from "../symbols/values/fat-pointer.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType } from "./arithmetic.ts";
import { sizeIn, standsFor } from "./containers.ts";
import { cast } from "./operators.ts";
import { addressOf, containerIn, dereferenced, elementOf, referred } from "./places.ts";
import { askBytes, type Evaluation, type StaticNames } from "./requests.ts";

/** What a value is handed over as to a parameter of a type. @throws {ExpressionError} where that cannot be done. */
export function* argumentFor(
  value: Value,
  type: Type,
  names: StaticNames,
  column: number,
): Evaluation<CallArgument> {
  const plain = plainType(type);
  if (plain.kind === "pointer" && plain.sigil !== "*" && plainType(value.type) !== plain) {
    if (isPointerTo(value.type, plain.target))
      return { kind: "scalar", type, bytes: yield* askBytes(value, column) };
    return yield* referenceTo(value, plain, names, column);
  }
  const isOwnText = plainType(value.type).kind === "array" && value.place.kind === "value";
  if (plain.kind === "pointer" && isOwnText) {
    return { kind: "pointer-to", bytes: yield* askBytes(value, column) };
  }
  if (plain.kind === "record") return yield* recordArgument(value, plain, names, column);
  if (plain.kind === "array" || plain.kind === "member-pointer" || plain.kind === "function") {
    throw new ExpressionError(`a parameter of type ${typeName(type)} is not supported`, column);
  }
  const converted = plainType(value.type) === plain ? value : yield* cast(value, type, column);
  return { kind: "scalar", type, bytes: yield* askBytes(converted, column) };
}

function isPointerTo(type: Type, target: Type): boolean {
  const plain = plainType(type);
  return plain.kind === "pointer" && typeName(plainType(plain.target)) === typeName(plainType(target));
}

/** A C++ reference is the address of what it refers to; what has none is put somewhere for the time of the call. */
function* referenceTo(
  value: Value,
  plain: PointerType,
  names: StaticNames,
  column: number,
): Evaluation<CallArgument> {
  const object = yield* referred(value, column);
  const isRecord = plainType(plain.target).kind === "record";
  const isSame = typeName(plainType(object.type)) === typeName(plainType(plain.target));
  if (object.place.kind === "memory" && !object.bits && (isSame || isRecord)) {
    const address = addressOf(object, names.types, column);
    return { kind: "scalar", type: plain, bytes: yield* askBytes(address, column) };
  }
  if (isRecord && !isSame) {
    throw new ExpressionError(`a ${typeName(value.type)} is no ${typeName(plain.target)}`, column);
  }
  const converted = isSame ? object : yield* cast(object, plain.target, column);
  return { kind: "pointer-to", bytes: yield* askBytes(converted, column) };
}

/** All elements of what is a list or a text, or points to one, as Rust refers to them. */
function* sliceFrom(
  value: Value,
  record: RecordType,
  { types }: StaticNames,
  column: number,
): Evaluation<Value> {
  if (typeName(plainType(value.type)) === typeName(record)) return value;
  const isPointer = plainType(value.type).kind === "pointer";
  const container = yield* containerIn(isPointer ? yield* dereferenced(value, column) : value, column);
  const count = yield* sizeIn(container, column);
  const start = inType(types.longLong, { kind: "integer", value: 0n }, column);
  if (count === 0n) return fatPointer(types, "&[T]", types.char, 1n, 0n);
  const { type, place } = yield* elementOf(container, start, types, column);
  if (place.kind !== "memory") throw new ExpressionError("these elements are not in memory", column);
  const data = record.members.find(({ name }) => name === "data_ptr");
  const pointer = data && plainType(data.type);
  if (pointer?.kind !== "pointer" || typeName(plainType(pointer.target)) !== typeName(plainType(type))) {
    throw new ExpressionError(`a ${typeName(value.type)} is no ${typeName(record)}`, column);
  }
  return fatPointer(types, "&[T]", type, place.address, count);
}

/** Records are handed over in too many ways to guess: only strings of Rust, which are an address and a length, and what is one number. */
function* recordArgument(
  value: Value,
  record: RecordType,
  names: StaticNames,
  column: number,
): Evaluation<CallArgument> {
  const plain = plainType(value.type);
  const isText =
    plain.kind === "array" && isCharacter(plainType(plain.element)) && value.place.kind === "value";
  if (record.isRust && /^&(?:mut )?(?:str$|\[)/.test(record.name ?? "")) {
    if (isText) return { kind: "pointer-and-length", bytes: (yield* askBytes(value, column)).slice(0, -1) };
    return { kind: "words", bytes: yield* askBytes(yield* sliceFrom(value, record, names, column), column) };
  }
  const inner = yield* standsFor(value);
  const [field] = record.members;
  const isAlone =
    record.members.length === 1 && field && sizeOf(field.type) === record.sizeBytes && !record.variants;
  const single = isAlone ? plainType(field.type) : undefined;
  if (plain === record && single && (single.kind === "base" || single.kind === "pointer")) {
    return { kind: "scalar", type: single, bytes: yield* askBytes(value, column) };
  }
  throw new ExpressionError(
    `a ${typeName(inner.type)} cannot be handed over by value: call a function that takes a pointer or a reference`,
    column,
  );
}
