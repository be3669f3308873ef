import { type Dwarf, DwarfError, type FunctionColumns } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import type { CodeOffset } from "../base/brand.ts";
import { DW_TAG_subprogram } from "./constants.ts";
import type { DwarfModule } from "./dwarf-module.ts";

/** A function that has code, as its unit describes it. */
export interface Subprogram {
  /** Row in the module's units. */
  readonly unit: number;
  /** Of its DIE in .debug_info. */
  readonly offset: number;
  /** Without namespaces and classes; `undefined` when the DIE has none. */
  readonly name: string | undefined;
  /** As the linker knows it, when the language mangles names. */
  readonly linkageName: string | undefined;
}

/**
 * The functions of a module by their code. Reads the index of one unit when a function of it is first asked for,
 * and keeps it.
 */
export class Subprograms {
  readonly #dwarf: Dwarf;
  readonly #module: DwarfModule;
  readonly #units = new Map<number, UnitIndex>();

  constructor(dwarf: Dwarf, module: DwarfModule) {
    this.#dwarf = dwarf;
    this.#module = module;
  }

  /**
   * The function whose code begins at `begin` ≤ address < `end`: the bounds of a function body.
   * `undefined` when no unit claims that code, or its unit does not describe it.
   *
   * @throws {DwarfError} or {MalformedError} `dwarf` when the unit cannot be read.
   */
  find(begin: CodeOffset, end: CodeOffset): Subprogram | undefined {
    const unit = this.#module.unitAtAddress(begin)?.index;
    if (unit === undefined) return undefined;
    const { columns, begins, rows } = this.#indexOf(unit);
    const at = lowerBound(begins, begin);
    const row = rows[at];
    if (row === undefined || (begins[at] as number) >= end) return undefined;
    return {
      unit,
      offset: columns.die[row] as number,
      name: this.#text(columns.name, row),
      linkageName: this.#text(columns.linkageName, row),
    };
  }

  #indexOf(unit: number): UnitIndex {
    let index = this.#units.get(unit);
    if (!index) {
      index = indexByBegin(this.#dwarf.functions(unit));
      this.#units.set(unit, index);
    }
    return index;
  }

  #text({ section, offset }: FunctionColumns["name"], row: number): string | undefined {
    const of = section[row] ?? 0;
    return of === 0 ? undefined : this.#dwarf.string(of, offset[row] ?? 0) || undefined;
  }
}

/** Where the code of a unit's functions begins, rising, with the row of each. */
interface UnitIndex {
  readonly columns: FunctionColumns;
  readonly begins: Float64Array;
  readonly rows: Uint32Array;
}

function indexByBegin(columns: FunctionColumns): UnitIndex {
  const found: { begin: number; row: number }[] = [];
  for (const [row, tag] of columns.tag.entries()) {
    if (tag !== DW_TAG_subprogram) continue;
    const to = columns.rangeStart[row + 1] as number;
    for (let range = columns.rangeStart[row] as number; range < to; range++) {
      found.push({ begin: columns.ranges.begin[range] as number, row });
    }
  }
  found.sort((a, b) => a.begin - b.begin || a.row - b.row);
  return {
    columns,
    begins: Float64Array.from(found, (of) => of.begin),
    rows: Uint32Array.from(found, (of) => of.row),
  };
}

/** Whether an error says that DWARF is malformed, in gimli-wasm's words or ours. */
export const isDwarfError = (error: unknown): error is Error =>
  error instanceof DwarfError || (error instanceof Error && error.name === "MalformedError");
