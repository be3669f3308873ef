import {
  type ClaimColumns,
  type DieColumns,
  type FunctionColumns,
  type LineColumns,
  type LineHeader,
  type LineTableColumns,
  type LocationColumns,
  type NameColumns,
  type RangeColumns,
  type SlotColumns,
  StringSection,
  type UnitColumns,
} from "./columns.ts";
import { type Answer, Core } from "./core.ts";
import {
  readClaims,
  readDies,
  readFunctions,
  readLineHeader,
  readLineRows,
  readLocations,
  readNames,
  readRanges,
  readSlots,
  readUnits,
} from "./read-columns.ts";
import { readTable } from "./read-table.ts";
import { type CoreSection, type SectionLoader, Sections, sectionName, sectionsFor } from "./sections.ts";
import { findString, readString, stringSectionName } from "./strings.ts";

/** A file whose DIEs and strings have numbers behind those of the files before it; the first is the module. */
interface DwarfFile {
  readonly sections: Sections;
  readonly units: Pick<UnitColumns, "offset" | "length">;
  /** Number of its first unit. */
  readonly first: number;
  /** First number of its DIEs, of those of its .debug_types, and one past the last. */
  readonly start: number;
  readonly types: number;
  readonly end: number;
  /** What its strings of .debug_str count from. */
  readonly strings: number;
}

/**
 * The DWARF of one module.
 *
 * A section is loaded, and copied into the core, when a question first needs it; line questions need
 * .debug_line alone. Answers are not cached, except `units()`.
 * A unit is named by its row in `units()`, or by the number that `addSplit` says; one that is not there is a `RangeError`.
 * Every question throws a `DwarfError` for malformed DWARF, and can be asked again or followed by others.
 */
export class Dwarf {
  readonly #module: WebAssembly.Module;
  readonly #sections: Sections;
  readonly #core: Core;
  /** Empty until units are asked for. */
  #files: DwarfFile[] = [];
  #units: UnitColumns | undefined;
  /** Which of the core's instances knows the files' units. */
  #instance = 0;
  #closed = false;

  /** Made by `Gimli.open`. */
  constructor(module: object, load: SectionLoader) {
    this.#module = module as WebAssembly.Module;
    this.#core = new Core(this.#module);
    this.#sections = new Sections(load);
  }

  /** All units of the module. The same object each time. */
  units(): UnitColumns {
    this.#need(sectionsFor.units);
    this.#units ??= this.#open(this.#sections, 0, 0);
    return this.#units;
  }

  /**
   * Adds a file of split units: a `.dwo` or a `.dwp`, whose sections `load` gives by their names there (".debug_info.dwo",
   * ".debug_cu_index", …). Its units are from then on asked about by number: `first`, and so on. Those whose `skeleton`
   * is NONE belong to no unit of this module, and nothing should be asked about them.
   *
   * @throws {DwarfError} if the file's units cannot be read: then it is as if it had not been added.
   */
  addSplit(load: SectionLoader): { readonly first: number; readonly units: UnitColumns } {
    this.#restore();
    const last = this.#files.at(-1) as DwarfFile;
    const strings = last.strings + (last.sections.find(".debug_str")?.length ?? 0);
    const file = this.#files.length;
    const units = this.#open(new Sections(load, file), file, strings);
    return { first: this.#start("first", file), units };
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
    this.#needProgram(offset, "header");
    return readLineHeader(this.#core.ask("line_header", ".debug_line", offset), offset);
  }

  /** Rows of the line program at an offset of .debug_line. */
  lineRows(offset: number): LineColumns {
    this.#needProgram(offset, "whole");
    return readLineRows(this.#core.ask("line_rows", ".debug_line", offset));
  }

  /**
   * Rows of all line programs that are about functions, whose code addresses are `bodies`: where the first begins, where it
   * ends, and so on, rising. One question for what would be two for each program.
   *
   * It takes all of .debug_line, and as much again, which nothing else needs: an instance of its own gives that back.
   */
  lineTable(bodies: Uint32Array): LineTableColumns {
    this.#mustBeOpen();
    const core = new Core(this.#module);
    for (const section of sectionsFor.lines) core.give(section, this.#sections.find(section));
    core.giveNumbers("bodies", bodies);
    return readTable(core);
  }

  /** Code ranges of all units of the module at once, as `unitRanges` gives them one by one. */
  claims(): ClaimColumns {
    this.#restore();
    this.#need(sectionsFor.ranges);
    return readClaims(this.#core.ask("claims", ".debug_rnglists"));
  }

  /** Functions and inlined calls of a unit that have code. */
  functions(unit: number): FunctionColumns {
    this.#needUnit(unit, sectionsFor.ranges);
    return readFunctions(this.#core.ask("functions", ".debug_info", unit));
  }

  /** Which slots of Wasm frames hold variables of a unit, and where: all its locations at once, no DIE handed out. */
  slots(unit: number): SlotColumns {
    this.#needUnit(unit, [...sectionsFor.ranges, ...sectionsFor.locations]);
    return readSlots(this.#askInPassing("slots", unit));
  }

  /** What can be named from elsewhere in a unit: variables, functions, types and enumerators with names, in DIE order. */
  names(unit: number): NameColumns {
    this.#needUnit(unit, []);
    return readNames(this.#askInPassing("names", unit));
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
    if (name === undefined) return "";
    const file = section === StringSection.debugStr ? this.#fileBy("strings", offset) : 0;
    if (file > 0)
      return readString(name, this.#sectionsOf(file), offset - this.#start("strings", file), file);
    const holder = section === StringSection.debugInfo ? this.#fileBy("start", offset) : 0;
    if (holder === 0) return readString(name, this.#sections, offset, 0);
    const { start, types, sections } = this.#files[holder] as DwarfFile;
    return offset < types
      ? readString(".debug_info", sections, offset - start, holder)
      : readString(".debug_types", sections, offset - types, holder);
  }

  /**
   * Where in .debug_str a string ends as `text` does: every offset, as `StringColumn`s have them, that `string` answers `text` for.
   * Reads the whole section, of which no more than a piece is held at a time.
   */
  stringOffsets(text: string): Uint32Array {
    this.#restore();
    const found: number[] = [];
    for (const { sections, strings } of this.#files) {
      for (const offset of findString(sections, ".debug_str", text)) found.push(strings + offset);
    }
    return Uint32Array.from(found);
  }

  /** How many bytes a section of the module has, without reading them; 0 if there is none. */
  sectionLength(name: string): number {
    this.#mustBeOpen();
    return this.#sections.find(name)?.length ?? 0;
  }

  /** The bytes of a section of the module as they were loaded; undefined if there is none. Not to be changed. */
  section(name: string): Uint8Array | undefined {
    this.#mustBeOpen();
    const length = this.#sections.find(name)?.length;
    return length === undefined ? undefined : this.#sections.bytes(name, 0, length);
  }

  /**
   * Bytes that an attribute of class `AttrClass.expression` or `AttrClass.block` names, not to be changed.
   * Empty if there are none such.
   */
  bytes(offset: number, length: number): Uint8Array {
    this.#restore();
    const { start, types, sections } = this.#files[this.#fileBy("start", offset)] as DwarfFile;
    return offset < types
      ? sections.bytes(".debug_info", offset - start, length)
      : sections.bytes(".debug_types", offset - types, length);
  }

  /** Number of the unit that a DIE or unit offset lies in, or −1. */
  unitAt(offset: number): number {
    this.#restore();
    const { units, first } = this.#files[this.#fileBy("start", offset)] as DwarfFile;
    const { offset: starts, length } = units;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = low - 1;
    return unit >= 0 && offset < (starts[unit] ?? 0) + (length[unit] ?? 0) ? first + unit : -1;
  }

  /** Gives the memory back. Every later question is an `Error`; what was handed out stays valid. */
  close(): void {
    this.#closed = true;
    for (const { sections } of this.#files) sections.clear();
    this.#files = [];
    this.#units = undefined;
    this.#core.drop();
    this.#sections.clear();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error("this Dwarf was closed");
  }

  #need(sections: readonly CoreSection[], file = 0): void {
    this.#mustBeOpen();
    for (const section of sections) {
      if (!this.#core.has(section, file)) this.#give(section, this.#sectionsOf(file), file);
    }
  }

  #needProgram(offset: number, part: "header" | "whole"): void {
    this.#mustBeOpen();
    this.#core.giveProgram(this.#sections.find(".debug_line"), offset, part);
  }

  #give(section: CoreSection, sections: Sections, file: number): void {
    this.#core.give(section, sections.find(section), file, sections.isRead(section));
  }

  #needUnit(unit: number, sections: readonly CoreSection[]): void {
    this.#restore();
    const file = this.#fileBy("first", unit);
    const { first, units } = this.#files[file] as DwarfFile;
    if (units.offset[unit - first] === undefined) {
      throw new RangeError(`no unit ${unit}: there are ${first + units.offset.length}`);
    }
    // Split units read the module's addresses, and up to version 4 its ranges.
    this.#need(sections);
    if (file > 0)
      this.#need(
        sections.filter((section) => sectionName(section, file) !== section),
        file,
      );
  }

  /** Asks what one walk through a unit tells: who wants to know it of all units should not have the core hold them all. */
  #askInPassing(question: "slots" | "names", unit: number): Answer {
    const file = this.#fileBy("first", unit);
    const { sections, units, first, start } = this.#files[file] as DwarfFile;
    const offset = (units.offset[unit - first] as number) - start;
    const info = sections.find(".debug_info");
    // Units of .debug_types count on from its end.
    if (!info || offset >= info.length || !this.#core.lacks(offset, file)) {
      return this.#core.ask(question, ".debug_info", unit);
    }
    this.#core.giveWindow(info, offset, units.length[unit - first] as number);
    return this.#core.ask(`${question}_in_window`, ".debug_info", unit);
  }

  #sectionsOf(file: number): Sections {
    return this.#files[file]?.sections ?? this.#sections;
  }

  /** Makes sure that the core knows the units of all files: after running out of memory it has forgotten everything. */
  #restore(): void {
    this.units();
    if (this.#instance === this.#core.instance) return;
    for (const [file, { sections, strings }] of this.#files.entries()) {
      try {
        this.#ask(sections, file, strings);
      } catch {
        // What could not be read the first time has no units now either.
      }
    }
  }

  /** Takes up a file and reads its units. One that cannot be read has none, but keeps its place. */
  #open(sections: Sections, file: number, strings: number): UnitColumns {
    const before = this.#files[file - 1];
    const start = before?.end ?? 0;
    const types = start + (sections.find(".debug_info")?.length ?? 0);
    const end = types + (sections.find(".debug_types")?.length ?? 0);
    const first = before ? before.first + before.units.offset.length : 0;
    const none = { offset: new Uint32Array(0), length: new Uint32Array(0) };
    this.#files[file] = { sections, units: none, first, start, types, end, strings };
    const units = this.#ask(sections, file, strings);
    this.#files[file] = { sections, units, first, start, types, end, strings };
    return units;
  }

  #ask(sections: Sections, file: number, strings: number): UnitColumns {
    if (file > 0) {
      this.#core.beginSplit(strings);
      for (const section of [...sectionsFor.units, ...sectionsFor.packages]) {
        this.#give(section, sections, file);
      }
    } else {
      this.#need(sectionsFor.units);
    }
    const units = readUnits(this.#core.ask("units", ".debug_info", file));
    this.#instance = this.#core.instance;
    return units;
  }

  #start(what: "first" | "start" | "strings", file: number): number {
    return this.#files[file]?.[what] ?? 0;
  }

  /** The last file whose numbers of one kind begin at or before one. */
  #fileBy(what: "first" | "start" | "strings", number: number): number {
    let low = 0;
    let high = this.#files.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#start(what, middle) <= number) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
