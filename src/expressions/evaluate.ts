import type { FrameNames } from "../symbols/frame-names.ts";
import type { Value } from "../symbols/values/value.ts";
import { evaluateNode } from "./machine.ts";
import { parseExpression } from "./parser.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./requests.ts";

/**
 * The value of an expression such as `p->next->name[3]` in a frame, by C's rules.
 *
 * Nothing in the guest is run or changed. Rejects with `ExpressionError` for text that is no expression or
 * has no meaning here, and as the target does. This is the `evaluate` that symbols are made with.
 */
export async function evaluate(names: FrameNames, text: string): Promise<Value> {
  const node = parseExpression(text, (name) => names.isTypeName(name));
  const machine = evaluateNode(node, names);
  let step = machine.next();
  while (!step.done) step = machine.next(await answer(names, step.value));
  return step.value;
}

async function answer(names: FrameNames, request: EvaluationRequest): Promise<EvaluationAnswer> {
  switch (request.kind) {
    case "find":
      return { kind: "value", value: await names.findValue(request.name, request.from) };
    case "slot":
      return { kind: "value", value: await names.rawValue(request.slot, request.index) };
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
  }
}
