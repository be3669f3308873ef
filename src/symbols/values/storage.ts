import type { MemoryAddress } from "../../base/brand.ts";
import { toMemoryAddress } from "../../base/brand.ts";
import { type BitRange, plainType, sizeOf, type Type } from "../types/type.ts";
import type { Value } from "./value.ts";

/** The bytes of memory 0 that hold a value, or a clause saying why none do. */
export type Storage = MemoryStorage | { readonly kind: "none"; readonly reason: string };

export interface MemoryStorage {
  readonly kind: "memory";
  readonly address: MemoryAddress;
  /** Bytes; at least 1. */
  readonly length: number;
  /** Of a bit-field: which bits of these bytes. */
  readonly bits?: BitRange;
  readonly type: Type;
}

/** Where a value is stored. Reads nothing. */
export function storageOf({ type, place, bits }: Value): Storage {
  const none = (reason: string): Storage => ({ kind: "none", reason });
  switch (place.kind) {
    case "unavailable":
      return none(place.reason);
    case "value": {
      const { home } = place;
      if (!home) return none("it is computed, and lies nowhere");
      return none(`it is held in WebAssembly's ${home.kind} ${home.index}, not in memory`);
    }
    case "composite":
      return none("its parts lie in several places");
    case "implicit-pointer":
      return none("it has been optimised out");
    case "memory": {
      const size = sizeOf(plainType(type));
      if (size === undefined) return none("its type is incomplete");
      if (size === 0) return none("it has no size");
      if (!bits) return { kind: "memory", address: toMemoryAddress(place.address), length: size, type };
      const firstByte = Math.floor(bits.offset / 8);
      const offset = bits.offset - firstByte * 8;
      return {
        kind: "memory",
        address: toMemoryAddress(place.address + BigInt(firstByte)),
        length: Math.ceil((offset + bits.size) / 8),
        bits: { offset, size: bits.size },
        type,
      };
    }
  }
}

/** Of a bit-field's storage, the bits that are its own. */
export function maskOf({ length, bits }: MemoryStorage): Uint8Array | undefined {
  if (!bits) return undefined;
  const mask = new Uint8Array(length);
  for (let bit = bits.offset; bit < bits.offset + bits.size; bit++) {
    mask[bit >> 3] = (mask[bit >> 3] as number) | (1 << (bit & 7));
  }
  return mask;
}

/** The value that other bytes would be in that storage. */
export const valueOfBytes = ({ type, bits }: MemoryStorage, bytes: Uint8Array): Value => ({
  type,
  place: { kind: "value", bytes },
  ...(bits ? { bits } : {}),
});
