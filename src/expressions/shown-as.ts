import type { BuiltinTypes } from "../symbols/types/builtin-types.ts";
import { plainType, sizeOf, strideOf } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { inType } from "./arithmetic.ts";
import { sizeIn, sliceOf } from "./containers.ts";
import { containerIn, elementOf } from "./places.ts";
import type { Evaluation } from "./requests.ts";

/** `p,10`: that many elements from where a pointer points, or of a list. */
export function* countedElements(
  value: Value,
  count: number,
  types: BuiltinTypes,
  column: number,
): Evaluation<Value> {
  const container = yield* containerIn(value, column);
  const plain = plainType(container.type);
  if (plain.kind === "pointer" && plainType(plain.target).kind === "void") {
    throw new ExpressionError("elements of `void` have no size: cast the pointer first", column);
  }
  // An array of one at the end of a record is how C had as many as it liked, before arrays without a length.
  const isOpen = plain.kind === "array" && (plain.count ?? 0) <= 1 && container.place.kind === "memory";
  const known = plain.kind === "pointer" || isOpen ? undefined : Number(yield* sizeIn(container, column));
  const wanted = known === undefined ? count : Math.min(count, known);
  const at = (index: bigint) => inType(types.longLong, { kind: "integer", value: index }, column);
  if (wanted === 0)
    return {
      type: { kind: "array", element: types.char, count: 0, strideBytes: undefined },
      place: container.place,
    };
  const first = yield* elementOf(container, at(0n), types, column);
  if (known !== undefined) yield* elementOf(container, at(BigInt(wanted - 1)), types, column);
  return sliceOf(
    first,
    BigInt(wanted),
    { type: container.type, name: `&[${typeName(first.type)}]` },
    types,
    column,
  );
}

/** `bytes,s`: what lies there as text, whatever it is said to be. */
export function* textOfBytes(value: Value, types: BuiltinTypes, column: number): Evaluation<Value> {
  const container = yield* containerIn(value, column);
  const plain = plainType(container.type);
  if (plain.kind === "record") return container;
  if (plain.kind === "pointer") {
    const size = sizeOf(plain.target);
    return { ...container, type: types.pointerTo(characterOf(size === 2 || size === 4 ? size : 1, types)) };
  }
  const size = plain.kind === "array" ? strideOf(plain) : undefined;
  if (plain.kind === "array" && (size === 1 || size === 2 || size === 4)) {
    return { ...container, type: { ...plain, element: characterOf(size, types) } };
  }
  throw new ExpressionError(`a ${typeName(value.type)} is no text`, column);
}

function characterOf(size: 1 | 2 | 4, { char }: BuiltinTypes) {
  return size === 1
    ? char
    : ({ kind: "base", name: `char${size * 8}_t`, sizeBytes: size, encoding: "utf" } as const);
}
