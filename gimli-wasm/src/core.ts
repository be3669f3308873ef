import { DwarfError } from "./error.ts";
import { lineHeaderLengthAt, lineHeaderStart, unitLengthAt } from "./lengths.ts";
import { giveUnits } from "./partial-info.ts";
import { type CoreSection, coreSections, type SectionSource, sectionName } from "./sections.ts";

/**
 * What `gimli.wasm` exports. A number that comes back from a question is 0 for "answered", 2 for "units are lacking", else "failed";
 * what was found is then read from `answer()`. The functions' columns are described beside them in Rust.
 */
interface CoreExports {
  readonly memory: WebAssembly.Memory;
  /** Begins another file of split units, whose strings count from `strings`, and gives its number. */
  readonly split_file: (strings: number) => number;
  /** Makes room for a section of so many bytes and says where; 0 if there is no room. */
  readonly section: (file: number, section: number, length: number) => number;
  /** Of a file's .debug_info, only so many bytes of each unit are there. */
  readonly is_partial: (file: number, prefix: number) => void;
  /** Now the unit that starts at an offset is there whole. */
  readonly has_unit: (file: number, offset: number) => void;
  /**
   * Address of the last answer: a count of columns, then address and byte length of each, all u32;
   * of a failure: section, offset, address and byte length of the reason, file.
   */
  readonly answer: () => number;
  readonly line_programs: () => number;
  readonly line_header: (offset: number) => number;
  readonly line_rows: (offset: number) => number;
  readonly units: (file: number) => number;
  readonly line_table: () => number;
  readonly line_table_rows: (most: number) => number;
  readonly claims: () => number;
  readonly unit_ranges: (unit: number) => number;
  readonly functions: (unit: number) => number;
  readonly names: (unit: number) => number;
  readonly slots: (unit: number) => number;
  /** Makes room for a unit that is passed through, and says where. */
  readonly window: (length: number) => number;
  readonly slots_in_window: (unit: number) => number;
  readonly names_in_window: (unit: number) => number;
  readonly dies: (unit: number) => number;
  readonly ranges: (unit: number, list: number) => number;
  readonly location_list: (unit: number, list: number) => number;
  readonly address: (unit: number, index: number) => number;
}

/** The questions that are answered in columns. */
export type Question = Exclude<
  keyof CoreExports,
  "memory" | "section" | "split_file" | "answer" | "is_partial" | "has_unit" | "window"
>;

/** A .debug_info of which units are given when a question is about them. */
interface PartialInfo {
  readonly source: SectionSource;
  /** Where it lies in the core. */
  readonly at: number;
  /** Where those units start that have been given. */
  readonly given: Set<number>;
}

/** A .debug_line of which programs are given when a question is about them. */
interface PartialLines {
  /** Where it lies in the core. */
  readonly at: number;
  /** How many bytes have been given of the programs that start at these places. */
  readonly given: Map<number, number>;
  /** How many more may be given one by one. */
  left: number;
}

/** What the core knows besides sections, by numbers behind theirs. */
const inputs = ["bodies"] as const;
type InputName = (typeof inputs)[number];

/** Asks one instance of the core, and copies its answers out of its memory. */
export class Core {
  readonly #module: WebAssembly.Module;
  #exports: CoreExports | undefined;
  #instance = 0;
  /** By file. */
  #given: Set<CoreSection>[] = [new Set()];
  /** By file. */
  readonly #partial = new Map<number, PartialInfo>();
  #programs: PartialLines | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Whether a section of a file is already in the core. */
  has(section: CoreSection, file = 0): boolean {
    return this.#given[file]?.has(section) ?? false;
  }

  /**
   * Copies a section into the core, for good. Throws a `DwarfError` when the core's memory cannot hold it.
   *
   * `inParts`: of .debug_info only the beginnings of units, which tell what they are about; a unit is copied when a question is
   * about it. Memory that nobody has written to is no memory in use.
   */
  give(section: CoreSection, source: SectionSource | undefined, file = 0, inParts = false): void {
    this.#given[file]?.add(section);
    if (source === undefined || source.length === 0) return;
    const at = this.#reserve(section, source, file);
    const exports = this.#start();
    const bytes = new Uint8Array(exports.memory.buffer, at, source.length);
    const prefix = inParts && section === ".debug_info" ? giveUnits(bytes, source) : undefined;
    if (prefix === undefined) {
      source.readInto(bytes, 0);
    } else {
      exports.is_partial(file, prefix);
      this.#partial.set(file, { source, at, given: new Set() });
    }
  }

  /** Makes room for a section, and says where. Nothing of it is memory in use before it is written to. */
  #reserve(section: CoreSection, source: SectionSource, file: number): number {
    const at = this.#start().section(file, coreSections.indexOf(section), source.length) >>> 0;
    if (at > 0) return at;
    const reason = "not enough memory for this section";
    throw new DwarfError({ section: sectionName(section, file), offset: 0, reason });
  }

  /**
   * Copies the line program that starts at an offset of .debug_line, or no more than its header, to where it is in the section. Once
   * that has been as much as all of it, the whole is given.
   */
  giveProgram(source: SectionSource | undefined, offset: number, part: "header" | "whole"): void {
    if (this.has(".debug_line") || source === undefined || source.length === 0) return;
    this.#programs ??= {
      at: this.#reserve(".debug_line", source, 0),
      given: new Map(),
      left: source.length,
    };
    const programs = this.#programs;
    if (offset >= source.length) return;
    const { buffer } = this.#start().memory;
    const rest = new Uint8Array(buffer, programs.at + offset, source.length - offset);
    const given = programs.given.get(offset) ?? 0;
    if (given === 0) source.readInto(rest.subarray(0, lineHeaderStart), offset);
    const length = part === "header" ? lineHeaderLengthAt(rest) : unitLengthAt(rest);
    const wanted = Math.min(length || rest.length, rest.length);
    if (wanted <= given) return;
    programs.left -= wanted;
    if (programs.left < 0) {
      source.readInto(new Uint8Array(buffer, programs.at, source.length), 0);
      this.#given[0]?.add(".debug_line");
      return;
    }
    source.readInto(rest.subarray(0, wanted), offset);
    programs.given.set(offset, wanted);
  }

  /** Gives numbers that a question needs besides sections. Takes room each time. */
  giveNumbers(input: InputName, numbers: Uint32Array): void {
    const exports = this.#start();
    const at = exports.section(0, coreSections.length + inputs.indexOf(input), numbers.byteLength) >>> 0;
    if (at === 0 && numbers.length > 0) {
      throw new DwarfError({ section: ".debug_line", offset: 0, reason: "the reader ran out of memory" });
    }
    new Uint32Array(exports.memory.buffer, at, numbers.length).set(numbers);
  }

  /** Begins a file of split units, whose strings count from `strings`. */
  beginSplit(strings: number): void {
    this.#given[this.#start().split_file(strings)] = new Set();
  }

  /** Rises when everything that was given is lost. */
  get instance(): number {
    return this.#instance;
  }

  /**
   * Asks a question with up to two arguments, each a u32.
   *
   * A trap of the core (it can run out of memory) is a `DwarfError` too; the instance is then given up, and
   * `has` says so, since nothing in it can be relied on.
   * @throws {DwarfError} for malformed DWARF, with `section` where the core does not know better.
   */
  ask(question: Question, section: CoreSection, first = 0, second = 0): Answer {
    const exports = this.#start();
    for (;;) {
      let status: number;
      try {
        status = exports[question](first, second);
      } catch {
        this.drop();
        throw new DwarfError({ section, offset: first, reason: "the reader ran out of memory" });
      }
      const answer = new Answer(exports.memory.buffer, exports.answer() >>> 0);
      if (status === 0) return answer;
      if (status !== 2) throw new DwarfError(answer.failure());
      this.#giveUnits(answer.u32(0));
    }
  }

  /** Whether a question about a unit would have it copied first: the one that starts at an offset of a file's .debug_info. */
  lacks(offset: number, file: number): boolean {
    const partial = this.#partial.get(file);
    return partial !== undefined && !partial.given.has(offset);
  }

  /** Copies a unit to where it lies only until the next one does. */
  giveWindow(source: SectionSource, offset: number, length: number): void {
    const exports = this.#start();
    try {
      const at = exports.window(length) >>> 0;
      source.readInto(new Uint8Array(exports.memory.buffer, at, length), offset);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.drop();
      throw new DwarfError({ section: ".debug_info", offset, reason: "the reader ran out of memory" });
    }
  }

  /** Gives whole units: of each its file, and where it starts. */
  #giveUnits(wanted: Uint32Array): void {
    const exports = this.#start();
    for (let index = 0; index < wanted.length; index += 2) {
      const [file = 0, offset = 0] = wanted.subarray(index);
      const partial = this.#partial.get(file);
      if (!partial) throw new DwarfError({ section: ".debug_info", offset, reason: "no such unit" });
      const { source, at, given } = partial;
      if (given.has(offset)) continue;
      const rest = new Uint8Array(exports.memory.buffer, at + offset, source.length - offset);
      source.readInto(rest.subarray(0, unitLengthAt(rest)), offset);
      given.add(offset);
      exports.has_unit(file, offset);
    }
  }

  /** Gives the memory back. The next question would start a new instance, without sections. */
  drop(): void {
    this.#exports = undefined;
    this.#given = [new Set()];
    this.#partial.clear();
    this.#programs = undefined;
    this.#instance++;
  }

  #start(): CoreExports {
    this.#exports ??= new WebAssembly.Instance(this.#module, {}).exports as unknown as CoreExports;
    return this.#exports;
  }
}

/** The columns of one answer, by position. Valid until the core is asked again; what it hands out are copies. */
export class Answer {
  readonly #memory: ArrayBuffer;
  readonly #words: Uint32Array;

  constructor(memory: ArrayBuffer, address: number) {
    this.#memory = memory;
    this.#words = new Uint32Array(memory, address);
  }

  u8(column: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#copy(column));
  }

  u16(column: number): Uint16Array<ArrayBuffer> {
    return new Uint16Array(this.#copy(column));
  }

  u32(column: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#copy(column));
  }

  f64(column: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#copy(column));
  }

  u64(column: number): BigUint64Array<ArrayBuffer> {
    return new BigUint64Array(this.#copy(column));
  }

  /** Copies a column into another, from its row `at` on; answers how many rows those were. */
  into(column: number, target: Uint32Array | Uint8Array, at: number): number {
    const start = this.#words[1 + 2 * column] ?? 0;
    const rows = (this.#words[2 + 2 * column] ?? 0) / target.BYTES_PER_ELEMENT;
    const fitting = Math.min(rows, target.length - at);
    const source =
      target instanceof Uint32Array
        ? new Uint32Array(this.#memory, start, fitting)
        : new Uint8Array(this.#memory, start, fitting);
    target.set(source, at);
    return fitting;
  }

  /** The facts of a failure, which has the same place as an answer but another shape. */
  failure(): { section: string; offset: number; reason: string } {
    const [section = 0, offset = 0, at = 0, length = 0, file = 0] = this.#words;
    const reason = new TextDecoder().decode(new Uint8Array(this.#memory, at, length));
    return { section: sectionName(coreSections[section] ?? ".debug_info", file), offset, reason };
  }

  #copy(column: number): ArrayBuffer {
    const at = this.#words[1 + 2 * column] ?? 0;
    const length = this.#words[2 + 2 * column] ?? 0;
    return this.#memory.slice(at, at + length);
  }
}
