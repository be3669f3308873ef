import type { Unavailable } from "../base/unavailable.ts";
import type { CallArgument, CallTarget } from "../symbols/calls/callable.ts";
import type { FrameNames } from "../symbols/frame-names.ts";
import type { Field } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Part, Parts, View } from "../symbols/views/view.ts";
import type { Node } from "./ast.ts";

/** What the machine knows of a frame without asking. */
export type StaticNames = Pick<
  FrameNames,
  "types" | "language" | "findType" | "describeName" | "suggestName" | "functionsNamed" | "methodsOf"
>;

/** What an expression's machine asks of a frame. It is resumed with the answer of the same kind. */
export type EvaluationRequest =
  | { readonly kind: "find"; readonly name: string; readonly from: "frame" | "globals" }
  | {
      readonly kind: "slot";
      readonly slot: "local" | "global";
      readonly index: number | "stack-pointer";
    }
  | { readonly kind: "returned" }
  | { readonly kind: "field"; readonly record: Value; readonly field: Field }
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "view"; readonly value: Value }
  | { readonly kind: "part"; readonly parts: Parts; readonly index: number }
  | { readonly kind: "entry"; readonly parts: Parts; readonly key: Value }
  | { readonly kind: "string"; readonly value: Value }
  | { readonly kind: "memory-size"; readonly index: number }
  | { readonly kind: "memory"; readonly index: number; readonly address: bigint; readonly length: number }
  | { readonly kind: "function-in-table"; readonly index: bigint }
  /** Changes the guest: refused where an expression may not. */
  | { readonly kind: "write"; readonly value: Value; readonly bytes: Uint8Array; readonly column: number }
  | {
      readonly kind: "call";
      readonly target: CallTarget;
      readonly args: readonly CallArgument[];
      readonly column: number;
    };

/** What a request is answered with. */
export type EvaluationAnswer =
  /** For `find`, `slot`, `returned`, `field`, `entry`, `write` and `call`; `undefined` where there is no such thing. */
  | { readonly kind: "value"; readonly value: Value | undefined }
  /** For `read` and `memory`. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array | Unavailable }
  /** For `view`; `undefined` for what is shown by its fields. */
  | { readonly kind: "view"; readonly view: View | undefined }
  /** For `part`; `undefined` past the last. */
  | { readonly kind: "part"; readonly part: Part | undefined }
  /** For `string`; `undefined` for what is none. */
  | { readonly kind: "string"; readonly text: Uint8Array | undefined }
  /** For `memory-size`; `undefined` where there is no such memory. */
  | { readonly kind: "size"; readonly size: bigint | undefined }
  /** For `function-in-table`. */
  | { readonly kind: "function"; readonly target: Omit<CallTarget, "result"> | undefined };

/** A part of an evaluation that may ask on its way to a result. */
export type Evaluation<T> = Generator<EvaluationRequest, T, EvaluationAnswer>;

/** The value of a part of the expression at hand. @throws {ExpressionError} */
export type EvaluatePart = (part: Node) => Evaluation<Value>;

/** Asks for a value. */
export function* askValue(
  request: Extract<
    EvaluationRequest,
    { kind: "find" | "slot" | "returned" | "field" | "entry" | "write" | "call" }
  >,
): Evaluation<Value | undefined> {
  return answerOf("value", yield request).value;
}

/** Asks for a value's bytes. @throws {ExpressionError} at `column` when they cannot be had. */
export function* askBytes(value: Value, column: number): Evaluation<Uint8Array> {
  if (value.place.kind === "unavailable") throw new ExpressionError(value.place.reason, column);
  return available(answerOf("bytes", yield { kind: "read", value }).bytes, column);
}

/** Asks for bytes of any memory. @throws {ExpressionError} at `column` when they cannot be had. */
export function* askMemory(
  index: number,
  address: bigint,
  length: number,
  column: number,
): Evaluation<Uint8Array> {
  return available(answerOf("bytes", yield { kind: "memory", index, address, length }).bytes, column);
}

/** Asks for the size of a memory in bytes; `undefined` where there is none of that index. */
export function* askMemorySize(index: number): Evaluation<bigint | undefined> {
  return answerOf("size", yield { kind: "memory-size", index }).size;
}

/** Asks how a value is shown. */
export function* askView(value: Value): Evaluation<View | undefined> {
  return answerOf("view", yield { kind: "view", value }).view;
}

/** Asks for a part of what is shown. */
export function* askPart(parts: Parts, index: number): Evaluation<Part | undefined> {
  return answerOf("part", yield { kind: "part", parts, index }).part;
}

/** Asks for the text of a string. */
export function* askString(value: Value): Evaluation<Uint8Array | undefined> {
  return answerOf("string", yield { kind: "string", value }).text;
}

/** Asks for the function in a slot of table 0. */
export function* askFunction(index: bigint): Evaluation<Omit<CallTarget, "result"> | undefined> {
  return answerOf("function", yield { kind: "function-in-table", index }).target;
}

/** The answer, which whoever resumes the machine owes to be of this kind. */
function answerOf<K extends EvaluationAnswer["kind"]>(
  kind: K,
  answer: EvaluationAnswer,
): Extract<EvaluationAnswer, { readonly kind: K }> {
  if (answer.kind !== kind) throw new Error(`the answer is a ${answer.kind} and not a ${kind}`);
  return answer as Extract<EvaluationAnswer, { readonly kind: K }>;
}

function available(bytes: Uint8Array | Unavailable, column: number): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new ExpressionError(bytes.reason, column);
}
