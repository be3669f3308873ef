import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { readScalar } from "../symbols/values/convert.ts";
import { fatPointer } from "../symbols/values/fat-pointer.ts";
import { placeWithin } from "../symbols/values/place.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Parts, View } from "../symbols/views/view.ts";
import { askBytes, askPart, askString, askValue, askView, type Evaluation } from "./requests.ts";

/** Values looked through one after another. */
const maxSteps = 16;

/** What a record merely stands for: the value in an atomic, a cell, an optional. Any other value as it is. */
export function* standsFor(value: Value): Evaluation<Value> {
  let at = value;
  for (let steps = 0; steps < maxSteps; steps++) {
    if (plainType(at.type).kind !== "record") return at;
    const view = yield* askView(at);
    if (view?.shape.kind !== "same") return at;
    at = view.shape.value;
  }
  return at;
}

/** What `*` and `->` find through a record: a smart pointer's object, an iterator's element. */
export function* targetOf(value: Value): Evaluation<Value | undefined> {
  if (plainType(value.type).kind !== "record") return undefined;
  const view = yield* askView(value);
  return view?.target;
}

/** A named part that a view has and the record does not: a field of an enum's variant, a tuple's `0`. */
export function* partNamed(view: View, name: string): Evaluation<Value | undefined> {
  if (view.shape.kind !== "parts" || view.shape.parts.kind !== "named") return undefined;
  const { parts } = view.shape;
  for (let index = 0; index < parts.count; index++) {
    const part = yield* askPart(parts, index);
    if (part?.kind === "field" && part.name === name) return part.value;
  }
  return undefined;
}

/** `container[key]`: an element by its position, or the value that stands beside a key. */
export function* elementIn(container: Value, key: Value, column: number): Evaluation<Value> {
  const view = yield* askView(container);
  const shape = view?.shape;
  const name = typeName(container.type);
  switch (shape?.kind) {
    case "string": {
      const index = yield* positionIn(key, shape.count, column);
      const { sizeBytes } = shape.unit;
      return { type: shape.unit, place: placeWithin(shape.place, index * sizeBytes, sizeBytes) };
    }
    case "parts":
    case "text":
      if (shape.parts?.kind === "indexed") return yield* partIn(shape.parts, key, column);
      break;
    case "damaged":
      throw new ExpressionError(shape.reason, column);
    default:
      break;
  }
  throw new ExpressionError(`a ${name} has no elements`, column);
}

function* partIn(parts: Parts, key: Value, column: number): Evaluation<Value> {
  const first = parts.count > 0 ? yield* askPart(parts, 0) : undefined;
  if (first?.kind === "entry") {
    const value = yield* askValue({ kind: "entry", parts, key });
    if (!value) throw new ExpressionError("there is no such key", column);
    return value;
  }
  const index = yield* positionIn(key, parts.count, column);
  const part = yield* askPart(parts, index);
  if (!part) throw new ExpressionError(`there is no element ${index}`, column);
  return part.value;
}

function* positionIn(key: Value, count: number, column: number): Evaluation<number> {
  const position = readScalar(key.type, yield* askBytes(key, column));
  if (position?.kind !== "integer") throw new ExpressionError("an index must be an integer", column);
  if (position.value < 0n || position.value >= BigInt(count)) {
    throw new ExpressionError(
      `the index ${position.value} lies outside: there are ${count} elements`,
      column,
    );
  }
  return Number(position.value);
}

/** How many elements a container says it has, an array has by its type; `undefined` for what is neither. */
export function* findSize(value: Value): Evaluation<bigint | undefined> {
  let at = value;
  for (let steps = 0; steps < maxSteps; steps++) {
    const plain = plainType(at.type);
    if (plain.kind === "array" && plain.count !== undefined) return BigInt(plain.count);
    const view = plain.kind === "record" ? yield* askView(at) : undefined;
    if (view?.size !== undefined) return view.size;
    const next = view?.shape.kind === "same" ? view.shape.value : view?.target;
    if (!next) break;
    at = next;
  }
  return undefined;
}

/** As `findSize`. @throws {ExpressionError} where there is none. */
export function* sizeIn(value: Value, column: number): Evaluation<bigint> {
  const size = yield* findSize(value);
  if (size === undefined) throw new ExpressionError(`a ${typeName(value.type)} has no size`, column);
  return size;
}

/** `container[start..end]`: those elements, which must lie one after another; in Rust as a slice called `name`. */
export function sliceOf(
  first: Value,
  count: bigint,
  container: { readonly type: Type; readonly name: string },
  types: BuiltinTypes,
  column: number,
): Value {
  const plain = plainType(container.type);
  if (first.place.kind !== "memory") {
    throw new ExpressionError("these elements are not in memory", column);
  }
  if ((plain.kind === "record" || plain.kind === "array") && plain.language === "rust") {
    return fatPointer(types, container.name, first.type, first.place.address, count);
  }
  return {
    type: { kind: "array", element: first.type, count: Number(count), strideBytes: undefined },
    place: first.place,
  };
}

/** The order of two strings; `undefined` where they are not both strings. */
export function* comparedStrings(left: Value, right: Value): Evaluation<number | undefined> {
  const a = yield* askString(left);
  const b = a && (yield* askString(right));
  if (!a || !b) return undefined;
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
