import type { Awaitable } from "../../base/awaitable.ts";
import type { Unavailable } from "../../base/unavailable.ts";
import { unavailable } from "../../base/unavailable.ts";
import type { LocationDescription, LocationPiece, SimpleLocation } from "../../dwarf/location-description.ts";

/**
 * Where a value's bytes are: in memory, in a Wasm local or global, in pieces, or nowhere.
 *
 * Places are cut (`placeWithin`) without reading them, so that only what is looked at is read.
 */
export type Place = LocationDescription;

/** Largest value read as a whole: more than any variable is shown with at once. */
const maxReadBytes = 1 << 20;

/** The part of a place from `offset`, `size` bytes long. Bytes count from the start of the value. */
export function placeWithin(place: Place, offset: number, size: number): Place {
  switch (place.kind) {
    case "memory":
      return { kind: "memory", address: place.address + BigInt(offset) };
    case "value": {
      if (offset + size > place.bytes.length) return unavailable("only a part of it is known");
      const bytes = place.bytes.subarray(offset, offset + size);
      // Only the low end of a local can be written without knowing the rest.
      return offset === 0 && place.home
        ? { kind: "value", bytes, home: place.home }
        : { kind: "value", bytes };
    }
    case "composite":
      return compositeWithin(place.pieces, offset * 8, size * 8);
    case "implicit-pointer":
      return offset === 0 ? place : unavailable("optimised out");
    case "unavailable":
      return place;
  }
}

/** Reads memory: fewer bytes than asked where it ends. */
export interface MemoryReader {
  readMemory(address: bigint, length: number): Awaitable<Uint8Array>;
  /** Why they were fewer. */
  readonly whyShort: string;
}

/** All `size` bytes of a place, or why they cannot be had. Rejects only as the target does. */
export function readPlace(
  place: Place,
  size: number,
  memory: MemoryReader,
): Awaitable<Uint8Array | Unavailable> {
  switch (place.kind) {
    case "memory": {
      if (size > maxReadBytes) return unavailable("too large to read at once");
      const bytes = memory.readMemory(place.address, size);
      if (bytes instanceof Promise) return bytes.then((known) => wholeOf(known, size, memory));
      return wholeOf(bytes, size, memory);
    }
    case "value":
      return place.bytes.length >= size
        ? place.bytes.subarray(0, size)
        : unavailable("only a part of it is known");
    case "composite":
      return size > maxReadBytes
        ? unavailable("too large to read at once")
        : readPieces(place.pieces, size, memory);
    case "implicit-pointer":
      return unavailable("pointer optimised out");
    case "unavailable":
      return place;
  }
}

function wholeOf(bytes: Uint8Array, size: number, memory: MemoryReader): Uint8Array | Unavailable {
  return bytes.length === size ? bytes : unavailable(memory.whyShort);
}

async function readPieces(
  pieces: readonly LocationPiece[],
  size: number,
  memory: MemoryReader,
): Promise<Uint8Array | Unavailable> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (at >= size * 8) break;
    const bitSize = Math.min(piece.bitSize, size * 8 - at);
    const part = await readPlace(piece.location, Math.ceil((piece.bitOffset + bitSize) / 8), memory);
    if (!(part instanceof Uint8Array)) return part;
    copyBits(part, piece.bitOffset, bytes, at, bitSize);
    at += bitSize;
  }
  return at < size * 8 ? unavailable("only a part of it is known") : bytes;
}

function compositeWithin(pieces: readonly LocationPiece[], start: number, bitSize: number): Place {
  const cut: LocationPiece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(start, at);
    const to = Math.min(start + bitSize, at + piece.bitSize);
    if (from < to)
      cut.push({ bitSize: to - from, bitOffset: piece.bitOffset + from - at, location: piece.location });
    at += piece.bitSize;
  }
  const [only] = cut;
  if (!only) return unavailable("only a part of it is known");
  // A part that is the whole of one piece is a simple place, which may be one that can be written.
  if (cut.length === 1 && only.bitOffset % 8 === 0) return wholePiece(only);
  return { kind: "composite", pieces: cut };
}

function wholePiece({ location, bitOffset, bitSize }: LocationPiece): SimpleLocation {
  const within = placeWithin(location, bitOffset / 8, Math.ceil(bitSize / 8));
  return within.kind === "composite" ? unavailable("only a part of it is known") : within;
}

/** Copies bits between byte arrays, lowest bit first. */
export function copyBits(
  from: Uint8Array,
  fromBit: number,
  to: Uint8Array,
  toBit: number,
  bitSize: number,
): void {
  if (fromBit % 8 === 0 && toBit % 8 === 0 && bitSize % 8 === 0) {
    to.set(from.subarray(fromBit / 8, (fromBit + bitSize) / 8), toBit / 8);
    return;
  }
  for (let bit = 0; bit < bitSize; bit++) {
    const source = fromBit + bit;
    const target = toBit + bit;
    const isSet = ((from[source >> 3] as number) >> (source & 7)) & 1;
    const mask = 1 << (target & 7);
    to[target >> 3] = isSet ? (to[target >> 3] as number) | mask : (to[target >> 3] as number) & ~mask;
  }
}
