/**
 * How a producer writes stacks. The format's text is one dialect; the others are deviations of programs that exist,
 * found in their sources.
 */
export interface Dialect {
  readonly name: DialectName;
  /** The programs that write so. */
  readonly producers: string;
  /** Whether frames name their instance. */
  readonly instances: boolean;
  /** `each`: a count before the locals and one before the operands; `first`: both counts, then all values. */
  readonly counts: "each" | "first";
  /** How i32 and i64 values are written: `fixed` is 4 or 8 bytes, little-endian. */
  readonly integers: "leb128" | "fixed";
  /** Whether the operands that are counted are there. */
  readonly operands: boolean;
  /** Whether there may be fewer frames than their count says. */
  readonly shortStacks: boolean;
  /** Whether names of modules come without their length. */
  readonly bareNames: boolean;
  /** From where code offsets count, unless the module's code tells another story. */
  readonly offsets: OffsetBase;
}

export type DialectName =
  | "standard"
  | "wasm-edit"
  | "wasm-edit-without-instances"
  | "wasmedge"
  | "wasmedge-for-wasmgdb";

/**
 * From where a frame's code offset counts: `body` from the function body's first byte (its local declarations),
 * `instructions` from its first instruction, `code-section` from the code section's contents, `file` from the start of
 * the module. `call-sites`: from the start of the module too, but of the call that entered the frame, in its caller.
 */
export type OffsetBase = "body" | "instructions" | "code-section" | "file" | "call-sites";

export const offsetBases: readonly OffsetBase[] = [
  "body",
  "instructions",
  "code-section",
  "file",
  "call-sites",
];

/** All dialects, the likelier first: of two that fit equally well the first is taken. */
export const dialects: readonly Dialect[] = [
  {
    name: "standard",
    producers: "Wasmtime, wasm-dap, wasm-coredump-builder",
    instances: true,
    counts: "each",
    integers: "leb128",
    operands: true,
    shortStacks: false,
    bareNames: false,
    offsets: "body",
  },
  {
    name: "wasm-edit",
    producers: "wasm-edit",
    instances: true,
    counts: "first",
    integers: "fixed",
    operands: true,
    shortStacks: false,
    bareNames: false,
    offsets: "instructions",
  },
  {
    name: "wasm-edit-without-instances",
    producers: "early versions of wasm-edit",
    instances: false,
    counts: "first",
    integers: "fixed",
    operands: true,
    shortStacks: false,
    bareNames: false,
    offsets: "instructions",
  },
  {
    name: "wasmedge",
    producers: "WasmEdge",
    instances: false,
    counts: "first",
    integers: "fixed",
    operands: true,
    shortStacks: true,
    bareNames: true,
    offsets: "call-sites",
  },
  {
    name: "wasmedge-for-wasmgdb",
    producers: "WasmEdge, told to write for wasmgdb",
    instances: false,
    counts: "first",
    integers: "fixed",
    operands: false,
    shortStacks: true,
    bareNames: true,
    offsets: "call-sites",
  },
];

/** The dialect of that name, or `undefined`. */
export const findDialect = (name: string): Dialect | undefined =>
  dialects.find((dialect) => dialect.name === name);
