import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import type { Unavailable } from "../../base/unavailable.ts";
import { type BitRange, type PlainType, plainType, sizeOf, type Type } from "../types/type.ts";
import { copyBits, type MemoryReader, type Place, placeWithin, readPlace } from "./place.ts";

/**
 * A typed value: what it is and where its bytes are, not yet read.
 *
 * `bits` is set for bit-fields and counts from the lowest bit of the place's first byte.
 */
export interface Value {
  readonly type: Type;
  readonly place: Place;
  readonly bits?: BitRange;
  /** What it may be besides what its type says, for the user to judge. */
  readonly remark?: string;
  /** The part of an object that is of a base class: what the object really is has been said of the whole. */
  readonly isBasePart?: true;
  /** Shown as its debug info has it, field by field, whatever there is that could show it better. */
  readonly isRaw?: true;
}

/** A value made of its own bytes, such as the result of a sum. */
export function computedValue(type: Type, bytes: Uint8Array): Value {
  return { type, place: { kind: "value", bytes } };
}

/**
 * The bytes of a value, as many as its type has; those of a bit-field are extended to that size.
 *
 * Rejects only as the target does.
 */
export function readValue(value: Value, memory: MemoryReader): Awaitable<Uint8Array | Unavailable> {
  const plain = plainType(value.type);
  if (plain.kind === "broken") return { kind: "unavailable", reason: plain.reason };
  const size = sizeOf(plain);
  if (size === undefined) return { kind: "unavailable", reason: "its type is incomplete" };
  const { place, bits } = value;
  if (!bits) return readPlace(place, size, memory);
  const firstByte = Math.floor(bits.offset / 8);
  const storage = Math.ceil(((bits.offset % 8) + bits.size) / 8);
  return whenKnown(readPlace(placeWithin(place, firstByte, storage), storage, memory), (bytes) =>
    bytes instanceof Uint8Array ? bitFieldIn(bytes, bits, plain, size) : bytes,
  );
}

/** A bit-field as the bytes of its type, `size` of them: its storage begins in the first of `bytes`. */
function bitFieldIn(
  bytes: Uint8Array,
  { offset, size: bitSize }: BitRange,
  plain: PlainType,
  size: number,
): Uint8Array {
  const field = new Uint8Array(Math.max(size, Math.ceil(bitSize / 8)));
  copyBits(bytes, offset % 8, field, 0, bitSize);
  const isSigned =
    (plain.kind === "base" && plain.encoding.startsWith("signed")) ||
    (plain.kind === "enumeration" && plain.isSigned);
  const sign = ((field[(bitSize - 1) >> 3] as number) >> ((bitSize - 1) & 7)) & 1;
  if (isSigned && sign === 1) {
    for (let bit = bitSize; bit < field.length * 8; bit++)
      field[bit >> 3] = (field[bit >> 3] as number) | (1 << (bit & 7));
  }
  return field.subarray(0, size);
}
