import { type FuncIndex, type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import {
  cursorOver,
  readSectionDirectory,
  type Section,
  type SectionContents,
  type StandardSectionKind,
} from "./section-directory.ts";
import { type CodeSection, readCodeSection } from "./sections/code.ts";
import { type DataSegment, readDataSection } from "./sections/data.ts";
import { readDataCountSection } from "./sections/data-count.ts";
import { type ElementSegment, readElementSection } from "./sections/element.ts";
import { type Export, readExportSection } from "./sections/export.ts";
import { readFunctionSection } from "./sections/function.ts";
import { type Global, readGlobalSection } from "./sections/global.ts";
import { type Import, readImportSection } from "./sections/import.ts";
import { type MemoryType, readMemorySection } from "./sections/memory.ts";
import { NAME_SECTION, type NameSection, readNameSection, readNamesFrom } from "./sections/name.ts";
import { readStartSection } from "./sections/start.ts";
import { readTableSection, type Table } from "./sections/table.ts";
import { readTagSection, type TagType } from "./sections/tag.ts";
import { readTypeSection, type TypeSection } from "./sections/type.ts";

/**
 * The sections of a module, found at once and decoded on first need.
 *
 * Takes as long as the module has sections, whatever its size. `bytes` must not change afterwards.
 *
 * @throws {MalformedError} as `readSectionDirectory`.
 */
export function readModule(bytes: Uint8Array): WasmModule {
  return new WasmModule(bytes, readSectionDirectory(bytes));
}

/** Sections that were not read with the rest of their file, because they are large and perhaps not needed. */
export interface UnreadSections {
  has(section: Section): boolean;
  /** Fills `target` with the file's bytes from `offset` on. @throws {MalformedError} if that has become impossible. */
  readInto(target: Uint8Array, offset: number): void;
}

/**
 * A core module as it lies in its file.
 *
 * Each property decodes its section on first use and keeps the result for as long as the module lives; a
 * section that is absent reads as empty. All of them throw the MalformedError of their section's reader,
 * every time, and a broken section does not harm the others.
 */
export class WasmModule {
  /** Of the whole file; zero where sections have not been read, which are custom ones: DWARF, names. */
  readonly bytes: Uint8Array;
  /** In file order, custom sections among them. */
  readonly sections: readonly Section[];
  readonly #ofKind = new Map<string, Section>();
  readonly #unread: UnreadSections | undefined;
  readonly #debug: WasmModule | undefined;

  constructor(bytes: Uint8Array, sections: readonly Section[], unread?: UnreadSections, debug?: WasmModule) {
    this.bytes = bytes;
    this.sections = sections;
    this.#unread = unread;
    this.#debug = debug;
    for (const section of sections) if (section.kind !== "custom") this.#ofKind.set(section.kind, section);
  }

  /** The section of a kind, or `undefined` when the module has none. */
  section(kind: StandardSectionKind): Section | undefined {
    return this.#ofKind.get(kind);
  }

  /** Custom sections of one name, in file order: a name may occur any number of times. */
  customSections(name: string): readonly Section[] {
    return this.sections.filter((section) => section.kind === "custom" && section.name === name);
  }

  /** The same module with the debug info of another file, as far as it has none itself: DWARF, names. */
  withDebugInfoOf(other: WasmModule): WasmModule {
    return new WasmModule(this.bytes, this.sections, this.#unread, other);
  }

  /** Whether there is a custom section of that name, in the module or in the file that has its debug info. */
  hasCustom(name: string): boolean {
    return this.customSections(name).length > 0 || this.#holderOf(name) !== undefined;
  }

  /** A cursor over the contents of the first custom section of that name, or `undefined` without one. */
  customCursor(name: string): ByteCursor | undefined {
    const [section] = this.customSections(name);
    if (!section) return this.#holderOf(name)?.customCursor(name);
    if (!this.#unread?.has(section)) return cursorOver(this.bytes, section);
    const bytes = this.sectionBytes(name) ?? new Uint8Array(0);
    return new ByteCursor(bytes, name, 0, bytes.length);
  }

  /** Contents of the first custom section of that name, a view of the file where it has been read; `undefined` without one. */
  sectionBytes(name: string): Uint8Array | undefined {
    const [section] = this.customSections(name);
    if (!section) return this.#holderOf(name)?.sectionBytes(name);
    return this.read(section.start, section.end - section.start);
  }

  /** The same for whoever can wait for the bytes: DWARF's sections. */
  sectionContents(name: string): Uint8Array | SectionContents | undefined {
    const [section] = this.customSections(name);
    if (!section) return this.#holderOf(name)?.sectionContents(name);
    const unread = this.#unread?.has(section) ? this.#unread : undefined;
    if (!unread) return this.bytes.subarray(section.start, section.end);
    const length = section.end - section.start;
    return {
      length,
      readInto: (target, offset) =>
        unread.readInto(target.subarray(0, Math.max(0, length - offset)), section.start + offset),
    };
  }

  /** Bytes of the file from `offset` on, as many of `length` as it has: a view where all of them have been read. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.bytes.length);
    const unread = this.#unread;
    const isWhole =
      !unread || !this.sections.some((one) => one.start < end && one.end > offset && unread.has(one));
    if (isWhole || end <= offset) return this.bytes.subarray(offset, Math.max(offset, end));
    const bytes = new Uint8Array(end - offset);
    unread.readInto(bytes, offset);
    return bytes;
  }

  /** The other file, where it has what is asked for. */
  #holderOf(name: string): WasmModule | undefined {
    const wanted = name.startsWith(".debug_") || name === NAME_SECTION;
    return wanted && this.#debug?.hasCustom(name) ? this.#debug : undefined;
  }

  /** The name section, its own or the other file's; `undefined` without one. */
  get names(): NameSection | undefined {
    return this.#names();
  }
  readonly #names = once(() => {
    const contents = this.sectionContents(NAME_SECTION);
    if (contents && !(contents instanceof Uint8Array)) return readNamesFrom(contents);
    const cursor = this.customCursor(NAME_SECTION);
    return cursor && readNameSection(cursor);
  });

  get types(): TypeSection {
    return this.#types();
  }
  readonly #types = once(() => this.#read("type", readTypeSection) ?? { groups: [], types: [] });

  get imports(): readonly Import[] {
    return this.#imports();
  }
  readonly #imports = once(() => this.#read("import", readImportSection) ?? []);

  /** Type index of each defined function, by `DefinedFuncIndex`. */
  get functions(): Uint32Array {
    return this.#functions();
  }
  readonly #functions = once(() => this.#read("function", readFunctionSection) ?? new Uint32Array(0));

  /** Defined here; imported ones come before them in the index space. Likewise for the next four. */
  get tables(): readonly Table[] {
    return this.#tables();
  }
  readonly #tables = once(() => this.#read("table", readTableSection) ?? []);

  get memories(): readonly MemoryType[] {
    return this.#memories();
  }
  readonly #memories = once(() => this.#read("memory", readMemorySection) ?? []);

  get tags(): readonly TagType[] {
    return this.#tags();
  }
  readonly #tags = once(() => this.#read("tag", readTagSection) ?? []);

  get globals(): readonly Global[] {
    return this.#globals();
  }
  readonly #globals = once(() => this.#read("global", readGlobalSection) ?? []);

  get exports(): readonly Export[] {
    return this.#exports();
  }
  readonly #exports = once(() => this.#read("export", readExportSection) ?? []);

  /** The function that runs at the end of instantiation, or `undefined`. */
  get start(): FuncIndex | undefined {
    return this.#start();
  }
  readonly #start = once(() => this.#read("start", readStartSection));

  get elements(): readonly ElementSegment[] {
    return this.#elements();
  }
  readonly #elements = once(() => this.#read("element", readElementSection) ?? []);

  /** What the data-count section says; `undefined` when the module has none. */
  get dataCount(): number | undefined {
    return this.#dataCount();
  }
  readonly #dataCount = once(() => this.#read("data-count", readDataCountSection));

  get data(): readonly DataSegment[] {
    return this.#data();
  }
  readonly #data = once(() => this.#read("data", readDataSection) ?? []);

  /**
   * Where the function bodies lie: as many as `functions` has entries.
   *
   * @throws {MalformedError} `bad-structure` at the start of the code section when they are not as many.
   */
  get code(): CodeSection {
    return this.#code();
  }
  readonly #code = once(() => {
    const code = this.#read("code", readCodeSection) ?? noCode(toModuleOffset(this.bytes.length));
    const declared = this.functions.length;
    if (code.count !== declared) {
      const detail = `${code.count} function bodies for ${declared} functions`;
      throw new MalformedError("bad-structure", "code", code.start, detail);
    }
    return code;
  });

  #read<T>(kind: StandardSectionKind, read: (cursor: ByteCursor) => T): T | undefined {
    const section = this.section(kind);
    return section && read(cursorOver(this.bytes, section));
  }
}

function noCode(at: ModuleOffset): CodeSection {
  const none = new Uint32Array(0);
  return { start: at, end: at, count: 0, entriesStart: at, bodyStarts: none, bodyEnds: none };
}
