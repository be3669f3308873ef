import type { BaseType } from "../symbols/types/type.ts";
import { readScalar } from "../symbols/values/convert.ts";
import { computedValue, type Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { Node } from "./ast.ts";
import { askBytes, askMemory, askMemorySize, type EvaluatePart, type Evaluation } from "./requests.ts";
import { boundsOf } from "./slices.ts";

const byte: BaseType = { kind: "base", name: "u8", sizeBytes: 1, encoding: "unsigned" };

/** Bytes shown at once of a memory that expressions cannot point into. */
const longestCopy = 1 << 16;

/** All of memory 0, as an array of bytes. */
export function* memoryValue({ index, column }: Extract<Node, { kind: "memory" }>): Evaluation<Value> {
  const size = yield* sizeOfMemory(index, column);
  if (index !== 0)
    throw new ExpressionError(`say which bytes: \`$memory${index}[0..16]\`, up to ${size}`, column);
  const type = { kind: "array", element: byte, count: Number(size), strideBytes: undefined } as const;
  return { type, place: { kind: "memory", address: 0n } };
}

/** `$memory1[8]`, `$memory1[8..16]`: copies, since addresses are of memory 0; `undefined` for anything else. */
export function* bytesOfMemory(
  node: Extract<Node, { kind: "index" | "slice" }>,
  evaluate: EvaluatePart,
): Evaluation<Value | undefined> {
  const { object, column } = node;
  if (object.kind !== "memory" || object.index === 0) return undefined;
  const size = yield* sizeOfMemory(object.index, column);
  let range: readonly [start: bigint, end: bigint];
  if (node.kind === "slice") {
    range = yield* boundsOf(node, () => sizeOfMemory(object.index, column), evaluate);
  } else {
    const index = yield* evaluate(node.index);
    const scalar = readScalar(index.type, yield* askBytes(index, column));
    if (scalar?.kind !== "integer") throw new ExpressionError("an index must be an integer", column);
    range = [scalar.value, scalar.value + 1n];
  }
  const [start, end] = range;
  if (start < 0n || end > size) throw new ExpressionError(`memory ${object.index} has ${size} bytes`, column);
  if (end - start > longestCopy)
    throw new ExpressionError(`at most ${longestCopy} bytes of this memory can be shown at once`, column);
  const count = Number(end - start);
  const bytes = yield* askMemory(object.index, start, count, column);
  if (node.kind === "index") return computedValue(byte, bytes);
  return computedValue({ kind: "array", element: byte, count, strideBytes: undefined }, bytes);
}

function* sizeOfMemory(index: number, column: number): Evaluation<bigint> {
  const size = yield* askMemorySize(index);
  if (size === undefined) throw new ExpressionError(`there is no memory ${index}`, column);
  return size;
}
