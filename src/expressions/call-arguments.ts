import { argumentForm, numbersOf, singleNumber } from "../symbols/calls/argument-form.ts";
import type { CallArgument } from "../symbols/calls/callable.ts";
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
import { sizeIn } from "./containers.ts";
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
  return fatPointer(types, `&[${typeName(type)}]`, type, place.address, count);
}

/** A record by value, as the language's convention has it; strings and slices of Rust, which are an address and a length. */
function* recordArgument(
  value: Value,
  record: RecordType,
  names: StaticNames,
  column: number,
): Evaluation<CallArgument> {
  const plain = plainType(value.type);
  const isText =
    plain.kind === "array" && isCharacter(plainType(plain.element)) && value.place.kind === "value";
  if (record.language === "rust" && /^&(?:mut )?(?:str$|\[)/.test(record.name ?? "")) {
    if (isText) return { kind: "pointer-and-length", bytes: (yield* askBytes(value, column)).slice(0, -1) };
    return { kind: "words", bytes: yield* askBytes(yield* sliceFrom(value, record, names, column), column) };
  }
  const given = yield* referred(value, column);
  if (typeName(plainType(given.type)) !== typeName(record))
    throw new ExpressionError(`a ${typeName(value.type)} is no ${typeName(record)}`, column);
  const bytes = yield* askBytes(given, column);
  const single = singleNumber(record);
  if (record.language === "rust")
    return single ? { kind: "scalar", type: single, bytes } : rustRecord(record, bytes, column);
  const form = argumentForm(record);
  switch (form.kind) {
    case "nothing":
      return { kind: "several", parts: [] };
    case "number":
      return { kind: "scalar", type: form.type, bytes };
    case "copy":
      return { kind: "pointer-to", bytes };
    case "own-copy":
      throw new ExpressionError(
        `a ${typeName(record)} cannot be handed over by value, since only its own code can copy it: call a function that takes a pointer or a reference`,
        column,
      );
  }
}

/** Rust hands over two numbers as such, less than an address as one, and more where it is. Source: rustc_ty_utils, on ABIs. */
function rustRecord(record: RecordType, bytes: Uint8Array, column: number): CallArgument {
  const numbers = numbersOf(record);
  if (!numbers) {
    throw new ExpressionError(
      `a ${typeName(record)} cannot be handed over by value, since it would be moved: call a function that takes a reference`,
      column,
    );
  }
  if (numbers.length !== 2) return { kind: "pointer-to", bytes };
  const parts = numbers.map(({ type, at }) => ({
    kind: "scalar" as const,
    type,
    bytes: bytes.subarray(at, at + (sizeOf(type) ?? 0)),
  }));
  return { kind: "several", parts };
}

/** What is handed to a function behind its last parameter: small numbers as the ones they are promoted to. */
export function* furtherArgument(value: Value, names: StaticNames, column: number): Evaluation<CallArgument> {
  const { types } = names;
  const given = yield* referred(value, column);
  const plain = plainType(given.type);
  if (plain.kind === "record" || plain.kind === "pointer" || plain.kind === "enumeration")
    return yield* argumentFor(given, plain, names, column);
  if (plain.kind === "array") return yield* argumentFor(given, types.pointerTo(plain.element), names, column);
  if (plain.kind !== "base")
    throw new ExpressionError(`a ${typeName(given.type)} cannot be handed over`, column);
  const isFloat = plain.encoding === "float";
  const promoted = plain.sizeBytes >= (isFloat ? 8 : 4) ? plain : isFloat ? types.double : types.int;
  return yield* argumentFor(given, promoted, names, column);
}
