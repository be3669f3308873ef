import type { GuestFunction } from "../symbols/calls/callable.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import { truthValue } from "./arithmetic.ts";
import { type Argument, chosenCall, methodsOf, partOf } from "./chosen-call.ts";
import { truth } from "./operators.ts";
import { isPossible } from "./overloads.ts";
import { askView, type Evaluation, type StaticNames } from "./requests.ts";

/**
 * What an operator of C++ gives for objects of classes that say themselves what it means: a method of the first operand,
 * else a function beside its class or where the code stands. It is called in the guest.
 *
 * `undefined` where there is none that could take these operands, and for what has a formatter, which knows the answer
 * without a call.
 */
export function* ownOperator(
  symbol: string,
  first: Argument,
  further: readonly Argument[],
  names: StaticNames,
  column: number,
): Evaluation<Value | undefined> {
  if (names.language === "rust") return undefined;
  const name = `operator${symbol}`;
  const operands = [first, ...further];
  const given = operands.map(({ value }) => value);
  const isObject = yield* isOfOwnClass(first.value);
  const record = plainType(first.value.type);
  const methods = isObject && record.kind === "record" ? methodsOf(record, name, names) : undefined;
  if (methods?.functions.some((method) => isPossible(method, given))) {
    const part = yield* partOf(first.value, methods.path, column);
    return yield* chosenCall(methods.functions, part, further, names, column);
  }
  let isAny = isObject;
  for (const { value } of further) isAny ||= yield* isOfOwnClass(value);
  const functions = isAny ? functionsBeside(given, name, names) : [];
  const possible = functions.filter((candidate) => isPossible(candidate, given));
  if (possible.length > 0) return yield* chosenCall(possible, undefined, operands, names, column);
  if (symbol !== "!=") return undefined;
  const equal = yield* ownOperator("==", first, further, names, column);
  return equal && truthValue(!(yield* truth(equal, column)), names.types);
}

/** As `ownOperator`, of operands that errors about them need not tell apart. */
export function* operatorOf(
  symbol: string,
  operands: readonly Value[],
  column: number,
  names: StaticNames,
): Evaluation<Value | undefined> {
  if (!operands.some(isObject)) return undefined;
  const [first, ...further] = operands.map((value) => ({ value, column }));
  return first && (yield* ownOperator(symbol, first, further, names, column));
}

/** What `->` of an object's own class leads to: a pointer, or an object with a `->` of its own. */
export function* pointedBy(object: Value, names: StaticNames, column: number): Evaluation<Value | undefined> {
  let pointer: Value | undefined;
  for (let at: Value | undefined = object, steps = 0; at && isObject(at) && steps < maxArrows; steps++) {
    at = yield* operatorOf("->", [at], column, names);
    pointer = at ?? pointer;
  }
  return pointer;
}

/** How many objects may stand for each other before a pointer has to come. */
const maxArrows = 16;

const isObject = ({ type }: Value): boolean => plainType(type).kind === "record";

/** Whether a value is an object that is shown by its own fields: one of a class without a formatter. */
function* isOfOwnClass(value: Value): Evaluation<boolean> {
  if (!isObject(value)) return false;
  const view = yield* askView(value);
  return view === undefined || view.dynamicType !== undefined;
}

/** Functions of a name that are no methods: visible ones, and those in the namespaces of the operands' classes. */
function functionsBeside(
  given: readonly Value[],
  name: string,
  names: StaticNames,
): readonly GuestFunction[] {
  const found = new Map<number, GuestFunction>();
  const add = (path: string) => {
    for (const candidate of names.functionsNamed(path))
      if (!candidate.isMethod) found.set(candidate.index, candidate);
  };
  add(name);
  for (const { type } of given) {
    const plain = plainType(type);
    const scope = plain.kind === "record" ? plain.name?.match(/^(.*)::[^:<]+(?:<.*>)?$/s)?.[1] : undefined;
    if (scope) add(`${scope}::${name}`);
  }
  return [...found.values()];
}
