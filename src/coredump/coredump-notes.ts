import type { TrapKind, WasmValue } from "../target/target.ts";

/**
 * What wasm-dap writes besides the standard's sections, in one of its own that others may ignore: `docs/coredump.md`
 * has the encoding.
 */
export interface CoredumpNotes {
  /** The writer and its version: `wasm-dap 0.1.0`. */
  readonly tool?: string | undefined;
  /** When it was written, in milliseconds since 1970. */
  readonly time?: number | undefined;
  /** Number of the guest's process. */
  readonly processId?: number | undefined;
  /** Why the guest had stopped. */
  readonly stop?: StopNote | undefined;
  /** What is known of modules, to find them again. */
  readonly modules: readonly ModuleNote[];
  /** Frames of the host, which the standard has no words for. */
  readonly hostFrames: readonly HostFrameNote[];
  /** Values that the standard has no encoding for, vectors and references: of locals, operands and globals. */
  readonly values: readonly ValueNote[];
  readonly tables: readonly TableNote[];
}

/** Why the program stood still. */
export interface StopNote {
  readonly kind: StopNoteKind;
  /** For a trap. */
  readonly trap: TrapKind | undefined;
  /** In the engine's words; empty where there are none. */
  readonly message: string;
}

/** Reasons to stop that a note can give. */
export type StopNoteKind = "trap" | "exception" | "breakpoint" | "step" | "pause" | "entry";

/** How a module is known again. */
export interface ModuleNote {
  /** In the dump's modules. */
  readonly module: number;
  /** SHA-256 of the module's bytes. */
  readonly sha256: Uint8Array | undefined;
  /** Contents of its `build_id` section. */
  readonly buildId: Uint8Array | undefined;
}

/** A frame of the host, for which the standard has no place. */
export interface HostFrameNote {
  /** In the dump's threads. */
  readonly thread: number;
  /** How many frames of that thread are further in; frames with one number come in the order of the notes. */
  readonly before: number;
  readonly name: string;
  readonly path: string | undefined;
  readonly line: number | undefined;
}

/** A value that the standard has no encoding for, and where it belongs. */
export interface ValueNote {
  /** For a local or an operand: its thread and frame. For a global both are 0. */
  readonly thread: number;
  readonly frame: number;
  readonly kind: "local" | "operand" | "global";
  /** Of a global: among the dump's own. */
  readonly index: number;
  readonly value: Extract<WasmValue, { readonly type: "v128" | "ref" }>;
}

/** Entries of a table, as far as they are functions of its own module. */
export interface TableNote {
  readonly instance: number;
  /** In the module's table index space. */
  readonly table: number;
  /** Number of entries. */
  readonly size: number;
  /** Function index by entry; null, host functions and those of other modules are left out. */
  readonly functions: ReadonlyMap<number, number>;
}

/** Whether only a note can hold a value. */
export const isNoteValue = (value: { readonly type: string }): value is ValueNote["value"] =>
  value.type === "v128" || value.type === "ref";
