import type { Dwarf, UnitColumns } from "gimli-wasm";
import type { CodeOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import type { Die } from "./die.ts";
import { DwarfUnit } from "./dwarf-unit.ts";

/** What is used of gimli-wasm's `Dwarf`. */
export type DwarfColumns = Pick<
  Dwarf,
  "units" | "unitRanges" | "dies" | "ranges" | "locationList" | "address" | "string" | "bytes" | "unitAt"
>;

/**
 * The DWARF of one module: what gimli-wasm's columns mean.
 *
 * Units decode on first need; those decoded first are dropped again when more than a million DIEs are
 * held. `Die` handles outlive that, since a unit decodes to the same rows again.
 * Every method throws `MalformedError` `dwarf` for what cannot be decoded, and nothing else.
 */
export class DwarfModule {
  readonly #columns: DwarfColumns;
  #unitColumns: UnitColumns | undefined;
  #units: DwarfUnit[] | undefined;
  #unitIndex: { begin: number[]; end: number[]; unit: number[] } | undefined;
  /** Unit to its number of DIEs, in the order decoded. */
  readonly #decoded = new Map<number, number>();
  #decodedDies = 0;

  constructor(columns: DwarfColumns) {
    this.#columns = columns;
  }

  /** All units of .debug_info, in section order. */
  get units(): readonly DwarfUnit[] {
    this.#units ??= Array.from(this.unitColumns.offset, (_, index) => new DwarfUnit(this, index));
    return this.#units;
  }

  get unitColumns(): UnitColumns {
    this.#unitColumns ??= this.read((columns) => columns.units());
    return this.#unitColumns;
  }

  /** The unit whose code holds `address`. */
  unitAtAddress(address: CodeOffset): DwarfUnit | undefined {
    const { begin, end, unit } = this.#addresses();
    let low = 0;
    let high = begin.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((begin[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    const index = low - 1;
    if (index < 0 || address >= (end[index] as number)) return undefined;
    return this.units[unit[index] as number];
  }

  /** The DIE at an offset in .debug_info, in whichever unit. */
  dieAt(offset: number): Die | undefined {
    const unit = this.read((columns) => columns.unitAt(offset));
    return unit < 0 ? undefined : this.units[unit]?.dieAt(offset);
  }

  /** Asks gimli-wasm, with its errors as this project's. */
  read<T>(question: (columns: DwarfColumns) => T): T {
    try {
      return question(this.#columns);
    } catch (error) {
      throw asMalformed(error);
    }
  }

  /** Called by a unit that has just decoded its DIEs. */
  noteDecoded(unit: DwarfUnit, dies: number): void {
    this.#decoded.set(unit.index, dies);
    this.#decodedDies += dies;
    for (const [index, size] of this.#decoded) {
      if (this.#decodedDies <= maxDecodedDies || index === unit.index) break;
      this.#decoded.delete(index);
      this.#decodedDies -= size;
      this.#units?.[index]?.forget();
    }
  }

  #addresses(): { begin: number[]; end: number[]; unit: number[] } {
    if (this.#unitIndex) return this.#unitIndex;
    const rows: [begin: number, end: number, unit: number][] = [];
    for (const unit of this.units)
      for (const { begin, end } of unit.ranges()) rows.push([begin, end, unit.index]);
    rows.sort((a, b) => a[0] - b[0]);
    this.#unitIndex = {
      begin: rows.map((row) => row[0]),
      end: rows.map((row) => row[1]),
      unit: rows.map((row) => row[2]),
    };
    return this.#unitIndex;
  }
}

/** About 60 MB of columns. */
const maxDecodedDies = 1_000_000;

function asMalformed(error: unknown): unknown {
  if (error instanceof MalformedError || !(error instanceof Error)) return error;
  const { section, offset, reason } = error as Partial<{ section: string; offset: number; reason: string }>;
  if (section === undefined || offset === undefined) return error;
  return new MalformedError("dwarf", section, offset, reason ?? error.message);
}
