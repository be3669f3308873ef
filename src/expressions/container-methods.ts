import { type PointerType, plainType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { View } from "../symbols/views/view.ts";
import { inType, truthValue } from "./arithmetic.ts";
import { findSize } from "./containers.ts";
import { addressOf, containerIn, dereferenced, elementOf, referred } from "./places.ts";
import { askPart, askView, type Evaluation, type StaticNames } from "./requests.ts";
import { sizeType } from "./resolve-type.ts";

/** What containers are asked by, in the languages there are. */
type Question =
  | "count"
  | "emptiness"
  | "first"
  | "last"
  | "element"
  | "data"
  | "held"
  | "holds"
  | "holds-not";

const questions: ReadonlyMap<string, readonly [question: Question, argumentCount: number]> = new Map([
  ["size", ["count", 0]],
  ["len", ["count", 0]],
  ["length", ["count", 0]],
  ["empty", ["emptiness", 0]],
  ["is_empty", ["emptiness", 0]],
  ["front", ["first", 0]],
  ["first", ["first", 0]],
  ["top", ["last", 0]],
  ["back", ["last", 0]],
  ["last", ["last", 0]],
  ["at", ["element", 1]],
  ["get", ["element", 1]],
  ["data", ["data", 0]],
  ["c_str", ["data", 0]],
  ["as_ptr", ["data", 0]],
  ["value", ["held", 0]],
  ["unwrap", ["held", 0]],
  ["has_value", ["holds", 0]],
  ["is_some", ["holds", 0]],
  ["is_none", ["holds-not", 0]],
] as const);

/** One argument of a call that is to be made. */
export interface AskedArgument {
  readonly column: number;
  /** Evaluates it. */
  readonly value: () => Evaluation<Value>;
}

/**
 * What a container says of itself: `v.size()`, `m.at(key)`, `s.c_str()`. Nothing is called.
 * `undefined` for what is no container, or a question that none knows.
 */
export function* containerAnswer(
  given: Value,
  callee: { readonly name: string; readonly column: number },
  args: readonly AskedArgument[],
  names: StaticNames,
): Evaluation<Value | undefined> {
  const { column, name } = callee;
  if (args.length === 0) {
    const contents = yield* cellContents(given, name, column);
    if (contents) return name === "get" ? contents : referenceTo(contents, names, column);
  }
  const known = questions.get(name);
  const isPointerOf = name === "get" && args.length === 0;
  if (!isPointerOf && known?.[1] !== args.length) return undefined;
  const object = yield* referred(given, column);
  const isPointer = plainType(object.type).kind === "pointer";
  const pointed = isPointer ? yield* referred(yield* dereferenced(object, column), column) : object;
  const { types } = names;
  if (isPointerOf) {
    const target = (yield* askView(pointed))?.target;
    return target && addressOf(target, types, column);
  }
  const [question] = known ?? ["count"];
  if (question === "held" || question === "holds" || question === "holds-not") {
    return yield* heldIn(pointed, question, names, column);
  }
  const size = yield* findSize(pointed);
  if (size === undefined) return undefined;
  if (question === "count") return inType(sizeType(names), { kind: "integer", value: size }, column);
  if (question === "emptiness") return truthValue(size === 0n, types);
  const container = yield* containerIn(pointed, column);
  const at = function* (index: bigint): Evaluation<Value> {
    if (size === 0n) throw new ExpressionError("there are no elements", column);
    const position = inType(types.longLong, { kind: "integer", value: index }, column);
    return yield* elementOf(container, position, types, column);
  };
  // What is found by its key has no first.
  const isKeyed = (question === "first" || question === "last") && size > 0n && (yield* hasKeys(container));
  if (isKeyed) return undefined;
  switch (question) {
    case "first":
      return yield* at(0n);
    case "last":
      return yield* at(size - 1n);
    case "data":
      return addressOf(yield* at(0n), types, column);
    default: {
      const [index] = args;
      return index && (yield* elementOf(container, yield* index.value(), types, column));
    }
  }
}

/** By the methods of Rust's cells that give what is in one: the cell's type. */
const cellMethods: ReadonlyMap<string, RegExp> = new Map([
  ["borrow", /^core::cell::RefCell</],
  ["borrow_mut", /^core::cell::RefCell</],
  ["get", /^core::cell::Cell</],
]);

/** What is in a cell, or in the cell that a value leads to: no borrow is taken. */
function* cellContents(given: Value, method: string, column: number): Evaluation<Value | undefined> {
  const cell = cellMethods.get(method);
  if (!cell) return undefined;
  let at: Value | undefined = given;
  for (let steps = 0; at && steps < maxSteps; steps++) {
    at = yield* referred(at, column);
    const type = plainType(at.type);
    if (type.kind !== "record") return undefined;
    const view: View | undefined = yield* askView(at);
    const next: Value | undefined = view?.shape.kind === "same" ? view.shape.value : view?.target;
    if (cell.test(type.name ?? "")) return next;
    at = next;
  }
  return undefined;
}

/** `&value` of Rust, as the guard of a borrow is used. */
function referenceTo(value: Value, { types }: StaticNames, column: number): Value {
  const { type, place } = addressOf(value, types, column);
  const name = `&${typeName(value.type)}`;
  return { type: { ...(plainType(type) as PointerType), sigil: "&", name }, place };
}

/** Values looked through one after another. */
const maxSteps = 16;

function* hasKeys(container: Value): Evaluation<boolean> {
  const shape = (yield* askView(container))?.shape;
  if (shape?.kind !== "parts" || shape.parts.kind !== "indexed") return false;
  return (yield* askPart(shape.parts, 0))?.kind === "entry";
}

/** What is in Rust's `Some` or `Ok`. */
function* heldByVariant({ shape }: View): Evaluation<Value | undefined> {
  if (shape.kind !== "parts" || !/^(?:Some|Ok)\(/.test(shape.open)) return undefined;
  return (yield* askPart(shape.parts, 0))?.value;
}

/** What an optional value holds. */
function* heldIn(
  value: Value,
  question: "held" | "holds" | "holds-not",
  names: StaticNames,
  column: number,
): Evaluation<Value | undefined> {
  const type = plainType(value.type);
  const isOptional = type.kind === "record" && /\b(?:optional|expected|Option|Result)</.test(type.name ?? "");
  if (!isOptional) return undefined;
  const view = yield* askView(value);
  const target = view?.target ?? (view && (yield* heldByVariant(view)));
  if (question !== "held") return truthValue((target !== undefined) === (question === "holds"), names.types);
  if (!target) throw new ExpressionError("there is no value in it", column);
  return target;
}
