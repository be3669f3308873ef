import { AttrClass, type DieColumns, type NameColumns, NONE } from "gimli-wasm";
import { type CodeOffset, toCodeOffset } from "../base/brand.ts";
import { type CodeRange, codeRanges } from "./code-ranges.ts";
import {
  DW_AT_abstract_origin,
  DW_AT_high_pc,
  DW_AT_low_pc,
  DW_AT_name,
  DW_AT_ranges,
  DW_AT_specification,
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
} from "./constants.ts";
import type { DwarfColumns } from "./dwarf-columns.ts";
import type { ExpressionUnit } from "./expression-machine.ts";
import type { SourceLanguage } from "./source-language.ts";
import type { SplitUnit } from "./split-units.ts";

/** One unit: where it is split, both halves of it. For the session. Whatever decodes its DIEs may throw `MalformedError` `dwarf`. */
export interface DwarfUnit extends ExpressionUnit {
  readonly module: DieModule;
  /** Row in the module's unit columns; of a unit that is in another file only, gimli-wasm's number of it. */
  readonly index: number;
  /** Where its DIEs are: in itself, or in a file that is looked for when this is asked first. */
  readonly contents: SplitUnit;
  /** Start of the unit in .debug_info, as its DIEs count. */
  readonly offset: number;
  readonly addressSize: 4 | 8;
  /** Of DWARF, 2 to 5. */
  readonly version: number;
  /** DW_LANG_*, 0 if absent. */
  readonly language: number;
  /** Decodes the unit's DIEs where the number alone does not tell. */
  readonly sourceLanguage: SourceLanguage;
  /** Offset of the DIE of the type that a type unit is for; NONE for other units. */
  readonly typeDie: number;
  /** All DIEs of the unit; decoded when first needed, and again after the module has dropped them. */
  readonly columns: DieColumns;
  /** `undefined` when the unit is empty. */
  readonly root: Die | undefined;
  /** The DIE in row `row` of `columns`, which must have it. */
  dieAtRow(row: number): Die;
  /** The DIE at an offset in .debug_info, which must be of this unit. */
  dieAt(offset: number): Die | undefined;
  /** What can be named in it from elsewhere, read at each call. Does not decode its DIEs. */
  readNames(): NameColumns;
  /** Code of the unit, dropped functions left out. Does not decode its DIEs. */
  ranges(): readonly CodeRange[];
}

/** What DIEs need of the module they are in: the ends of references from unit to unit. */
export interface DieModule {
  /** Asks gimli-wasm, with its errors as this project's. */
  read<T>(question: (columns: DwarfColumns) => T): T;
  /** The DIE at an offset in .debug_info, in whichever unit. */
  dieAt(offset: number): Die | undefined;
  /** The DIE of the type that a type unit is for; `undefined` when there is no such unit. */
  typeOfSignature(signature: bigint): Die | undefined;
}

/** One attribute as gimli-wasm gives it: a class of `AttrClass`, the form, and two halves whose meaning the class tells. */
export interface AttributeValue {
  readonly class: number;
  readonly form: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A debugging information entry: a light handle that reads its unit's columns when asked.
 *
 * Attribute accessors answer `undefined` when the attribute is absent or of another class than asked
 * for. `named` ones look through DW_AT_abstract_origin and DW_AT_specification.
 * All throw `MalformedError` `dwarf` when the unit cannot be decoded.
 */
export class Die {
  readonly unit: DwarfUnit;
  /** Row in the unit's columns. */
  readonly row: number;

  constructor(unit: DwarfUnit, row: number) {
    this.unit = unit;
    this.row = row;
  }

  /** In .debug_info; unique within the module. */
  get offset(): number {
    return this.unit.columns.offset[this.row] as number;
  }

  /** DW_TAG_*. */
  get tag(): number {
    return this.unit.columns.tag[this.row] as number;
  }

  get parent(): Die | undefined {
    const row = this.unit.columns.parent[this.row] as number;
    return row === NONE ? undefined : new Die(this.unit, row);
  }

  *children(): Generator<Die, void, undefined> {
    const end = this.unit.columns.next[this.row] as number;
    for (let row = this.row + 1; row < end; row = this.unit.columns.next[row] as number)
      yield new Die(this.unit, row);
  }

  attribute(name: number): AttributeValue | undefined {
    const { attrStart, attrName, attrClass, attrForm, attrLow, attrHigh } = this.unit.columns;
    const end = attrStart[this.row + 1] as number;
    for (let index = attrStart[this.row] as number; index < end; index++) {
      if (attrName[index] !== name) continue;
      return {
        class: attrClass[index] as number,
        form: attrForm[index] as number,
        low: attrLow[index] as number,
        high: attrHigh[index] as number,
      };
    }
    return undefined;
  }

  has(name: number): boolean {
    return this.attribute(name) !== undefined;
  }

  /** A flag's value; absent is false. */
  flag(name: number): boolean {
    const value = this.attribute(name);
    return value !== undefined && value.low !== 0;
  }

  /** A constant, with the sign its form gives it. */
  constant(name: number): bigint | undefined {
    const value = this.attribute(name);
    if (value?.class === AttrClass.unsigned) return wide(value);
    return value?.class === AttrClass.signed ? BigInt.asIntN(64, wide(value)) : undefined;
  }

  /** A constant known to be signed: fixed-size forms, which carry no sign, are taken as two's complement. */
  signedConstant(name: number): bigint | undefined {
    const value = this.attribute(name);
    if (value?.class !== AttrClass.unsigned) return this.constant(name);
    const bits = new Map([
      [DW_FORM_data1, 8],
      [DW_FORM_data2, 16],
      [DW_FORM_data4, 32],
    ]).get(value.form);
    return BigInt.asIntN(bits ?? 64, wide(value));
  }

  string(name: number): string | undefined {
    const value = this.attribute(name);
    if (value?.class !== AttrClass.string) return undefined;
    return this.unit.module.read((columns) => columns.string(value.high, value.low));
  }

  /** The DIE referred to, in whichever unit, type units by their signatures. */
  reference(name: number): Die | undefined {
    const value = this.attribute(name);
    if (value?.class === AttrClass.typeSignature) return this.unit.module.typeOfSignature(wide(value));
    if (value?.class !== AttrClass.reference) return undefined;
    return this.unit.module.dieAt(value.low);
  }

  /** An expression's bytes, or a block's, as a view of their section. */
  expression(name: number): Uint8Array | undefined {
    const value = this.attribute(name);
    if (value?.class !== AttrClass.expression && value?.class !== AttrClass.block) return undefined;
    return this.unit.module.read((columns) => columns.bytes(value.low, value.high));
  }

  /** This DIE, then what it was made from: abstract origins and specifications, nearest first. */
  *origins(): Generator<Die, void, undefined> {
    let die: Die | undefined = this;
    for (let steps = 0; die && steps < maxOrigins; steps++) {
      yield die;
      die = die.reference(DW_AT_abstract_origin) ?? die.reference(DW_AT_specification);
    }
  }

  /** The first of `origins` that has an attribute. */
  holder(name: number): Die | undefined {
    for (const die of this.origins()) if (die.has(name)) return die;
    return undefined;
  }

  /** DW_AT_name, through its origins; `undefined` for what has none, such as an anonymous struct. */
  get name(): string | undefined {
    return this.holder(DW_AT_name)?.string(DW_AT_name);
  }

  /** Code the DIE stands for; empty when it was dropped or never had any. */
  ranges(): readonly CodeRange[] {
    const { unit } = this;
    const list = this.attribute(DW_AT_ranges);
    if (list?.class === AttrClass.rangeList) {
      return codeRanges(unit.module.read((columns) => columns.ranges(unit.contents.unit, list.low)));
    }
    const low = this.attribute(DW_AT_low_pc);
    const high = this.attribute(DW_AT_high_pc);
    if (low?.class !== AttrClass.address || !high) return [];
    const begin = Number(wide(low));
    const end = Number(wide(high)) + (high.class === AttrClass.address ? 0 : begin);
    // The linker writes −1 or −2 as the address of what it drops.
    if (begin >= 2 ** (unit.addressSize * 8) - 2 || end <= begin) return [];
    return [{ begin: toCodeOffset(begin), end: toCodeOffset(end) }];
  }

  /** Whether its code holds `address`. */
  contains(address: CodeOffset): boolean {
    return this.ranges().some(({ begin, end }) => begin <= address && address < end);
  }
}

/** A chain of origins is two or three long; a longer one goes in circles. */
const maxOrigins = 8;

function wide({ low, high }: AttributeValue): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
