import type { ByteWriter } from "../base/bytes.ts";
import { writeU32 } from "../base/leb128.ts";
import type { IndexSpaces } from "../wasm/index-spaces.ts";
import { CALL_INDIRECT, GLOBAL_SET, I32_CONST, LOCAL_GET } from "../wasm/instructions.ts";
import { plainType, writeRecGroup } from "../wasm/sections/type.ts";
import { F64, I32, I64, type ValueType } from "../wasm/value-type.ts";

/*
 * What is appended to a module so that its stores can be watched: for each memory the bounds of a range, in globals that
 * one exported function sets, and one function that asks the host about a store that has met the range.
 */

/** Widths of stores, in bytes. A store of some width is tested against a length of its own, which accounts for it. */
const STORE_WIDTHS: readonly number[] = [1, 2, 4, 8, 16];

/** Of each memory: where the range begins, then its length for each width. */
const GLOBALS_PER_MEMORY = 1 + STORE_WIDTHS.length;

/** Indexes of what is appended for watching, in the index spaces of the instrumented module. */
export interface WatchLayout {
  /** `(i32, f64, f64) → i32` */
  readonly storedType: number;
  /** For memories of 32 and of 64 bits: six addresses → (). */
  readonly setterTypes: readonly [number, number];
  /** Calls entry 1 of the suspend table. */
  readonly storedFunction: number;
  readonly functionCount: number;
  readonly firstGlobal: number;
  readonly globalCount: number;
  /** By memory: whether its addresses have 64 bits. */
  readonly is64: readonly boolean[];
  /** The C stack pointer, the last of the globals to compare it with, and whether they have 64 bits. */
  readonly stackPointer:
    | { readonly global: number; readonly limitGlobal: number; readonly is64: boolean }
    | undefined;
}

export const WATCH_TYPES = 3;

/** Lays it out behind what is there already. */
export function layOutWatch(
  spaces: IndexSpaces,
  first: { readonly type: number; readonly func: number; readonly global: number },
  stackPointer: number | undefined,
): WatchLayout {
  const bounds = spaces.memories.length * GLOBALS_PER_MEMORY;
  const type = stackPointer === undefined ? undefined : spaces.globals[stackPointer]?.type;
  const hasLimit = stackPointer !== undefined && (type === I32 || type === I64);
  const is64 = spaces.memories.map(({ addressType }) => addressType === "i64");
  return {
    storedType: first.type,
    setterTypes: [first.type + 1, first.type + 2],
    storedFunction: first.func,
    functionCount: 1 + is64.length,
    firstGlobal: first.global,
    globalCount: bounds + (hasLimit ? 1 : 0),
    is64,
    stackPointer: hasLimit
      ? { global: stackPointer, limitGlobal: first.global + bounds, is64: type === I64 }
      : undefined,
  };
}

/** The global that holds where the watched range of a memory begins. */
export const startGlobal = ({ firstGlobal }: WatchLayout, memory: number): number =>
  firstGlobal + memory * GLOBALS_PER_MEMORY;

/** The global that holds how long a memory's range is for stores of a width: less than that behind its start they meet it. */
export const lengthGlobal = (layout: WatchLayout, memory: number, widthBytes: number): number =>
  startGlobal(layout, memory) + 1 + STORE_WIDTHS.indexOf(widthBytes);

/** Types and first values of the globals, in order. */
export function watchGlobals({
  is64,
  stackPointer,
}: WatchLayout): readonly { readonly type: ValueType; readonly value: 0 | -1 }[] {
  const bounds = is64.flatMap((wide) =>
    new Array<{ type: ValueType; value: 0 | -1 }>(GLOBALS_PER_MEMORY).fill({
      type: addressType(wide),
      value: 0,
    }),
  );
  return stackPointer ? [...bounds, { type: addressType(stackPointer.is64), value: -1 }] : bounds;
}

/** Types, `WATCH_TYPES` of them. */
export function writeWatchTypes(writer: ByteWriter): void {
  writeRecGroup(writer, [plainType({ kind: "func", params: [I32, F64, F64], results: [I32] })]);
  for (const wide of [false, true]) {
    const params = new Array<ValueType>(GLOBALS_PER_MEMORY).fill(addressType(wide));
    writeRecGroup(writer, [plainType({ kind: "func", params, results: [] })]);
  }
}

/** Type indexes of the functions, in order. */
export function writeWatchTypeIndexes(writer: ByteWriter, layout: WatchLayout): void {
  writeU32(writer, layout.storedType);
  for (const wide of layout.is64) writeU32(writer, layout.setterTypes[wide ? 1 : 0]);
}

/** Bodies of the functions, in order, by `writeBody`, which adds what a body has around its instructions. */
export function writeWatchBodies(
  layout: WatchLayout,
  suspendTable: number,
  writeBody: (write: (body: ByteWriter) => void) => void,
): void {
  writeBody((body) => {
    for (let param = 0; param < 3; param++) indexed(body, LOCAL_GET, param);
    body.u8(I32_CONST);
    body.u8(1);
    indexed(body, CALL_INDIRECT, layout.storedType);
    writeU32(body, suspendTable);
  });
  layout.is64.forEach((_, memory) => {
    writeBody((body) => {
      for (let param = 0; param < GLOBALS_PER_MEMORY; param++) {
        indexed(body, LOCAL_GET, param);
        indexed(body, GLOBAL_SET, startGlobal(layout, memory) + param);
      }
    });
  });
}

const addressType = (wide: boolean): ValueType => (wide ? I64 : I32);

function indexed(body: ByteWriter, opcode: number, index: number): void {
  body.u8(opcode);
  writeU32(body, index);
}
