import type { TrapKind } from "../../src/target/target.ts";

/** V8's messages for traps, Node 20 to 26, by a part that is in all of them. Checked in this order. */
const messages: readonly (readonly [part: string, kind: TrapKind])[] = [
  ["unreachable", "unreachable"],
  ["memory access out of bounds", "memory-out-of-bounds"],
  ["divide by zero", "integer-divide-by-zero"],
  ["remainder by zero", "integer-divide-by-zero"],
  ["divide result unrepresentable", "integer-overflow"],
  ["float unrepresentable in integer range", "invalid-conversion-to-integer"],
  ["null function or function signature mismatch", "indirect-call-type-mismatch"],
  ["function signature mismatch", "indirect-call-type-mismatch"],
  ["table index is out of bounds", "table-out-of-bounds"],
  ["table access out of bounds", "table-out-of-bounds"],
  ["table or element segment", "table-out-of-bounds"],
  ["element segment out of bounds", "table-out-of-bounds"],
  ["data segment", "memory-out-of-bounds"],
  ["array element access out of bounds", "other"],
  ["unaligned", "unaligned-atomic"],
  ["illegal cast", "cast-failure"],
  ["dereferencing a null pointer", "null-reference"],
  ["Maximum call stack", "stack-overflow"],
  ["allocation", "out-of-memory"],
];

/** The kind of trap that V8 describes with `message`. */
export function trapKindOf(message: string): TrapKind {
  return messages.find(([part]) => message.includes(part))?.[1] ?? "other";
}
