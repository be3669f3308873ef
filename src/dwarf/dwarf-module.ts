import { type ClaimColumns, NONE, type UnitColumns } from "gimli-wasm";
import { upperBound } from "../base/binary-search.ts";
import type { CodeOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import type { Die, DwarfUnit } from "./die.ts";
import type { DwarfColumns } from "./dwarf-columns.ts";
import { LazyUnit, type UnitModule } from "./lazy-unit.ts";
import { type FindSplit, type SplitUnit, SplitUnits } from "./split-units.ts";

/** What the rest of a module's DWARF is found by, where it is split. */
export interface SplitSearch {
  readonly find: FindSplit;
  /** Told, once each, what was not found or could not be used. */
  readonly report: (sentence: string) => void;
}

/**
 * The DWARF of one module: what gimli-wasm's columns mean.
 *
 * Units decode on first need; those decoded first are dropped again when more than 250,000 DIEs are
 * held. `Die` handles outlive that, since a unit decodes to the same rows again.
 * A skeleton and the split unit it stands for are one unit here, which has the skeleton's row and code and the other's DIEs.
 * Every method throws `MalformedError` `dwarf` for what cannot be decoded, and nothing else.
 */
export class DwarfModule implements UnitModule {
  readonly #columns: DwarfColumns;
  #unitColumns: UnitColumns | undefined;
  #units: LazyUnit[] | undefined;
  #claims: UnitClaims | undefined;
  /** Unit to its number of DIEs, in the order decoded. */
  readonly #decoded = new Map<number, number>();
  #decodedDies = 0;

  readonly #splits: SplitUnits;
  /** By gimli-wasm's number: units of split files that are no module unit's other half, such as types. */
  readonly #extra = new Map<number, LazyUnit>();
  #types: { readonly units: Map<bigint, number>; readonly files: number } | undefined;

  constructor(columns: DwarfColumns, splits?: SplitSearch) {
    this.#columns = columns;
    this.#splits = new SplitUnits(columns, splits?.find, splits?.report);
  }

  /** All units of .debug_info and .debug_types, in section order; none of those that are in files of split units alone. */
  get units(): readonly DwarfUnit[] {
    this.#units ??= Array.from(this.unitColumns.offset, (_, index) => new LazyUnit(this, index));
    return this.#units;
  }

  get unitColumns(): UnitColumns {
    this.#unitColumns ??= this.read((columns) => columns.units());
    return this.#unitColumns;
  }

  /**
   * The units that claim the code at `address`, in section order: each unit that uses an inline function describes a copy of
   * its own, and the linker keeps one.
   */
  unitsAt(address: CodeOffset): readonly DwarfUnit[] {
    this.#claims ??= withReach(this.read((columns) => columns.claims()));
    const { begin, end, reach, unit } = this.#claims;
    const units = new Set<number>();
    for (let at = upperBound(begin, address) - 1; at >= 0 && (reach[at] as number) > address; at--) {
      if ((end[at] as number) > address) units.add(unit[at] as number);
    }
    return [...units].sort((a, b) => a - b).map((row) => this.units[row] as DwarfUnit);
  }

  /** Rows of units whose code is not known, since its ranges are malformed. */
  get unitsWithoutRanges(): readonly number[] {
    this.#claims ??= withReach(this.read((columns) => columns.claims()));
    return [...this.#claims.failed];
  }

  /** The DIE at an offset in .debug_info, in whichever unit. */
  dieAt(offset: number): Die | undefined {
    const unit = this.read((columns) => columns.unitAt(offset));
    return unit < 0 ? undefined : this.#unitOf(unit)?.dieAt(offset);
  }

  /** The DIE of the type that a type unit is for; `undefined` when there is no such unit. */
  typeOfSignature(signature: bigint): Die | undefined {
    const number = this.#typeUnits().get(signature);
    const unit = number === undefined ? undefined : this.#unitOf(number);
    return unit && unit.typeDie !== NONE ? unit.dieAt(unit.typeDie) : undefined;
  }

  /** Where `text` stands in .debug_str, of the module and of files of split units that are open: as `StringColumn`s say it. */
  stringOffsets(text: string): Uint32Array {
    const files = [...this.#splits.added()].length;
    const known = this.#offsets.get(text);
    if (known?.files === files) return known.offsets;
    const offsets = this.read((columns) => columns.stringOffsets(text));
    if (this.#offsets.size >= mostTexts) this.#offsets.clear();
    this.#offsets.set(text, { files, offsets });
    return offsets;
  }
  readonly #offsets = new Map<string, { readonly files: number; readonly offsets: Uint32Array }>();

  /** The other half of a unit of the module. */
  splitOf(index: number): SplitUnit | undefined {
    return this.read(() => this.#splits.of(index, this.unitColumns));
  }

  #unitOf(number: number): DwarfUnit | undefined {
    if (number < this.units.length) return this.units[number];
    const known = this.#extra.get(number);
    if (known) return known;
    for (const { first, columns } of this.#splits.added()) {
      const row = number - first;
      if (row < 0 || row >= columns.offset.length) continue;
      const skeleton = columns.skeleton[row] ?? NONE;
      if (skeleton !== NONE) return this.units[skeleton];
      const unit = new LazyUnit(this, number, { unit: number, columns, row });
      this.#extra.set(number, unit);
      return unit;
    }
    return undefined;
  }

  /** Type units by signature: the module's, then those of split files. */
  #typeUnits(): ReadonlyMap<bigint, number> {
    const added = [...this.#splits.added()];
    if (this.#types?.files === added.length) return this.#types.units;
    const units = new Map<bigint, number>();
    for (const { first, columns } of [{ first: 0, columns: this.unitColumns }, ...added]) {
      for (const [row, die] of columns.typeDie.entries()) {
        const signature = columns.typeSignature[row] ?? 0n;
        if (die !== NONE && !units.has(signature)) units.set(signature, first + row);
      }
    }
    this.#types = { units, files: added.length };
    return units;
  }

  /** Asks gimli-wasm, with its errors as this project's. */
  read<T>(question: (columns: DwarfColumns) => T): T {
    try {
      return question(this.#columns);
    } catch (error) {
      throw asMalformed(error);
    }
  }

  /** Gives the memory back: nothing may be asked any more. */
  close(): void {
    this.#columns.close?.();
  }

  /** Called by a unit that has just decoded its DIEs. */
  noteDecoded(unit: number, dies: number): void {
    this.#decoded.set(unit, dies);
    this.#decodedDies += dies;
    for (const [index, size] of this.#decoded) {
      if (this.#decodedDies <= maxDecodedDies || index === unit) break;
      this.#decoded.delete(index);
      this.#decodedDies -= size;
      (this.#units?.[index] ?? this.#extra.get(index))?.forget();
    }
  }
}

/** Ranges of code that units claim, by their begins; they may overlap. */
interface UnitClaims extends ClaimColumns {
  /** The furthest end of all ranges up to here. */
  readonly reach: Float64Array;
}

function withReach(claims: ClaimColumns): UnitClaims {
  let furthest = 0;
  const reach = claims.end.map((end) => {
    furthest = Math.max(furthest, end);
    return furthest;
  });
  return { ...claims, reach };
}

/** About 15 MB of columns: two of the largest units there are. */
const maxDecodedDies = 250_000;
const mostTexts = 1_000;

function asMalformed(error: unknown): unknown {
  if (error instanceof MalformedError || !(error instanceof Error)) return error;
  const { section, offset, reason } = error as Partial<{ section: string; offset: number; reason: string }>;
  if (section === undefined || offset === undefined) return error;
  return new MalformedError("dwarf", section, offset, reason ?? error.message);
}
