import { SlotKind } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import { MalformedError } from "../base/errors.ts";
import type { DwarfUnit } from "../dwarf/die.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NamedSlotColumns } from "./debug-info.ts";

/**
 * Of .debug_info: beyond, a launch would wait too long for all its units to be walked through. Where there are no location
 * lists, nothing has been optimised, and there is little to be found: objects that are handed over by address.
 */
const mostInfoBytes = { withLists: 256 << 20, without: 8 << 20 };

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
  const rows = new SlotRows();
  const frameBases = new SlotRows();
  for (const unit of dwarf.units) addUnit(module, dwarf, unit, rows, frameBases);
  const found = rows.distinct();
  const { begin, end, slot } = frameBases;
  for (let row = 0; row < frameBases.count; row++) {
    const first = found.begin[lowerBound(found.begin, begin[row] as number)];
    if (first !== undefined && first < (end[row] as number)) {
      rows.add(begin[row] as number, end[row] as number, slot[row] as number);
    }
  }
  return rows.distinct();
}

function addUnit(
  module: WasmModule,
  dwarf: DwarfModule,
  unit: DwarfUnit,
  rows: SlotRows,
  frameBases: SlotRows,
): void {
  const { start, end: codeEnd } = module.code;
  try {
    const { begin, end, kind, index } = dwarf.read((columns) => columns.slots(unit.contents.unit));
    for (let row = 0; row < begin.length; row++) {
      const from = start + (begin[row] as number);
      const to = Math.min(start + (end[row] as number), codeEnd);
      if (!(from < to)) continue;
      const isOperand = kind[row] === SlotKind.operand;
      const slot = (index[row] as number) * 2 + (isOperand ? 1 : 0);
      (kind[row] === SlotKind.frameBase ? frameBases : rows).add(from, to, slot);
    }
  } catch (error) {
    // Whoever shows the unit's variables says so.
    if (!(error instanceof MalformedError)) throw error;
  }
}

/** Slots and where they are named, as they are found: in a large program they are a million. */
class SlotRows {
  count = 0;
  begin = new Uint32Array(64);
  end = new Uint32Array(64);
  /** Twice the index, and one more for an operand. */
  slot = new Float64Array(64);

  add(begin: number, end: number, slot: number): void {
    const row = this.count++;
    if (row === this.begin.length) this.#grow();
    this.begin[row] = begin;
    this.end[row] = end;
    this.slot[row] = slot;
  }

  /** Rows in order, each once. */
  distinct(): NamedSlotColumns {
    const { begin, end, slot } = this;
    const compare = (a: number, b: number): number =>
      (begin[a] as number) - (begin[b] as number) ||
      (end[a] as number) - (end[b] as number) ||
      ((slot[a] as number) % 2) - ((slot[b] as number) % 2) ||
      (slot[a] as number) - (slot[b] as number);
    const order = Uint32Array.from({ length: this.count }, (_, row) => row).sort(compare);
    const rows = order.filter((row, at) => at === 0 || compare(order[at - 1] as number, row) !== 0);
    return {
      begin: rows.map((row) => begin[row] as number),
      end: rows.map((row) => end[row] as number),
      isOperand: Uint8Array.from(rows, (row) => (slot[row] as number) % 2),
      index: rows.map((row) => Math.floor((slot[row] as number) / 2)),
    };
  }

  #grow(): void {
    const larger = <T extends Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const size = this.begin.length * 2;
    this.begin = larger(this.begin, new Uint32Array(size));
    this.end = larger(this.end, new Uint32Array(size));
    this.slot = larger(this.slot, new Float64Array(size));
  }
}
