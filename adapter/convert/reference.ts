import { type MemoryAddress, toMemoryAddress } from "../../src/base/brand.ts";

/**
 * Places of a program as the numbers clients know them by: `memoryReference`, `instructionPointerReference`, addresses.
 *
 * A module's code and its memories are apart, and both begin at 0: a number alone could mean either. To clients all of
 * them are one space, as they expect it, in which no two places have one number:
 *
 * - memory `n`, address `a`: `n · 2⁴⁰ + a`. An address of the first memory is itself.
 * - code: `0xc0de00000000` and the offset in the module's file, which is what other tools print: `0xc0de0000054f`
 *   is the instruction that they show at `54f`.
 *
 * All of it is below 2⁴⁸, because clients compute with these numbers and some of them have only doubles. A memory of more
 * than 2⁴⁰ bytes, or the 192nd, is beyond any engine; a pointer that far out points at nothing and has no reference.
 */
export type Place =
  /** Bytes from byte 0 of the module; outside of the file, or negative, after arithmetic. */
  | { readonly kind: "code"; readonly offset: number }
  /** Outside of the memory, or negative, after arithmetic. */
  | { readonly kind: "memory"; readonly memory: number; readonly address: bigint };

const codeBase = 0xc0de_0000_0000;
/** Code of one module, before and behind it what arithmetic may come to. */
const codeReach = 2 ** 32;
const memoryReach = 2 ** 40;

/** The number of a place in the module's code. */
export const toCodeReference = (offset: number): string => `0x${(codeBase + offset).toString(16)}`;

/** The number of a place in a memory; `undefined` for one that cannot exist. */
export function toMemoryReference(memory: number, address: bigint): string | undefined {
  if (address < 0n || address >= memoryReach || memory * memoryReach >= codeBase - codeReach)
    return undefined;
  return `0x${(BigInt(memory) * BigInt(memoryReach) + address).toString(16)}`;
}

/**
 * The place that a client's number, in hexadecimal with `0x` or else decimal, and bytes from there mean. `undefined` for
 * what is no number or the number of nothing.
 */
export function fromReference(reference: string, offset = 0): Place | undefined {
  if (!/^\s*(0[xX][0-9a-fA-F]+|\d+)\s*$/.test(reference)) return undefined;
  const number = Number(reference);
  if (number >= codeBase + codeReach) return undefined;
  if (number >= codeBase - codeReach) return { kind: "code", offset: number - codeBase + offset };
  const memory = Math.floor(number / memoryReach);
  return { kind: "memory", memory, address: BigInt(number - memory * memoryReach) + BigInt(offset) };
}

/** For a place in a memory: its address, to be given to a target. */
export const toAddress = (place: Extract<Place, { kind: "memory" }>): MemoryAddress =>
  toMemoryAddress(place.address);
