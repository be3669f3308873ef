import type { DieColumns, NameColumns, UnitColumns } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import { toCodeOffset } from "../base/brand.ts";
import { type CodeRange, codeRanges } from "./code-ranges.ts";
import {
  DW_AT_byte_size,
  DW_AT_encoding,
  DW_AT_location,
  DW_AT_producer,
  DW_ATE_float,
  DW_ATE_signed,
  DW_ATE_signed_char,
} from "./constants.ts";
import { Die, type DieModule, type DwarfUnit } from "./die.ts";
import type { MachineType } from "./machine-value.ts";
import { type SourceLanguage, sourceLanguage } from "./source-language.ts";
import type { SplitUnit } from "./split-units.ts";

/** What a unit needs of its module. */
export interface UnitModule extends DieModule {
  readonly unitColumns: UnitColumns;
  /** The other half of one of the module's units, where that is split. */
  splitOf(index: number): SplitUnit | undefined;
  /** Told by the unit of this `index` when it has decoded so many DIEs; may make others, which have theirs longer, drop them. */
  noteDecoded(index: number, dies: number): void;
}

/** A unit that decodes its DIEs when they are first needed, and can drop them again. */
export class LazyUnit implements DwarfUnit {
  readonly module: UnitModule;
  readonly index: number;
  #columns: DieColumns | undefined;
  #contents: SplitUnit | undefined;
  #sourceLanguage: SourceLanguage | undefined;

  constructor(module: UnitModule, index: number, contents?: SplitUnit) {
    this.module = module;
    this.index = index;
    this.#contents = contents;
  }

  get contents(): SplitUnit {
    if (!this.#contents) {
      const { unitColumns } = this.module;
      const own = { unit: this.index, columns: unitColumns, row: this.index };
      this.#contents = this.module.splitOf(this.index) ?? own;
    }
    return this.#contents;
  }

  get offset(): number {
    return this.#fact("offset");
  }

  get addressSize(): 4 | 8 {
    return this.#fact("addressSize") === 8 ? 8 : 4;
  }

  get version(): number {
    return this.#fact("version");
  }

  get language(): number {
    return this.#fact("language");
  }

  get sourceLanguage(): SourceLanguage {
    this.#sourceLanguage ??= sourceLanguage(this.language, () => this.root?.string(DW_AT_producer));
    return this.#sourceLanguage;
  }

  get typeDie(): number {
    return this.#fact("typeDie");
  }

  #fact(name: "offset" | "addressSize" | "version" | "language" | "typeDie"): number {
    const { columns, row } = this.contents;
    return columns[name][row] as number;
  }

  get columns(): DieColumns {
    if (this.#columns) return this.#columns;
    const { unit } = this.contents;
    const decoded: DieColumns = this.module.read((columns) => columns.dies(unit));
    this.#columns = decoded;
    this.module.noteDecoded(this.index, decoded.tag.length);
    return decoded;
  }

  readNames(): NameColumns {
    return this.module.read((columns) => columns.names(this.contents.unit));
  }

  /** Drops the decoded DIEs. */
  forget(): void {
    this.#columns = undefined;
  }

  get root(): Die | undefined {
    return this.columns.tag.length > 0 ? new Die(this, 0) : undefined;
  }

  dieAtRow(row: number): Die {
    return new Die(this, row);
  }

  dieAt(offset: number): Die | undefined {
    const { offset: offsets } = this.columns;
    const row = lowerBound(offsets, offset);
    return offsets[row] === offset ? new Die(this, row) : undefined;
  }

  ranges(): readonly CodeRange[] {
    const { hasRanges, lowPc, highPc } = this.module.unitColumns;
    if (hasRanges[this.index] === 1) {
      return codeRanges(this.module.read((columns) => columns.unitRanges(this.index)));
    }
    const begin = lowPc[this.index] as number;
    const end = highPc[this.index] as number;
    return begin >= 0 && end > begin ? [{ begin: toCodeOffset(begin), end: toCodeOffset(end) }] : [];
  }

  address(index: number): bigint | undefined {
    return BigInt(this.module.read((columns) => columns.address(this.contents.unit, index)));
  }

  baseType(offset: number): MachineType | undefined {
    const die = this.dieAt(this.offset + offset);
    const size = Number(die?.constant(DW_AT_byte_size) ?? 0n);
    if (!die || size < 1 || size > 16) return undefined;
    const encoding = Number(die.constant(DW_AT_encoding) ?? 0n);
    if (encoding === DW_ATE_float) return { size, encoding: "float" };
    const signed = encoding === DW_ATE_signed || encoding === DW_ATE_signed_char;
    return { size, encoding: signed ? "signed" : "unsigned" };
  }

  procedure(offset: number, from: "unit" | "section"): Uint8Array | undefined {
    const die = from === "unit" ? this.dieAt(this.offset + offset) : this.module.dieAt(offset);
    return die?.expression(DW_AT_location);
  }
}
