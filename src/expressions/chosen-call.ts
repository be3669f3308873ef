import type { CallArgument, GuestFunction } from "../symbols/calls/callable.ts";
import { plainType, type RecordType } from "../symbols/types/type.ts";
import { type Field, recordFields } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import { argumentFor, furtherArgument } from "./call-arguments.ts";
import { fitting } from "./overloads.ts";
import { addressOf, withoutReference } from "./places.ts";
import { askBytes, askValue, type Evaluation, type StaticNames } from "./requests.ts";

/** What is handed to a function, and where errors about it point. */
export interface Argument {
  readonly value: Value;
  readonly column: number;
}

/** Methods of one name, and the way from the object to the base class that has them. */
export interface Methods {
  readonly functions: readonly GuestFunction[];
  readonly path: readonly Field[];
}

/** Base classes looked through one after another. */
const maxSteps = 16;

/** Methods of a class, else of the first of its base classes that has any. */
export function methodsOf(
  record: RecordType,
  name: string,
  names: StaticNames,
  depth = 0,
): Methods | undefined {
  if (depth > maxSteps) return undefined;
  const functions = names.methodsOf(record, name);
  if (functions.length > 0) return { functions, path: [] };
  for (const field of recordFields(record)) {
    const base = field.kind === "base" ? plainType(field.type) : undefined;
    const found = base?.kind === "record" ? methodsOf(base, name, names, depth + 1) : undefined;
    if (found) return { functions: found.functions, path: [field, ...found.path] };
  }
  return undefined;
}

/** The part of an object that a method of one of its base classes is for. */
export function* partOf(object: Value, path: readonly Field[], column: number): Evaluation<Value> {
  let part = object;
  for (const field of path) {
    const value = yield* askValue({ kind: "field", record: part, field });
    if (!value) throw new ExpressionError("its base class cannot be found", column);
    part = value;
  }
  return part;
}

/**
 * Calls the one of several functions that takes what is given, for `object` where they are methods.
 *
 * @throws {ExpressionError} where none does, or several do as well, and where what is given cannot be handed over.
 */
export function* chosenCall(
  functions: readonly GuestFunction[],
  object: Value | undefined,
  args: readonly Argument[],
  names: StaticNames,
  column: number,
): Evaluation<Value> {
  const given = object ? [{ value: object, column }, ...args] : args;
  const chosen = fitting(
    functions,
    given.map(({ value }) => value),
    object !== undefined,
    column,
  );
  const handed: CallArgument[] = [];
  const further: CallArgument[] = [];
  for (const [index, { value, column: at }] of given.entries()) {
    const type = chosen.parameters[index];
    if (!type) further.push(yield* furtherArgument(value, names, at));
    else if (index === 0 && object && plainType(type).kind === "pointer")
      handed.push(yield* objectArgument(value, names, at));
    else handed.push(yield* argumentFor(value, type, names, at));
  }
  if (chosen.isVariadic) handed.push({ kind: "rest", parts: further });
  const target = { index: chosen.index, name: chosen.name, result: chosen.result };
  return yield* withResult(yield* askValue({ kind: "call", target, args: handed, column }), column);
}

/** The address of the object that a method is for; what has none is put somewhere for the time of the call. */
function* objectArgument(object: Value, names: StaticNames, column: number): Evaluation<CallArgument> {
  if (object.place.kind === "value") return { kind: "pointer-to", bytes: yield* askBytes(object, column) };
  const address = addressOf(object, names.types, column);
  return { kind: "scalar", type: address.type, bytes: yield* askBytes(address, column) };
}

/** What a call has answered, without the reference that it may be. */
export function* withResult(value: Value | undefined, column: number): Evaluation<Value> {
  if (!value) throw new ExpressionError("this cannot be called", column);
  return yield* withoutReference(value, column);
}
