import { toDefinedFuncIndex } from "../base/brand.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import { DW_AT_frame_base, DW_OP_WASM_location, DW_TAG_subprogram } from "../dwarf/constants.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { readIndexSpaces } from "../wasm/index-spaces.ts";
import { findOpcode, GLOBAL_GET, GLOBAL_SET, I32_CONST } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";
import type { NameSection } from "../wasm/sections/name.ts";
import { I32, I64 } from "../wasm/value-type.ts";

/**
 * The global that holds the C stack pointer, as an index of the global index space, or `undefined`.
 *
 * Asked in order of trust: the linker's name for it in the name section, exports and imports; the global that DWARF's
 * frame bases name; the global that functions begin by lowering. A source that is malformed says nothing.
 */
export function findStackPointer(
  module: WasmModule,
  names: NameSection | undefined,
  dwarf: DwarfModule | undefined,
): number | undefined {
  const globals = ifWellFormed(() => readIndexSpaces(module).globals) ?? [];
  const sources: readonly (() => number | undefined)[] = [
    () => namedGlobal(names),
    () => module.exports.find(({ name, kind }) => name === stackPointerName && kind === "global")?.index,
    () => importedGlobal(module),
    () => dwarf && frameBaseGlobal(dwarf),
    () => loweredGlobal(module),
  ];
  for (const source of sources) {
    const index = ifWellFormed(source);
    const global = index === undefined ? undefined : globals[index];
    if (global?.mutable && (global.type === I32 || global.type === I64)) return index;
  }
  return undefined;
}

const stackPointerName = "__stack_pointer";

function namedGlobal(names: NameSection | undefined): number | undefined {
  for (const [index, name] of names?.names("global").entries() ?? []) {
    if (name === stackPointerName) return index;
  }
  return undefined;
}

function importedGlobal(module: WasmModule): number | undefined {
  const globals = module.imports.filter(({ type }) => type.kind === "global");
  const index = globals.findIndex(({ name }) => name === stackPointerName);
  return index < 0 ? undefined : index;
}

/** Units are decoded one by one until one says it; compilers write it into every function without a frame of its own. */
function frameBaseGlobal(dwarf: DwarfModule): number | undefined {
  for (const unit of dwarf.units.slice(0, mostUnits)) {
    for (const [row, tag] of unit.columns.tag.entries()) {
      if (tag !== DW_TAG_subprogram) continue;
      const expression = unit.dieAtRow(row).expression(DW_AT_frame_base);
      const index = expression && globalOf(expression);
      if (index !== undefined) return index;
    }
  }
  return undefined;
}

const mostUnits = 20;

/** `DW_OP_WASM_location` with a global: kind 1 has it as LEB128 (of one byte, for the few globals there are), kind 3 as four bytes. */
function globalOf(expression: Uint8Array): number | undefined {
  const [operation, kind, first = 0, second = 0, third = 0, fourth = 0] = expression;
  if (operation !== DW_OP_WASM_location) return undefined;
  if (kind === 1) return first < 0x80 ? first : undefined;
  return kind === 3 ? (first | (second << 8) | (third << 16) | (fourth << 24)) >>> 0 : undefined;
}

/** The global that most functions lower by a constant and write back. */
function loweredGlobal(module: WasmModule): number | undefined {
  const votes = new Map<number, number>();
  for (let body = 0; body < Math.min(module.code.count, mostBodies); body++) {
    const global = loweredIn(module, body);
    if (global !== undefined) votes.set(global, (votes.get(global) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0];
}

const mostBodies = 500;
/** A prologue is at the beginning. */
const mostInstructions = 24;

function loweredIn(module: WasmModule, body: number): number | undefined {
  const { instructionsStart, end } = readFunctionBody(module.bytes, module.code, toDefinedFuncIndex(body));
  const reader = new CodeReader(module.bytes, instructionsStart, end);
  let read: number | undefined;
  let constant = false;
  let lowered = false;
  for (let count = 0; count < mostInstructions && reader.next(); count++) {
    if (reader.opcode === GLOBAL_GET) read ??= reader.index();
    else if (reader.opcode === I32_CONST || reader.opcode === I64_CONST) constant = true;
    else if (reader.opcode === I32_SUB || reader.opcode === I64_SUB) lowered = constant && read !== undefined;
    else if (reader.opcode === GLOBAL_SET) return lowered && reader.index() === read ? read : undefined;
  }
  return undefined;
}

const I64_CONST = findOpcode("i64.const");
const I32_SUB = findOpcode("i32.sub");
const I64_SUB = findOpcode("i64.sub");
