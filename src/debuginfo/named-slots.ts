import { SlotKind } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import { MalformedError } from "../base/errors.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { DwarfUnit } from "../dwarf/dwarf-unit.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NamedSlotColumns } from "./debug-info.ts";

/**
 * Of .debug_info: beyond, a launch would wait too long for all its units to be walked through. Where there are no location
 * lists, nothing has been optimised, and there is little to be found: objects that are handed over by address.
 */
const mostInfoBytes = { withLists: 48 << 20, without: 8 << 20 };

/** Where nothing is known. */
export const noNamedSlots: NamedSlotColumns = {
  begin: new Uint32Array(0),
  end: new Uint32Array(0),
  isOperand: new Uint8Array(0),
  index: new Uint32Array(0),
};

/**
 * Which slots of Wasm frames a module's DWARF finds variables in.
 *
 * Walks through all units. A frame base counts where some variable of its function is in a slot as well. Nothing where the
 * DWARF is very large: then whoever asks has to do with what a function's code says of its locals. What cannot be read is left out.
 */
export function readNamedSlots(module: WasmModule, dwarf: DwarfModule): NamedSlotColumns {
  try {
    return slotsOfUnits(module, dwarf);
  } catch (error) {
    // The units themselves cannot be read, which is said where the status is found out.
    if (error instanceof MalformedError) return noNamedSlots;
    throw error;
  }
}

function slotsOfUnits(module: WasmModule, dwarf: DwarfModule): NamedSlotColumns {
  const sizeOf = (name: string): number => dwarf.read((columns) => columns.sectionLength(name));
  const isSplit = dwarf.unitColumns.dwoName.section.some((section) => section !== 0);
  const hasLists = isSplit || sizeOf(".debug_loc") + sizeOf(".debug_loclists") > 0;
  const most = hasLists ? mostInfoBytes.withLists : mostInfoBytes.without;
  if (sizeOf(".debug_info") > most) return noNamedSlots;
  const rows: Row[] = [];
  const frameBases: Row[] = [];
  for (const unit of dwarf.units) addUnit(module, dwarf, unit, rows, frameBases);
  rows.sort(byBegin);
  const begins = Uint32Array.from(rows, ({ begin }) => begin);
  for (const base of frameBases) {
    const first = begins[lowerBound(begins, base.begin)];
    if (first !== undefined && first < base.end) rows.push(base);
  }
  return toColumns(rows.sort(byBegin));
}

interface Row {
  readonly begin: number;
  readonly end: number;
  readonly isOperand: 0 | 1;
  readonly index: number;
}

function addUnit(
  module: WasmModule,
  dwarf: DwarfModule,
  unit: DwarfUnit,
  rows: Row[],
  frameBases: Row[],
): void {
  const { start, end: codeEnd } = module.code;
  try {
    const { begin, end, kind, index } = dwarf.read((columns) => columns.slots(unit.contents.unit));
    for (let row = 0; row < begin.length; row++) {
      const from = start + (begin[row] as number);
      const to = Math.min(start + (end[row] as number), codeEnd);
      if (!(from < to)) continue;
      const isOperand = kind[row] === SlotKind.operand ? 1 : 0;
      const found = { begin: from, end: to, isOperand, index: index[row] as number } as const;
      (kind[row] === SlotKind.frameBase ? frameBases : rows).push(found);
    }
  } catch (error) {
    // Whoever shows the unit's variables says so.
    if (!(error instanceof MalformedError)) throw error;
  }
}

const byBegin = (a: Row, b: Row): number =>
  a.begin - b.begin || a.end - b.end || a.isOperand - b.isOperand || a.index - b.index;

/** Rows in order, each once. */
function toColumns(rows: readonly Row[]): NamedSlotColumns {
  const distinct = rows.filter((row, at) => at === 0 || byBegin(rows[at - 1] as Row, row) !== 0);
  return {
    begin: Uint32Array.from(distinct, ({ begin }) => begin),
    end: Uint32Array.from(distinct, ({ end }) => end),
    isOperand: Uint8Array.from(distinct, ({ isOperand }) => isOperand),
    index: Uint32Array.from(distinct, ({ index }) => index),
  };
}
