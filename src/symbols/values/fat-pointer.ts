import type { BuiltinTypes } from "../types/builtin-types.ts";
import type { RecordType, Type } from "../types/type.ts";
import { integerBytes } from "./number.ts";
import { computedValue, type Value } from "./value.ts";

/** A Rust pointer of two words to what does not have its length in itself: `&[T]`, `&str`. */
export function fatPointer(
  types: BuiltinTypes,
  name: string,
  element: Type,
  address: bigint,
  length: bigint,
): Value {
  const width = types.unsignedLong.sizeBytes;
  const field = (label: string, type: Type, bytes: number) => ({
    name: label,
    kind: "field" as const,
    type,
    offset: { kind: "bytes" as const, bytes },
    bits: undefined,
  });
  const type: RecordType = {
    kind: "record",
    form: "struct",
    name,
    keyword: "",
    language: "rust",
    sizeBytes: 2 * width,
    members: [field("data_ptr", types.pointerTo(element), 0), field("length", types.unsignedLong, width)],
  };
  const bytes = new Uint8Array(2 * width);
  bytes.set(integerBytes(address, width));
  bytes.set(integerBytes(length, width), width);
  return computedValue(type, bytes);
}
