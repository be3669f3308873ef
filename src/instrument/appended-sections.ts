import { ByteWriter } from "../base/bytes.ts";
import { writeS32, writeU32 } from "../base/leb128.ts";
import { END, F32_CONST, F64_CONST, I32_CONST, I64_CONST, REF_NULL } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { appendEntries } from "../wasm/module-writer.ts";
import type { StandardSectionKind } from "../wasm/section-directory.ts";
import { type Export, writeExport } from "../wasm/sections/export.ts";
import { writeGlobalType } from "../wasm/sections/global.ts";
import type { ExternKind } from "../wasm/sections/import.ts";
import { writeMemoryType } from "../wasm/sections/memory.ts";
import { writeTableType } from "../wasm/sections/table.ts";
import { plainType, writeRecGroup } from "../wasm/sections/type.ts";
import { EXTERNREF, F32, F64, FUNCREF, I32, I64, type ValueType, writeHeapType } from "../wasm/value-type.ts";
import type { AppendedLayout, AppendedNames } from "./appended.ts";
import { writeAppendedTypeIndexes } from "./appended-functions.ts";
import type { BlockSignature } from "./block-types.ts";
import { RECORD_BYTES } from "./call-table.ts";
import { SLOT_TYPES, type SlotType } from "./spill-slots.ts";
import { WATCH_TYPES, watchGlobals, writeWatchTypes } from "./watch.ts";

/**
 * Payloads of the sections that get new entries at their end, all but the code section's; and no start section.
 *
 * What the module had keeps its bytes and its indexes.
 */
export function appendToSections(
  module: WasmModule,
  layout: AppendedLayout,
  names: AppendedNames,
  blockTypes: readonly BlockSignature[],
): Map<StandardSectionKind, Uint8Array | undefined> {
  const exports = appendedExports(module, layout, names);
  const { functionCount, slotGlobalCount, maskWords, watch, records } = layout;
  return new Map<StandardSectionKind, Uint8Array | undefined>([
    [
      "type",
      appendEntries(
        module,
        "type",
        2 + (watch ? WATCH_TYPES : 0) + blockTypes.length,
        written((writer) => writeTypes(writer, layout, blockTypes)),
      ),
    ],
    [
      "function",
      appendEntries(
        module,
        "function",
        functionCount,
        written((writer) => writeAppendedTypeIndexes(writer, layout)),
      ),
    ],
    [
      "table",
      appendEntries(
        module,
        "table",
        2,
        written((writer) => {
          writeFunctionTable(writer, watch ? 2n : 1n);
          writeFunctionTable(writer, BigInt(layout.calledFunctions));
        }),
      ),
    ],
    ...(records
      ? ([["memory", appendEntries(module, "memory", 1, written(writeRecordMemory))]] as const)
      : []),
    [
      "global",
      appendEntries(
        module,
        "global",
        slotGlobalCount + (watch?.globalCount ?? 0) + (records ? 2 : 0) + maskWords,
        written((writer) => writeGlobals(writer, layout)),
      ),
    ],
    [
      "export",
      appendEntries(
        module,
        "export",
        exports.length,
        written((writer) => writeExports(writer, exports)),
      ),
    ],
    ["start", undefined],
    [
      "element",
      appendEntries(
        module,
        "element",
        1,
        written((writer) => writeFunctions(writer, layout)),
      ),
    ],
  ]);
}

function writeTypes(
  writer: ByteWriter,
  { watch }: AppendedLayout,
  blockTypes: readonly BlockSignature[],
): void {
  writeRecGroup(writer, [plainType({ kind: "func", params: [I32], results: [] })]);
  writeRecGroup(writer, [plainType({ kind: "func", params: [I32, I32], results: [] })]);
  if (watch) writeWatchTypes(writer);
  for (const { params, results } of blockTypes) {
    writeRecGroup(writer, [plainType({ kind: "func", params, results })]);
  }
}

function writeFunctionTable(writer: ByteWriter, entries: bigint): void {
  writeTableType(writer, {
    type: FUNCREF,
    limits: { addressType: "i32", minimum: entries, maximum: entries, shared: false },
  });
}

/** A segment that fills the table of functions: some three bytes for each. */
function writeFunctions(writer: ByteWriter, { functionTable, calledFunctions }: AppendedLayout): void {
  writeU32(writer, ACTIVE_WITH_TABLE);
  writeU32(writer, functionTable);
  writer.u8(I32_CONST);
  writer.u8(0);
  writer.u8(END);
  writer.u8(FUNCTIONS);
  writeU32(writer, calledFunctions);
  for (let index = 0; index < calledFunctions; index++) writeU32(writer, index);
}

/** Form of an element segment. Source: WebAssembly core specification, "Element Section". */
const ACTIVE_WITH_TABLE = 2;
/** Kind of elements. */
const FUNCTIONS = 0;
/** Room for a ring of records, and for what sticks out of it at the end. */
function writeRecordMemory(writer: ByteWriter): void {
  const pages = BigInt(RECORD_BYTES / PAGE_BYTES + 1);
  writeMemoryType(writer, { addressType: "i32", minimum: pages, maximum: pages, shared: false });
}

const PAGE_BYTES = 65_536;

function writeGlobals(writer: ByteWriter, layout: AppendedLayout): void {
  for (const type of layout.slotTypes) {
    for (const half of globalTypesOf(SLOT_TYPES[type] as SlotType)) writeZeroGlobal(writer, half);
  }
  for (const { type, value } of layout.watch ? watchGlobals(layout.watch) : []) {
    writeGlobalType(writer, { type, mutable: true });
    writer.u8(type === I64 ? I64_CONST : I32_CONST);
    writeS32(writer, value);
    writer.u8(END);
  }
  if (layout.records) for (let global = 0; global < 2; global++) writeZeroGlobal(writer, I32);
  for (let word = 0; word < layout.maskWords; word++) writeZeroGlobal(writer, I32);
}

function globalTypesOf(type: SlotType): readonly ValueType[] {
  switch (type) {
    case "i32":
      return [I32];
    case "i64":
      return [I64];
    case "f32":
      return [F32];
    case "f64":
      return [F64];
    case "v128":
      return [I64, I64];
    case "funcref":
      return [FUNCREF];
    case "externref":
      return [EXTERNREF];
  }
}

function writeZeroGlobal(writer: ByteWriter, type: ValueType): void {
  writeGlobalType(writer, { type, mutable: true });
  switch (type) {
    case I32:
      writer.u8(I32_CONST);
      writer.u8(0);
      break;
    case I64:
      writer.u8(I64_CONST);
      writer.u8(0);
      break;
    case F32:
      writer.u8(F32_CONST);
      writer.f32(0);
      break;
    case F64:
      writer.u8(F64_CONST);
      writer.f64(0);
      break;
    default:
      writer.u8(REF_NULL);
      writeHeapType(writer, type);
  }
  writer.u8(END);
}

function writeExports(writer: ByteWriter, exports: readonly Export[]): void {
  for (const each of exports) writeExport(writer, each);
}

function appendedExports(
  module: WasmModule,
  layout: AppendedLayout,
  names: AppendedNames,
): readonly Export[] {
  const all = (kind: ExternKind, exported: readonly string[], first = 0): Export[] =>
    exported.map((name, index) => ({ name, kind, index: first + index }));
  const slots = names.slots.map((slot, number) => {
    const halves = slot.type === "v128" ? [slot.low, slot.high] : [slot.global];
    return all("global", halves, layout.slotGlobals[number] as number);
  });
  const start: Export[] =
    names.start === undefined || module.start === undefined
      ? []
      : [{ name: names.start, kind: "func", index: module.start }];
  return [
    { name: names.suspendTable, kind: "table", index: layout.suspendTable },
    { name: names.functionTable, kind: "table", index: layout.functionTable },
    { name: names.setMask, kind: "func", index: layout.setMaskFunction },
    { name: names.setAll, kind: "func", index: layout.setAllFunction },
    ...all("memory", names.memories),
    ...all("table", names.tables),
    ...all("global", names.globals),
    ...slots.flat(),
    ...all(
      "global",
      names.stackLimit === undefined ? [] : [names.stackLimit],
      layout.watch?.stackPointer?.limitGlobal,
    ),
    ...all("func", names.watches, (layout.watch?.storedFunction ?? 0) + 1),
    ...recordExports(layout, names),
    ...start,
  ];
}

function recordExports({ records }: AppendedLayout, { records: names }: AppendedNames): readonly Export[] {
  if (!records || !names) return [];
  return [
    { name: names.memory, kind: "memory", index: records.memory },
    { name: names.pointer, kind: "global", index: records.pointerGlobal },
    { name: names.written, kind: "global", index: records.writtenGlobal },
  ];
}

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.view();
}
