import type { DieColumns, NameColumns } from "gimli-wasm";
import { toCodeOffset } from "../base/brand.ts";
import { type CodeRange, codeRanges } from "./code-ranges.ts";
import {
  DW_AT_byte_size,
  DW_AT_encoding,
  DW_AT_location,
  DW_ATE_float,
  DW_ATE_signed,
  DW_ATE_signed_char,
} from "./constants.ts";
import { Die } from "./die.ts";
import type { DwarfModule } from "./dwarf-module.ts";
import type { ExpressionUnit } from "./expression-machine.ts";
import type { MachineType } from "./machine-value.ts";
import { type SourceLanguage, sourceLanguage } from "./source-language.ts";
import type { SplitUnit } from "./split-units.ts";

/** One unit: where it is split, both halves of it. For the session. */
export class DwarfUnit implements ExpressionUnit {
  readonly module: DwarfModule;
  /** Row in the module's unit columns; of a unit that is in another file only, gimli-wasm's number of it. */
  readonly index: number;
  #columns: DieColumns | undefined;
  #contents: SplitUnit | undefined;
  #sourceLanguage: SourceLanguage | undefined;

  constructor(module: DwarfModule, index: number, contents?: SplitUnit) {
    this.module = module;
    this.index = index;
    this.#contents = contents;
  }

  /** Where its DIEs are: in itself, or in a file that is looked for now. */
  get contents(): SplitUnit {
    if (!this.#contents) {
      const { unitColumns } = this.module;
      const own = { unit: this.index, columns: unitColumns, row: this.index };
      this.#contents = this.module.splitOf(this.index) ?? own;
    }
    return this.#contents;
  }

  /** Start of the unit in .debug_info, as its DIEs count. */
  get offset(): number {
    return this.#fact("offset");
  }

  /** 4 or 8. */
  get addressSize(): number {
    return this.#fact("addressSize") === 8 ? 8 : 4;
  }

  /** DW_LANG_*, 0 if absent. */
  get language(): number {
    return this.#fact("language");
  }

  /** Decodes the unit's DIEs where the number alone does not tell. @throws {MalformedError} `dwarf` */
  get sourceLanguage(): SourceLanguage {
    this.#sourceLanguage ??= sourceLanguage(this.language, () => this.root);
    return this.#sourceLanguage;
  }

  /** Offset of the DIE of the type that a type unit is for; NONE for other units. */
  get typeDie(): number {
    return this.#fact("typeDie");
  }

  #fact(name: "offset" | "addressSize" | "language" | "typeDie"): number {
    const { columns, row } = this.contents;
    return columns[name][row] as number;
  }

  /** All DIEs of the unit; decoded when first needed, and again after the module has dropped them. */
  get columns(): DieColumns {
    if (this.#columns) return this.#columns;
    const { unit } = this.contents;
    const decoded: DieColumns = this.module.read((columns) => columns.dies(unit));
    this.#columns = decoded;
    this.module.noteDecoded(this, decoded.tag.length);
    return decoded;
  }

  /** What can be named in it from elsewhere, read at each call. Does not decode its DIEs. */
  readNames(): NameColumns {
    return this.module.read((columns) => columns.names(this.contents.unit));
  }

  /** Drops the decoded DIEs. */
  forget(): void {
    this.#columns = undefined;
  }

  /** The unit's root; `undefined` when the unit is empty. */
  get root(): Die | undefined {
    return this.columns.tag.length > 0 ? new Die(this, 0) : undefined;
  }

  /** The DIE in row `row` of `columns`, which must have it. */
  dieAtRow(row: number): Die {
    return new Die(this, row);
  }

  /** The DIE at an offset in .debug_info, which must be of this unit. */
  dieAt(offset: number): Die | undefined {
    const { offset: offsets } = this.columns;
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return offsets[low] === offset ? new Die(this, low) : undefined;
  }

  /** Code of the unit, dropped functions left out. Does not decode its DIEs. */
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
