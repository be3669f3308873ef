import { type Dwarf, DwarfError, type FunctionColumns, NONE } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import { type CodeOffset, toCodeOffset } from "../base/brand.ts";
import { DW_TAG_subprogram } from "./constants.ts";
import type { DwarfModule } from "./dwarf-module.ts";
import { type InlinedCallEntry, inlinedCallsOf } from "./inlined-calls.ts";

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
 * The functions of a module by their code. Reads the index of a unit when a function of it is first asked for, and
 * keeps it.
 */
export class Subprograms {
  readonly #dwarf: Dwarf;
  readonly #module: DwarfModule;
  readonly #units = new Map<number, UnitIndex | undefined>();
  readonly #report: (sentence: string) => void;

  /** `report` is told of each unit that cannot be read: its functions are then as if they were not described. */
  constructor(dwarf: Dwarf, module: DwarfModule, report: (sentence: string) => void) {
    this.#dwarf = dwarf;
    this.#module = module;
    this.#report = report;
  }

  /**
   * The function whose code is `begin` ≤ address < `end`: the bounds of a function body.
   *
   * Several units may claim that code, since each that uses an inline function describes a copy of its own and the linker
   * keeps one: then the one that knows where the function ends, else the first.
   * `undefined` when no unit claims the code, or none describes it.
   */
  find(begin: CodeOffset, end: CodeOffset): Subprogram | undefined {
    this.#tellUnread();
    let first: { readonly unit: number; readonly columns: FunctionColumns; readonly row: number } | undefined;
    for (const { index: unit } of this.#readOf(-1, () => this.#module.unitsAt(begin)) ?? []) {
      const index = this.#indexOf(unit);
      const at = index ? lowerBound(index.begins, begin) : 0;
      const row = index?.rows[at];
      if (!index || row === undefined || (index.begins[at] as number) >= end) continue;
      const found = { unit, columns: index.columns, row };
      if (index.ends[at] === end) return this.#describe(found);
      first ??= found;
    }
    return first && this.#describe(first);
  }

  /** The calls that were inlined into a function. */
  inlinedCalls({ unit, offset }: Subprogram): readonly InlinedCallEntry[] {
    const index = this.#indexOf(unit);
    return index ? inlinedCallsOf(index.columns, offset) : [];
  }

  /**
   * Where the code of functions begins into which calls were inlined of functions whose own names, mangled or not, have `word`
   * in them; without it, of any. Reads the index of every unit.
   */
  *inlining(word?: string): Generator<CodeOffset, void, undefined> {
    for (const { index: unit } of this.#readOf(-1, () => this.#module.units) ?? []) {
      const index = this.#indexOf(unit);
      if (index) yield* this.#inliningIn(index.columns, unit, word);
    }
  }

  *#inliningIn(columns: FunctionColumns, unit: number, word: string | undefined) {
    const { tag, parent, rangeStart, ranges } = columns;
    const known = new Map<number, boolean>();
    const isMeant = (column: FunctionColumns["name"], row: number): boolean => {
      if (word === undefined) return true;
      const at = (column.offset[row] ?? 0) * 8 + (column.section[row] ?? 0);
      const found =
        known.get(at) ?? this.#readOf(unit, () => this.#text(column, row)?.includes(word)) ?? false;
      known.set(at, found);
      return found;
    };
    for (let row = 0; row < tag.length; row++) {
      if (tag[row] === DW_TAG_subprogram) continue;
      if (!isMeant(columns.name, row) && !isMeant(columns.linkageName, row)) continue;
      let top = row;
      while (tag[top] !== DW_TAG_subprogram && parent[top] !== NONE) top = parent[top] as number;
      const from = rangeStart[top] as number;
      if (from < (rangeStart[top + 1] as number)) yield toCodeOffset(ranges.begin[from] as number);
    }
  }

  #describe({ unit, columns, row }: { unit: number; columns: FunctionColumns; row: number }): Subprogram {
    return {
      unit,
      offset: columns.die[row] as number,
      name: this.#readOf(unit, () => this.#text(columns.name, row)),
      linkageName: this.#readOf(unit, () => this.#text(columns.linkageName, row)),
    };
  }

  /** The functions of a unit that is split are in its other half. */
  #contentsOf(unit: number): number {
    return this.#module.units[unit]?.contents.unit ?? unit;
  }

  /** Units whose code is not known are told of when functions are first looked for. */
  #tellUnread(): void {
    if (this.#toldUnread) return;
    this.#toldUnread = true;
    for (const unit of this.#readOf(-1, () => this.#module.unitsWithoutRanges) ?? []) {
      this.#readOf(unit, () => this.#module.units[unit]?.ranges());
    }
  }
  #toldUnread = false;

  #indexOf(unit: number): UnitIndex | undefined {
    if (!this.#units.has(unit)) {
      const index = this.#readOf(unit, () => indexByBegin(this.#dwarf.functions(this.#contentsOf(unit))));
      this.#units.set(unit, index);
    }
    return this.#units.get(unit);
  }

  /** What `read` finds out about a unit; a unit that is malformed is reported once. */
  #readOf<T>(unit: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isDwarfError(error)) throw error;
      if (!this.#broken.has(unit)) this.#report(`The functions of a unit cannot be read: ${error.message}.`);
      this.#broken.add(unit);
      return undefined;
    }
  }
  readonly #broken = new Set<number>();

  #text({ section, offset }: FunctionColumns["name"], row: number): string | undefined {
    const of = section[row] ?? 0;
    return of === 0 ? undefined : this.#dwarf.string(of, offset[row] ?? 0) || undefined;
  }
}

/** Where the code of a unit's functions begins, rising, with the row of each. */
interface UnitIndex {
  readonly columns: FunctionColumns;
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly rows: Uint32Array;
}

function indexByBegin(columns: FunctionColumns): UnitIndex {
  const found: { begin: number; end: number; row: number }[] = [];
  for (const [row, tag] of columns.tag.entries()) {
    if (tag !== DW_TAG_subprogram) continue;
    const to = columns.rangeStart[row + 1] as number;
    for (let range = columns.rangeStart[row] as number; range < to; range++) {
      const { begin, end } = columns.ranges;
      found.push({ begin: begin[range] as number, end: end[range] as number, row });
    }
  }
  found.sort((a, b) => a.begin - b.begin || a.row - b.row);
  return {
    columns,
    begins: Float64Array.from(found, (of) => of.begin),
    ends: Float64Array.from(found, (of) => of.end),
    rows: Uint32Array.from(found, (of) => of.row),
  };
}

/** Whether an error says that DWARF is malformed, in gimli-wasm's words or ours. */
export const isDwarfError = (error: unknown): error is Error =>
  error instanceof DwarfError || (error instanceof Error && error.name === "MalformedError");
