import { type FuncIndex, type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import type { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import {
  cursorOver,
  readSectionDirectory,
  type Section,
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

/**
 * A core module as it lies in its file.
 *
 * Each property decodes its section on first use and keeps the result for as long as the module lives; a
 * section that is absent reads as empty. All of them throw the MalformedError of their section's reader,
 * every time, and a broken section does not harm the others.
 */
export class WasmModule {
  readonly bytes: Uint8Array;
  /** In file order, custom sections among them. */
  readonly sections: readonly Section[];
  readonly #ofKind = new Map<string, Section>();

  constructor(bytes: Uint8Array, sections: readonly Section[]) {
    this.bytes = bytes;
    this.sections = sections;
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

  /** A cursor over the contents of the first custom section of that name, or `undefined` without one. */
  customCursor(name: string): ByteCursor | undefined {
    const [section] = this.customSections(name);
    return section && cursorOver(this.bytes, section);
  }

  /** Contents of the first custom section of that name as a view of the file, or `undefined` without one: DWARF's sections. */
  sectionBytes(name: string): Uint8Array | undefined {
    const [section] = this.customSections(name);
    return section && this.bytes.subarray(section.start, section.end);
  }

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
