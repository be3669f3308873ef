import { AttrClass, type DieColumns, type Dwarf, type StringColumn } from "gimli-wasm";
import type { DumpedAttribute } from "./dwarfdump.ts";
import { showExpression } from "./expressions.ts";
import { attributes, forms, values } from "./names.ts";

const decimal = new Set(["DW_AT_decl_line", "DW_AT_call_line", "DW_AT_call_column"]);
const files = new Set(["DW_AT_decl_file", "DW_AT_call_file"]);

/** A number in hexadecimal with as many digits as so many bytes have. */
export const hex = (value: number | bigint, sizeBytes: number): string =>
  `0x${value.toString(16).padStart(2 * sizeBytes, "0")}`;

/** Whether an address stands for code that the linker dropped. */
export const isTombstone = (address: bigint, addressSize: number): boolean =>
  address >= (1n << BigInt(8 * addressSize)) - 2n;

/** A string as llvm-dwarfdump writes it. */
export const quoted = (text: string): string => `"${text}"`;

/** Writes the attributes of one unit's DIEs as llvm-dwarfdump does. */
export class AttributeWriter {
  readonly #dwarf: Dwarf;
  readonly #unit: number;
  readonly #dies: DieColumns;
  readonly #addressSize: number;
  /** Whether lists can be read: those of a split unit need the other file's addresses. */
  readonly #hasAddresses: boolean;

  constructor(dwarf: Dwarf, unit: number, dies: DieColumns) {
    this.#hasAddresses = dwarf.section(".debug_addr") !== undefined || dwarf.units().version[unit] !== 5;
    this.#dwarf = dwarf;
    this.#unit = unit;
    this.#dies = dies;
    this.#addressSize = dwarf.units().addressSize[unit] ?? 0;
  }

  /** All attributes of a row. */
  writeAll(row: number): readonly DumpedAttribute[] {
    const { attrStart } = this.#dies;
    const shown: DumpedAttribute[] = [];
    for (let at = attrStart[row] ?? 0; at < (attrStart[row + 1] ?? 0); at++) shown.push(this.#write(at));
    return shown;
  }

  #write(at: number): DumpedAttribute {
    const { attrName, attrForm } = this.#dies;
    const name = attributes.get(attrName[at] ?? 0) ?? `unknown ${attrName[at]}`;
    const form = forms.get(attrForm[at] ?? 0) ?? `unknown ${attrForm[at]}`;
    const { text, more = [] } = this.#value(at, name, form);
    return { name, form, text, more };
  }

  #value(at: number, name: string, form: string): { text: string; more?: string[] } {
    const low = this.#dies.attrLow[at] ?? 0;
    const high = this.#dies.attrHigh[at] ?? 0;
    const value = (BigInt(high) << 32n) | BigInt(low);
    const attrClass = this.#dies.attrClass[at];
    switch (attrClass) {
      case AttrClass.address:
        return { text: this.#address(name, value) };
      case AttrClass.unsigned:
        return { text: this.#unsigned(name, form, value) };
      case AttrClass.signed:
        return { text: values.get(name)?.get(low) ?? `${BigInt.asIntN(64, value)}` };
      case AttrClass.flag:
        return { text: form === "DW_FORM_flag" ? hex(value, 1) : String(low === 1) };
      case AttrClass.string:
        return { text: quoted(this.#dwarf.string(high, low)) };
      case AttrClass.expression:
        return { text: showExpression(this.#dwarf.bytes(low, high), this.#addressSize) };
      case AttrClass.locationList:
        return { text: `${hex(low, 4)}:`, more: this.#locations(low) };
      case AttrClass.rangeList:
        return { text: hex(low, 4), more: this.#ranges(low) };
      case AttrClass.typeSignature:
        return { text: hex(value, 8) };
      case AttrClass.unavailable:
        return { text: "unavailable" };
      case AttrClass.reference:
      case AttrClass.lineProgram:
      case AttrClass.sectionOffset:
        return { text: hex(low, 4) };
      default:
        throw new Error(`the fixtures have no value of class ${attrClass}, or should not`);
    }
  }

  #address(name: string, value: bigint): string {
    const isDead = name === "DW_AT_low_pc" && isTombstone(value, this.#addressSize);
    return isDead ? "dead code" : hex(value, this.#addressSize);
  }

  #unsigned(name: string, form: string, value: bigint): string {
    const named = values.get(name)?.get(Number(value));
    if (named !== undefined) return named;
    if (decimal.has(name) || form === "DW_FORM_udata") return `${value}`;
    if (files.has(name)) return this.#file(Number(value));
    const size = Number(/\d+$/.exec(form)?.[0] ?? 0);
    return hex(value, size);
  }

  /** A file's path, or its number when the unit has no line program. */
  #file(file: number): string {
    const { lineProgram, compDir } = this.#dwarf.units();
    const program = lineProgram[this.#unit] ?? 0;
    if (!this.#dwarf.linePrograms().includes(program)) return hex(file, 1);
    const { firstFile, fileName, fileDirectory, firstDirectory, directories } =
      this.#dwarf.lineHeader(program);
    const read = ({ section, offset }: StringColumn, row: number): string =>
      this.#dwarf.string(section[row] ?? 0, offset[row] ?? 0);
    const folder = (fileDirectory[file - firstFile] ?? 0) - firstDirectory;
    const directory = folder < 0 ? "" : read(directories, folder);
    const parts = [read(compDir, this.#unit), directory, read(fileName, file - firstFile)];
    const root = directory.startsWith("/") ? parts.slice(1) : parts;
    return quoted(root.filter(Boolean).join("/"));
  }

  #ranges(list: number): string[] {
    if (!this.#hasAddresses) return [];
    const { begin, end } = this.#dwarf.ranges(this.#unit, list);
    return Array.from(begin, (_, row) => this.#range(begin[row], end[row]));
  }

  #locations(list: number): string[] {
    if (!this.#hasAddresses) return [];
    const { begin, end, start, bytes } = this.#dwarf.locationList(this.#unit, list);
    return Array.from(begin, (_, row) => {
      const expression = showExpression(bytes.subarray(start[row], start[row + 1]), this.#addressSize);
      return `${this.#range(begin[row], end[row])}: ${expression}`;
    });
  }

  #range(begin = -1, end = -1): string {
    return `[${hex(begin, this.#addressSize)}, ${hex(end, this.#addressSize)})`;
  }
}
