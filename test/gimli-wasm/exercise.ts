import assert from "node:assert/strict";
import { AttrClass, type Dwarf, DwarfError, NONE, type StringColumn, StringSection } from "gimli-wasm";
import { gimli } from "./modules.ts";

/** What came of asking a module everything there is to ask. */
export interface Outcome {
  readonly answers: number;
  readonly failures: readonly DwarfError[];
}

/**
 * Asks everything of a module whose sections may be malformed, following what the answers name.
 *
 * Throws an `AssertionError` if anything but a `DwarfError` is thrown, if that does not say where, or if
 * the reader had to be given up.
 */
export function exercise(sections: ReadonlyMap<string, Uint8Array>): Outcome {
  const dwarf = gimli.open((name) => sections.get(name));
  const exerciser = new Exerciser(dwarf, sections);
  exerciser.lines();
  exerciser.units();
  dwarf.close();
  return exerciser;
}

class Exerciser implements Outcome {
  answers = 0;
  readonly failures: DwarfError[] = [];
  readonly #dwarf: Dwarf;
  readonly #sections: ReadonlyMap<string, Uint8Array>;

  constructor(dwarf: Dwarf, sections: ReadonlyMap<string, Uint8Array>) {
    this.#dwarf = dwarf;
    this.#sections = sections;
  }

  lines(): void {
    for (const offset of this.#dwarf.linePrograms()) {
      const header = this.#ask(() => this.#dwarf.lineHeader(offset));
      if (header) this.#strings(header.directories, header.fileName, header.source);
      const rows = this.#ask(() => this.#dwarf.lineRows(offset));
      if (rows) assert.ok(rows.address.every(isNumber));
    }
    const table = this.#ask(() => this.#dwarf.lineTable(Uint32Array.of(1, 0x1_0000)));
    if (table) assert.equal(table.flags.length, table.address.length);
  }

  units(): void {
    const units = this.#ask(() => this.#dwarf.units());
    if (!units) return;
    this.#ask(() => this.#dwarf.claims());
    this.#strings(units.name, units.compDir, units.producer, units.dwoName);
    for (const [unit, program] of units.lineProgram.entries()) {
      if (program !== NONE) this.#ask(() => this.#dwarf.lineHeader(program));
      this.#ask(() => this.#dwarf.unitRanges(unit));
      if (this.#sections.has(".debug_addr")) this.#ask(() => this.#dwarf.address(unit, 0));
      const functions = this.#ask(() => this.#dwarf.functions(unit));
      if (functions) this.#strings(functions.name, functions.linkageName);
      this.#ask(() => this.#dwarf.slots(unit));
      const names = this.#ask(() => this.#dwarf.names(unit));
      if (names) this.#strings(names.name);
      this.#dies(unit);
    }
  }

  #dies(unit: number): void {
    const dies = this.#ask(() => this.#dwarf.dies(unit));
    if (!dies) return;
    for (const [at, attrClass] of dies.attrClass.entries()) {
      const low: number = dies.attrLow[at] ?? 0;
      if (attrClass === AttrClass.rangeList) this.#ask(() => this.#dwarf.ranges(unit, low));
      if (attrClass === AttrClass.locationList) this.#ask(() => this.#dwarf.locationList(unit, low));
      if (attrClass === AttrClass.string) this.#ask(() => this.#dwarf.string(dies.attrHigh[at] ?? 0, low));
      if (attrClass === AttrClass.reference) assert.ok(Number.isInteger(this.#dwarf.unitAt(low)));
      if (attrClass === AttrClass.expression || attrClass === AttrClass.block) {
        assert.equal(this.#dwarf.bytes(low, dies.attrHigh[at] ?? 0).length, dies.attrHigh[at]);
      }
    }
  }

  #strings(...columns: readonly StringColumn[]): void {
    for (const { section, offset } of columns) {
      for (const [row, kind] of section.entries()) {
        if (kind !== StringSection.none) this.#ask(() => this.#dwarf.string(kind, offset[row] ?? 0));
      }
    }
  }

  #ask<T>(question: () => T): T | undefined {
    try {
      const answer = question();
      this.answers++;
      return answer;
    } catch (error) {
      assert.ok(error instanceof DwarfError, `${error}`);
      assert.match(error.section, /^\.debug_/);
      const length = this.#sections.get(error.section)?.length ?? 0;
      const isInside = Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= length;
      assert.ok(isInside || /starts/.test(error.reason), error.message);
      assert.doesNotMatch(error.reason, /memory/);
      this.failures.push(error);
      return undefined;
    }
  }
}

const isNumber = (value: number): boolean => Number.isFinite(value);
