import type { CallArgument, GuestFunction } from "../symbols/calls/callable.ts";
import { type FunctionType, plainType, type RecordType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { type Field, recordFields } from "../symbols/values/fields.ts";
import { readInteger } from "../symbols/values/number.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Node } from "./ast.ts";
import { argumentFor, furtherArgument } from "./call-arguments.ts";
import { type AskedArgument, containerAnswer } from "./container-methods.ts";
import { fitting } from "./overloads.ts";
import { type AskedMember, addressOf, dereferenced, memberOf, referred, withoutReference } from "./places.ts";
import {
  askBytes,
  askFunction,
  askValue,
  askView,
  type EvaluatePart,
  type Evaluation,
  type StaticNames,
} from "./requests.ts";

/** A call to be made: its arguments are evaluated once it is known whose they are. */
interface AskedCall {
  readonly args: readonly AskedArgument[];
  readonly column: number;
}

/** `f(x)`, `object.f(x)`, `pointer(x)`: what containers know by themselves, else a call of the guest. */
export function* evaluateCall(
  node: Extract<Node, { kind: "call" }>,
  names: StaticNames,
  evaluate: EvaluatePart,
): Evaluation<Value> {
  const { callee, column } = node;
  const args = node.args.map((arg) => ({ column: arg.column, value: () => evaluate(arg) }));
  const call: AskedCall = { args, column };
  if (callee.kind === "member") return yield* methodCall(yield* evaluate(callee.object), callee, call, names);
  if (callee.kind === "name") {
    const { name } = callee;
    const value = yield* askValue({ kind: "find", name, from: callee.from });
    if (value) return yield* pointerCall(yield* withoutReference(value, column), call, names);
    const own = yield* methodOfThis(callee, call, names);
    if (own) return own;
    const functions = names.functionsNamed(name).filter(({ isMethod }) => !isMethod);
    if (functions.length > 0) return yield* chosenCall(functions, undefined, call, names);
    if (names.describeName(name) === "function") {
      throw new ExpressionError(
        `\`${name}\` has no code of its own: it was inlined wherever it is called, or left out because nothing calls it`,
        callee.column,
      );
    }
    const likely = names.suggestName(name);
    // Debug info seldom has macros, and those are called like functions.
    const isMacro = names.language === "c" && likely === undefined && /^[A-Z]/.test(name);
    const hint = isMacro ? "; of a macro, write what it stands for" : "";
    throw new ExpressionError(
      `there is no function \`${name}\` here${likely === undefined ? hint : `; did you mean \`${likely}\`?`}`,
      callee.column,
    );
  }
  // `*f` is the function that `f` points to, and called like it.
  const isDereferenced = callee.kind === "unary" && callee.operator === "*";
  const called = yield* evaluate(isDereferenced ? callee.operand : callee);
  return yield* pointerCall(called, call, names);
}

/** In a method of C++, methods of its object are called by their names alone. */
function* methodOfThis(
  callee: Extract<Node, { kind: "name" }>,
  call: AskedCall,
  names: StaticNames,
): Evaluation<Value | undefined> {
  if (names.language === "rust" || callee.from === "globals") return undefined;
  const self = yield* askValue({ kind: "find", name: "this", from: "frame" });
  const type = self && plainType(self.type);
  const record = type?.kind === "pointer" ? plainType(type.target) : undefined;
  if (!self || record?.kind !== "record" || !methodsOf(record, callee.name, names)) return undefined;
  return yield* methodCall(self, { ...callee, operator: "->" }, call, names);
}

/** `object.name(…)`: a container's own knowledge, a method of its class or its bases, a field that points to a function. */
function* methodCall(
  given: Value,
  callee: AskedMember,
  call: AskedCall,
  names: StaticNames,
): Evaluation<Value> {
  const { column } = callee;
  const known = yield* containerAnswer(given, callee, call.args, names);
  if (known) return known;
  let object = yield* referred(given, column);
  if (plainType(object.type).kind === "pointer")
    object = yield* referred(yield* dereferenced(object, column), column);
  else if (callee.operator === "->") object = yield* dereferenced(object, column);
  for (let steps = 0; steps < maxSteps; steps++) {
    const plain = plainType(object.type);
    if (plain.kind !== "record") break;
    if (recordFields(plain).some(({ name }) => name === callee.name)) {
      const member = yield* memberOf(object, { ...callee, operator: "." });
      return yield* pointerCall(member, call, names);
    }
    const view = yield* askView(object);
    const dynamic = view?.dynamicType && plainType(view.dynamicType);
    const methods =
      (dynamic?.kind === "record" ? methodsOf(dynamic, callee.name, names) : undefined) ??
      methodsOf(plain, callee.name, names);
    if (methods) {
      const part = yield* partOf(object, methods.path, column);
      return yield* chosenCall(methods.functions, part, call, names);
    }
    const next = view?.shape.kind === "same" ? view.shape.value : view?.target;
    if (!next) break;
    object = yield* referred(next, column);
  }
  throw new ExpressionError(
    `${typeName(given.type)} has no method \`${callee.name}\` that could be called`,
    column,
  );
}

const maxSteps = 16;

/** Methods of one name, and the way from the object to the base class that has them. */
interface Methods {
  readonly functions: readonly GuestFunction[];
  readonly path: readonly Field[];
}

/** Methods of a class, else of the first of its base classes that has any. */
function methodsOf(record: RecordType, name: string, names: StaticNames, depth = 0): Methods | undefined {
  if (record.name === undefined || depth > maxSteps) return undefined;
  const path = record.language === "d" ? record.name.replaceAll(".", "::") : record.name;
  const functions = names.functionsNamed(`${path}::${name}`).filter(({ isMethod }) => isMethod);
  if (functions.length > 0) return { functions, path: [] };
  for (const field of recordFields(record)) {
    const base = field.kind === "base" ? plainType(field.type) : undefined;
    const found = base?.kind === "record" ? methodsOf(base, name, names, depth + 1) : undefined;
    if (found) return { functions: found.functions, path: [field, ...found.path] };
  }
  return undefined;
}

function* partOf(object: Value, path: readonly Field[], column: number): Evaluation<Value> {
  let part = object;
  for (const field of path) {
    const value = yield* askValue({ kind: "field", record: part, field });
    if (!value) throw new ExpressionError("its base class cannot be found", column);
    part = value;
  }
  return part;
}

/** Calls the one of several functions that takes what is given. */
function* chosenCall(
  functions: readonly GuestFunction[],
  object: Value | undefined,
  call: AskedCall,
  names: StaticNames,
): Evaluation<Value> {
  const { column } = call;
  const given: Value[] = object ? [object] : [];
  for (const arg of call.args) given.push(yield* arg.value());
  const chosen = fitting(functions, given, object !== undefined, column);
  const args: CallArgument[] = [];
  const further: CallArgument[] = [];
  for (const [index, value] of given.entries()) {
    const isObject = index === 0 && object !== undefined;
    const at = isObject ? column : (call.args[index - (object ? 1 : 0)] as AskedArgument).column;
    const type = chosen.parameters[index];
    if (!type) {
      further.push(yield* furtherArgument(value, names, at));
      continue;
    }
    if (isObject && plainType(type).kind === "pointer" && value.place.kind === "value") {
      args.push({ kind: "pointer-to" as const, bytes: yield* askBytes(value, at) });
    } else if (isObject && plainType(type).kind === "pointer") {
      const address = addressOf(value, names.types, at);
      args.push({ kind: "scalar" as const, type: address.type, bytes: yield* askBytes(address, at) });
    } else args.push(yield* argumentFor(value, type, names, at));
  }
  if (chosen.isVariadic) args.push({ kind: "rest", parts: further });
  const target = { index: chosen.index, name: chosen.name, result: chosen.result };
  return yield* withResult(yield* askValue({ kind: "call", target, args, column }), column);
}

/** Calls what a pointer to a function points to, which is a number in a table. */
function* pointerCall(value: Value, call: AskedCall, names: StaticNames): Evaluation<Value> {
  const { column } = call;
  const plain = plainType(value.type);
  const type = plain.kind === "pointer" ? plainType(plain.target) : plain;
  if (plain.kind !== "pointer" || type.kind !== "function") {
    throw new ExpressionError(`a ${typeName(value.type)} cannot be called`, column);
  }
  const index = readInteger(yield* askBytes(value, column), "unsigned");
  const found = index === 0n ? undefined : yield* askFunction(index);
  if (!found) {
    throw new ExpressionError(
      index === 0n ? "null pointer" : `there is no function in slot ${index} of the table`,
      column,
    );
  }
  const args: CallArgument[] = [];
  const further: CallArgument[] = [];
  checkCount(type, call.args.length, found.name, column);
  for (const [index, arg] of call.args.entries()) {
    const given = yield* arg.value();
    const parameter = type.parameters[index];
    if (parameter) args.push(yield* argumentFor(given, parameter, names, arg.column));
    else further.push(yield* furtherArgument(given, names, arg.column));
  }
  if (type.isVariadic) args.push({ kind: "rest", parts: further });
  const target = { ...found, result: type.result };
  return yield* withResult(yield* askValue({ kind: "call", target, args, column }), column);
}

function checkCount(type: FunctionType, count: number, name: string, column: number): void {
  const fits = type.isVariadic ? type.parameters.length <= count : type.parameters.length === count;
  if (fits) return;
  const more = type.isVariadic ? " or more" : "";
  throw new ExpressionError(
    `\`${name}\` takes ${type.parameters.length}${more} arguments, not ${count}`,
    column,
  );
}

function* withResult(value: Value | undefined, column: number): Evaluation<Value> {
  if (!value) throw new ExpressionError("this cannot be called", column);
  return yield* withoutReference(value, column);
}
