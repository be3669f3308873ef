import type { CallArgument } from "../symbols/calls/callable.ts";
import { type FunctionType, plainType } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { recordFields } from "../symbols/values/fields.ts";
import { readInteger } from "../symbols/values/number.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Node } from "./ast.ts";
import { argumentFor, furtherArgument } from "./call-arguments.ts";
import { type Argument, chosenCall, methodsOf, partOf, withResult } from "./chosen-call.ts";
import { type AskedArgument, containerAnswer } from "./container-methods.ts";
import { ownOperator, pointedBy } from "./own-operators.ts";
import { type AskedMember, dereferenced, memberOf, referred, withoutReference } from "./places.ts";
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
    if (value) return yield* valueCall(yield* withoutReference(value, column), call, names);
    const own = yield* methodOfThis(callee, call, names);
    if (own) return own;
    const functions = names.functionsNamed(name).filter(({ isMethod }) => !isMethod);
    if (functions.length > 0) {
      return yield* chosenCall(functions, undefined, yield* argumentsOf(call), names, column);
    }
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
  return yield* valueCall(called, call, names);
}

function* argumentsOf({ args }: AskedCall): Evaluation<readonly Argument[]> {
  const given: Argument[] = [];
  for (const { value, column } of args) given.push({ value: yield* value(), column });
  return given;
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
  if (callee.operator === "->") object = (yield* pointedBy(object, names, column)) ?? object;
  if (plainType(object.type).kind === "pointer")
    object = yield* referred(yield* dereferenced(object, column), column);
  else if (callee.operator === "->") object = yield* dereferenced(object, column);
  for (let steps = 0; steps < maxSteps; steps++) {
    const plain = plainType(object.type);
    if (plain.kind !== "record") break;
    if (recordFields(plain).some(({ name }) => name === callee.name)) {
      const member = yield* memberOf(object, { ...callee, operator: "." });
      return yield* valueCall(member, call, names);
    }
    const view = yield* askView(object);
    const dynamic = view?.dynamicType && plainType(view.dynamicType);
    const methods =
      (dynamic?.kind === "record" ? methodsOf(dynamic, callee.name, names) : undefined) ??
      methodsOf(plain, callee.name, names);
    if (methods) {
      const part = yield* partOf(object, methods.path, column);
      return yield* chosenCall(methods.functions, part, yield* argumentsOf(call), names, call.column);
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

/** Calls an object of a class that says what that means, as lambdas do, or what a pointer to a function points to. */
function* valueCall(value: Value, call: AskedCall, names: StaticNames): Evaluation<Value> {
  const { column } = call;
  const object = yield* referred(value, column);
  if (plainType(object.type).kind !== "record") return yield* pointerCall(value, call, names);
  const args = yield* argumentsOf(call);
  const result = yield* ownOperator("()", { value: object, column }, args, names, column);
  if (result) return result;
  throw new ExpressionError(`a ${typeName(value.type)} cannot be called`, column);
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
