import type { KnownValue } from "./known-value.ts";

/**
 * Something that a value was taken from before the trap and is looked up after it: bytes of memory, or a global. What is
 * there now is what was there then, unless it has been written to in between.
 */
export interface ValueSource {
  /** Set once a write may have changed it. */
  isLost: boolean;
  /** What its own place was worked out from, and that of the writes that were found to leave it alone. */
  readonly assumes: Set<ValueSource>;
}

/** A value with all that it rests on. */
export interface SourcedValue {
  readonly value: KnownValue;
  readonly from: readonly ValueSource[];
}

interface MemorySource extends ValueSource {
  readonly memory: number;
  readonly address: bigint;
  readonly size: number;
}

interface GlobalSource extends ValueSource {
  readonly global: number;
}

/** What values have been taken from so far, in the order of the instructions, and what became of it. */
export class ValueSources {
  #memory: MemorySource[] = [];
  #globals: GlobalSource[] = [];

  /** Bytes that are read; `from`: what the address rests on. */
  memory(memory: number, address: bigint, size: number, from: readonly ValueSource[]): ValueSource {
    const source = { memory, address, size, isLost: false, assumes: new Set(from) };
    this.#memory.push(source);
    return source;
  }

  global(global: number): ValueSource {
    const source = { global, isLost: false, assumes: new Set<ValueSource>() };
    this.#globals.push(source);
    return source;
  }

  /** Bytes that are written. What does not overlap is taken to stay, as long as the address is right. */
  writeMemory(memory: number, address: bigint, size: number, from: readonly ValueSource[]): void {
    for (const source of this.#memory) {
      if (source.memory !== memory) continue;
      const apart =
        source.address + BigInt(source.size) <= address || address + BigInt(size) <= source.address;
      if (!apart) source.isLost = true;
      else for (const other of from) source.assumes.add(other);
    }
  }

  writeGlobal(global: number): void {
    for (const source of this.#globals) if (source.global === global) source.isLost = true;
  }

  /** Any of the memory may have been written to. */
  loseMemory(): void {
    for (const source of this.#memory) source.isLost = true;
    this.#memory = [];
  }

  /** Other code has run. */
  loseAll(): void {
    this.loseMemory();
    for (const source of this.#globals) source.isLost = true;
    this.#globals = [];
  }
}

/** Whether nothing that a value rests on is lost. */
export function holds({ from }: SourcedValue): boolean {
  const seen = new Set<ValueSource>(from);
  // A set is walked with what is added to it on the way.
  for (const source of seen) {
    if (source.isLost) return false;
    for (const other of source.assumes) seen.add(other);
  }
  return true;
}
