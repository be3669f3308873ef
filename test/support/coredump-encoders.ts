import type { DialectName } from "../../src/coredump/dialects.ts";
import {
  type Bytes,
  custom,
  END,
  flat,
  HEADER,
  i32Const,
  s32,
  section,
  sized,
  text,
  u32,
  vec,
} from "./wasm-builder.ts";

/*
 * Coredumps byte by byte, in each dialect. Nothing here uses src/coredump, so that it can be tested against this.
 */

/** A value as a producer has it; `missing` where it does not. */
export type DumpValue =
  | { readonly type: "i32" | "f32" | "f64"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint }
  | { readonly type: "missing" };

export interface DumpFrame {
  readonly instance: number;
  readonly function: number;
  readonly codeOffset: number;
  readonly locals: readonly DumpValue[];
  readonly operands: readonly DumpValue[];
}

/** What is to be in a dump. What a dialect has no words for is left out. */
export interface DumpContents {
  readonly executable: string;
  readonly modules: readonly string[];
  readonly instances: readonly {
    readonly module: number;
    readonly memories: readonly number[];
    readonly globals: readonly number[];
  }[];
  readonly threads: readonly { readonly name: string; readonly frames: readonly DumpFrame[] }[];
  /** In pages, with the bytes at each address. */
  readonly memories: readonly {
    readonly pages: number;
    readonly data: readonly (readonly [address: number, bytes: Uint8Array])[];
  }[];
  readonly globals: readonly Exclude<DumpValue, { type: "missing" }>[];
}

export const i32 = (value: number): DumpValue & { type: "i32" } => ({ type: "i32", value });
export const i64 = (value: bigint): DumpValue & { type: "i64" } => ({ type: "i64", value });
export const f32 = (value: number): DumpValue & { type: "f32" } => ({ type: "f32", value });
export const f64 = (value: number): DumpValue & { type: "f64" } => ({ type: "f64", value });
export const missing: DumpValue = { type: "missing" };

/** The bytes of a dump as a producer of that dialect writes it. */
export function encodeDump(contents: DumpContents, dialect: DialectName): Uint8Array {
  switch (dialect) {
    case "standard":
      return standardDump(contents);
    case "wasm-edit":
    case "wasm-edit-without-instances":
      return wasmEditDump(contents, dialect === "wasm-edit");
    case "wasmedge":
    case "wasmedge-for-wasmgdb":
      return wasmEdgeDump(contents, dialect === "wasmedge");
  }
}

/** The standard's dialect, as Wasmtime orders its sections. */
function standardDump({
  executable,
  modules,
  instances,
  threads,
  memories,
  globals,
}: DumpContents): Uint8Array {
  return flat(
    HEADER,
    custom("core", 0, text(executable)),
    section(5, vec(...memories.map(({ pages }) => [0, u32(pages)]))),
    section(6, vec(...globals.map(globalOf))),
    dataSection(memories),
    custom("coremodules", vec(...modules.map((name) => [0, text(name)]))),
    custom("coreinstances", vec(...instances.map(instanceOf))),
    threads.map(({ name, frames }) => custom("corestack", 0, text(name), vec(...frames.map(standardFrame)))),
  );
}

function standardFrame({ instance, function: func, codeOffset, locals, operands }: DumpFrame): Bytes {
  const values = (all: readonly DumpValue[]): Bytes => vec(...all.map(leb128Value));
  return [0, u32(instance), u32(func), u32(codeOffset), values(locals), values(operands)];
}

/** wasm-edit writes the stack and one memory with one segment behind what it has written itself; no operands, ever. */
function wasmEditDump({ threads, memories }: DumpContents, withInstances: boolean): Uint8Array {
  const frameOf = ({ instance, function: func, codeOffset, locals }: DumpFrame): Bytes => [
    [0, withInstances ? u32(instance) : [], u32(func), u32(codeOffset)],
    [u32(locals.length), u32(0), locals.map(fixedValue)],
  ];
  const [memory] = memories;
  const before = flat(
    HEADER,
    threads.map(({ name, frames }) => custom("corestack", 0, text(name), vec(...frames.map(frameOf)))),
    custom("core", 0, text("")),
    memory ? section(5, vec([1, u32(0), u32(memory.pages)])) : [],
  );
  if (!memory) return before;
  const whole = new Uint8Array(memory.pages * 65_536);
  for (const [address, bytes] of memory.data) whole.set(bytes, address);
  // The dump lies at address 0 of the very memory: what follows it in the file is what was there.
  const start = before.length + 16;
  return flat(before, dataSection([{ pages: memory.pages, data: [[start, whole.subarray(start)]] }]));
}

/**
 * WasmEdge writes no instances, no data and no constants; every value is an i32; names have no length; a stack may
 * have fewer frames than it says.
 */
function wasmEdgeDump(
  { modules, threads, memories, globals }: DumpContents,
  withOperands: boolean,
): Uint8Array {
  const slotOf = (value: DumpValue): Bytes => [0x7f, little(4, BigInt.asUintN(32, bitsOf(value)))];
  const frameOf = ({ function: func, codeOffset, locals, operands }: DumpFrame): Bytes => [
    [0, u32(func), u32(codeOffset), u32(locals.length), u32(operands.length)],
    [locals.map(slotOf), withOperands ? operands.map(slotOf) : []],
  ];
  const stack = threads.map(({ name, frames }) =>
    custom("corestack", 0, text(name), u32(frames.length + 1), frames.map(frameOf)),
  );
  const [memory] = memories;
  return flat(
    HEADER,
    custom("core", 0, 0),
    stack,
    custom("coremodules", u32(1), 0, new TextEncoder().encode(modules[0] ?? "")),
    custom("coreinstances", 0),
    memory ? section(5, vec([0, u32(memory.pages)])) : [],
    section(6, vec(...globals.map(({ type }) => [typeBytes[type], 1, END]))),
  );
}

function dataSection(memories: DumpContents["memories"]): Bytes {
  const segments = memories.flatMap(({ data }, memory) =>
    data.map(([address, bytes]): Bytes => {
      return [memory === 0 ? 0 : [2, u32(memory)], i32Const(address | 0), END, sized(bytes)];
    }),
  );
  return section(11, vec(...segments));
}

const instanceOf = ({ module, memories, globals }: DumpContents["instances"][number]): Bytes => [
  [0, u32(module)],
  [vec(...memories.map((one) => u32(one))), vec(...globals.map((one) => u32(one)))],
];

const typeBytes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

function globalOf(value: DumpContents["globals"][number]): Bytes {
  switch (value.type) {
    case "i32":
      return [0x7f, 0, 0x41, s32(value.value), END];
    case "i64":
      return [0x7e, 0, 0x42, s32(value.value), END];
    case "f32":
      return [0x7d, 0, 0x43, little(4, bitsOf(value)), END];
    case "f64":
      return [0x7c, 0, 0x44, little(8, bitsOf(value)), END];
  }
}

function leb128Value(value: DumpValue): Bytes {
  if (value.type === "i32" || value.type === "i64") return [typeBytes[value.type], s32(value.value)];
  return fixedValue(value);
}

function fixedValue(value: DumpValue): Bytes {
  if (value.type === "missing") return 0x01;
  return [typeBytes[value.type], little(value.type.endsWith("32") ? 4 : 8, bitsOf(value))];
}

/** The bits of a value as an unsigned number of its own width. */
function bitsOf(value: DumpValue): bigint {
  const view = new DataView(new ArrayBuffer(8));
  switch (value.type) {
    case "i32":
      return BigInt.asUintN(32, BigInt(value.value));
    case "i64":
      return BigInt.asUintN(64, value.value);
    case "f32":
      view.setFloat32(0, value.value);
      return BigInt(view.getUint32(0));
    case "f64":
      view.setFloat64(0, value.value);
      return view.getBigUint64(0);
    case "missing":
      return 0n;
  }
}

function little(sizeBytes: number, bits: bigint): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) bytes[index] = Number((bits >> BigInt(index * 8)) & 0xffn);
  return bytes;
}
