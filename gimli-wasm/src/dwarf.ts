import type {
  DieColumns,
  FunctionColumns,
  LineColumns,
  LineHeader,
  LocationColumns,
  RangeColumns,
  SlotColumns,
  UnitColumns,
} from "./columns.ts";
import { Core } from "./core.ts";
import {
  readDies,
  readFunctions,
  readLineHeader,
  readLineRows,
  readLocations,
  readRanges,
  readSlots,
  readUnits,
} from "./read-columns.ts";
import { type CoreSection, type SectionLoader, Sections, sectionsFor } from "./sections.ts";
import { readString, stringSectionName } from "./strings.ts";

/**
 * The DWARF of one module.
 *
 * A section is loaded, and copied into the core, when a question first needs it; line questions need
 * .debug_line alone. Answers are not cached, except `units()`.
 * A unit is named by its row in `units()`; a row that is not there is a `RangeError`.
 * Every question throws a `DwarfError` for malformed DWARF, and can be asked again or followed by others.
 */
export class Dwarf {
  readonly #sections: Sections;
  readonly #core: Core;
  #units: UnitColumns | undefined;
  #closed = false;

  /** Made by `Gimli.open`. */
  constructor(module: object, load: SectionLoader) {
    this.#core = new Core(module as WebAssembly.Module);
    this.#sections = new Sections(load);
  }

  /** All units. The same object each time. */
  units(): UnitColumns {
    this.#need(sectionsFor.units);
    this.#units ??= readUnits(this.#core.ask("units", ".debug_info"));
    return this.#units;
  }

  /** Code ranges of a unit: its DW_AT_ranges, else low and high pc; none for a unit without code. */
  unitRanges(unit: number): RangeColumns {
    this.#needUnit(unit, sectionsFor.ranges);
    return readRanges(this.#core.ask("unit_ranges", ".debug_rnglists", unit));
  }

  /**
   * Offsets of all line programs, by walking .debug_line from 0. Empty if there is no such section.
   *
   * Never throws for malformed DWARF: the walk ends at a program whose length cannot be right, whose offset
   * is the last one here; reading it tells what is wrong.
   */
  linePrograms(): Uint32Array {
    this.#need(sectionsFor.lines);
    return this.#core.ask("line_programs", ".debug_line").u32(0);
  }

  /** Files and directories of the line program at an offset of .debug_line. */
  lineHeader(offset: number): LineHeader {
    this.#need(sectionsFor.lines);
    return readLineHeader(this.#core.ask("line_header", ".debug_line", offset), offset);
  }

  /** Rows of the line program at an offset of .debug_line. */
  lineRows(offset: number): LineColumns {
    this.#need(sectionsFor.lines);
    return readLineRows(this.#core.ask("line_rows", ".debug_line", offset));
  }

  /** Functions and inlined calls of a unit that have code. */
  functions(unit: number): FunctionColumns {
    this.#needUnit(unit, sectionsFor.ranges);
    return readFunctions(this.#core.ask("functions", ".debug_info", unit));
  }

  /** Which slots of Wasm frames hold variables of a unit, and where: all its locations at once, no DIE handed out. */
  slots(unit: number): SlotColumns {
    this.#needUnit(unit, [...sectionsFor.ranges, ...sectionsFor.locations]);
    return readSlots(this.#core.ask("slots", ".debug_info", unit));
  }

  /** All DIEs of a unit with all their attributes. */
  dies(unit: number): DieColumns {
    this.#needUnit(unit, [...sectionsFor.ranges, ...sectionsFor.locations]);
    return readDies(this.#core.ask("dies", ".debug_info", unit));
  }

  /** The range list that an attribute of class `AttrClass.rangeList` names, of a DIE in this unit. */
  ranges(unit: number, list: number): RangeColumns {
    this.#needUnit(unit, sectionsFor.ranges);
    return readRanges(this.#core.ask("ranges", ".debug_rnglists", unit, list));
  }

  /** The location list that an attribute of class `AttrClass.locationList` names, of a DIE in this unit. */
  locationList(unit: number, list: number): LocationColumns {
    this.#needUnit(unit, sectionsFor.locations);
    return readLocations(this.#core.ask("location_list", ".debug_loclists", unit, list));
  }

  /** An entry of .debug_addr as a unit numbers them: what DW_OP_addrx and DW_OP_constx take. */
  address(unit: number, index: number): number {
    this.#needUnit(unit, []);
    return this.#core.ask("address", ".debug_addr", unit, index).f64(0)[0] ?? 0;
  }

  /**
   * Reads a string of a `StringColumn`, or of an attribute of class `AttrClass.string`.
   * `section` is a `StringSection`; `none` gives the empty string.
   */
  string(section: number, offset: number): string {
    this.#mustBeOpen();
    const name = stringSectionName(section);
    return name === undefined ? "" : readString(name, this.#sections.find(name), offset);
  }

  /** The bytes of a section as they were loaded, not a copy; undefined if there is none. */
  section(name: string): Uint8Array | undefined {
    this.#mustBeOpen();
    return this.#sections.find(name);
  }

  /**
   * Bytes that an attribute of class `AttrClass.expression` or `AttrClass.block` names: a view, not a copy.
   * Empty if there are none such.
   */
  bytes(offset: number, length: number): Uint8Array {
    this.#mustBeOpen();
    const info = this.#sections.find(".debug_info");
    const infoLength = info?.length ?? 0;
    if (offset < infoLength) return info?.subarray(offset, offset + length) ?? new Uint8Array(0);
    const at = offset - infoLength;
    return this.#sections.find(".debug_types")?.subarray(at, at + length) ?? new Uint8Array(0);
  }

  /** Row of the unit that a DIE or unit offset lies in, or −1. */
  unitAt(offset: number): number {
    const { offset: starts, length } = this.units();
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = low - 1;
    return unit >= 0 && offset < (starts[unit] ?? 0) + (length[unit] ?? 0) ? unit : -1;
  }

  /** Gives the memory back. Every later question is an `Error`; what was handed out stays valid. */
  close(): void {
    this.#closed = true;
    this.#units = undefined;
    this.#core.drop();
    this.#sections.clear();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error("this Dwarf was closed");
  }

  #need(sections: readonly CoreSection[]): void {
    this.#mustBeOpen();
    for (const section of sections) {
      if (!this.#core.has(section)) this.#core.give(section, this.#sections.find(section));
    }
  }

  #needUnit(unit: number, sections: readonly CoreSection[]): void {
    const { offset } = this.units();
    if (offset[unit] === undefined) throw new RangeError(`no unit ${unit}: there are ${offset.length}`);
    this.#need(sections);
  }
}
