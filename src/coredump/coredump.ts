import type { RawValue } from "../target/target.ts";
import type { CoredumpNotes } from "./coredump-notes.ts";
import type { Dialect } from "./dialects.ts";
import type { MemoryImage } from "./memory-image.ts";

/**
 * A coredump as read: the index spaces that its sections make, and its threads' stacks.
 *
 * Nothing in it has been held against a module: function indexes and code offsets are the file's own words.
 * Source: WebAssembly tool conventions, "Coredump".
 */
export interface Coredump {
  /** Name of the program: a path, a URL or any text; empty where the producer gave none. */
  readonly executable: string;
  /** Names of the modules, by index. */
  readonly modules: readonly string[];
  /** By index; empty where the producer wrote none. */
  readonly instances: readonly CoredumpInstance[];
  readonly threads: readonly CoredumpThread[];
  readonly memories: readonly MemoryImage[];
  readonly globals: readonly RawValue[];
  /** How the stacks were written, and how that is known. */
  readonly dialect: FoundDialect;
  /** What wasm-dap wrote besides the standard's sections; `undefined` in dumps of others. */
  readonly notes: CoredumpNotes | undefined;
  /** Sentences about what is missing or odd. */
  readonly problems: readonly string[];
}

/** One instance: which of the dump's memories and globals are its own, in the order of its own index spaces. */
export interface CoredumpInstance {
  /** In `modules`. */
  readonly module: number;
  /** `noIndex` for one that the dump leaves out. */
  readonly memories: readonly number[];
  readonly globals: readonly number[];
}

/** What producers write in place of the index of a memory or global they left out. */
export const noIndex = 0xffff_ffff;

/** A thread as the dump has it. */
export interface CoredumpThread {
  readonly name: string;
  /** Innermost first. */
  readonly frames: readonly CoredumpFrame[];
}

/** A frame as the dump has it: numbers are those that its producer wrote. */
export interface CoredumpFrame {
  /** In `instances`; 0 where the dialect has no such field. */
  readonly instance: number;
  /** In the function index space of the instance's module. */
  readonly function: number;
  /** From where it counts is the dialect's affair; 0 for unknown. */
  readonly codeOffset: number;
  /** Params first. Empty where the producer writes none, whatever the function has. */
  readonly locals: readonly RawValue[];
  /** Bottom of the operand stack first. Empty where there is none or the producer writes none. */
  readonly operands: readonly RawValue[];
}

/** A dialect and why it was chosen: a clause without a full stop. */
export interface FoundDialect {
  readonly dialect: Dialect;
  readonly reason: string;
}

/** The value of what a producer marked as missing. */
export const missingValue: RawValue = { type: "unavailable", reason: "the coredump has no value for it" };
