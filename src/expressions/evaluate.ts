import { TargetError } from "../base/errors.ts";
import type { FrameNames } from "../symbols/frame-names.ts";
import type { Evaluated, EvaluateOptions } from "../symbols/symbols-parts.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { FormatSuffix } from "./format-suffix.ts";
import { evaluateNode } from "./machine.ts";
import { parseWithSuffix } from "./parser.ts";
import type { Evaluation, EvaluationAnswer, EvaluationRequest } from "./requests.ts";
import { countedElements, textOfBytes } from "./shown-as.ts";

/**
 * The value of an expression such as `p->next->name[3]` in a frame, by the rules of the frame's language.
 *
 * Nothing in the guest is run or changed, unless `options` allow it. Rejects with `ExpressionError` for text that is no
 * expression or has no meaning here, and as the target does. This is the `evaluate` that symbols are made with.
 */
export async function evaluate(
  names: FrameNames,
  text: string,
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  const {
    node,
    suffix,
    text: expression,
  } = parseWithSuffix(
    text,
    (name) => names.isTypeName(name),
    names.language,
    (name) => names.isVariable(name),
  );
  const value = await answered(names, options, evaluateNode(node, names));
  if (!suffix) return { value, expression };
  const { format, isRaw } = suffix;
  // Of a number there are no elements: `a, 2` is C's comma operator.
  const isComma = suffix.count !== undefined && !format && !suffix.isText && !isCountable(value);
  if (isComma) return evaluate(names, `(${text})`, options);
  const shown = await answered(names, options, shownAs(value, suffix, names));
  return {
    value: isRaw ? { ...shown, isRaw } : shown,
    // What is shown otherwise than by itself has parts that the expression does not lead to.
    ...(shown === value && { expression }),
    ...(format && { format }),
  };
}

function isCountable({ type }: Value): boolean {
  const { kind } = plainType(type);
  return kind === "pointer" || kind === "array" || kind === "record";
}

function* shownAs(
  value: Value,
  { count, isText, column }: FormatSuffix,
  names: FrameNames,
): Evaluation<Value> {
  const counted = count === undefined ? value : yield* countedElements(value, count, names.types, column);
  return isText ? yield* textOfBytes(counted, names.types, column) : counted;
}

async function answered<T>(names: FrameNames, options: EvaluateOptions, machine: Evaluation<T>): Promise<T> {
  let step = machine.next();
  while (!step.done) {
    step = machine.next(await answer(names, options, step.value));
    options.signal?.throwIfAborted();
  }
  return step.value;
}

async function answer(
  names: FrameNames,
  options: EvaluateOptions,
  request: EvaluationRequest,
): Promise<EvaluationAnswer> {
  switch (request.kind) {
    case "find":
      return { kind: "value", value: await names.findValue(request.name, request.from) };
    case "slot":
      return { kind: "value", value: await names.rawValue(request.slot, request.index) };
    case "returned":
      return { kind: "value", value: await names.returnedValue() };
    case "field":
      return { kind: "value", value: await names.fieldOf(request.record, request.field) };
    case "read":
      return { kind: "bytes", bytes: await names.read(request.value) };
    case "view":
      return { kind: "view", view: await names.viewOf(request.value) };
    case "part":
      return { kind: "part", part: await request.parts.at(request.index) };
    case "entry":
      return { kind: "value", value: await names.entryOf(request.parts, request.key) };
    case "string":
      return { kind: "string", text: await names.stringOf(request.value) };
    case "memory-size":
      return { kind: "size", size: await names.memorySize(request.index) };
    case "memory":
      return { kind: "bytes", bytes: await names.readMemory(request.index, request.address, request.length) };
    case "function-in-table":
      return { kind: "function", target: await names.functionInTable(request.index) };
    case "write":
    case "call":
      return { kind: "value", value: await effectOf(names, options, request) };
  }
}

async function effectOf(
  names: FrameNames,
  { onEffect }: EvaluateOptions,
  request: Extract<EvaluationRequest, { kind: "write" | "call" }>,
): Promise<Value> {
  const { column } = request;
  if (!onEffect) throw new ExpressionError(refusals[request.kind], column);
  try {
    if (request.kind === "call") return await names.call(request.target, request.args, column);
    return await names.write(request.value, request.bytes);
  } catch (error) {
    if (error instanceof TargetError && error.code === "unsupported")
      throw new ExpressionError(error.message, column);
    throw error;
  } finally {
    onEffect();
  }
}

const refusals = {
  call: "functions of the program are called only from the debug console, not here",
  write: "this would change the program, which is done only from the debug console, not here",
};
