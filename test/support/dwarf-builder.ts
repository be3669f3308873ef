import { AttrClass, type DieColumns, type NameColumns, NameFlag, NONE, type UnitColumns } from "gimli-wasm";
import * as dw from "../../src/dwarf/constants.ts";
import type { DwarfColumns } from "../../src/dwarf/dwarf-columns.ts";
import type { Dwarf } from "../../src/dwarf/gimli.ts";

/** An attribute's value as a test writes it. */
export type AttributeSpec =
  | number
  | bigint
  | string
  | boolean
  /** An expression's bytes. */
  | readonly number[]
  /** A DIE of any unit by its label. */
  | { readonly ref: string }
  /** A code address. */
  | { readonly address: number }
  /** Entries of a location list. */
  | {
      readonly list: readonly {
        readonly begin: number;
        readonly end: number;
        readonly bytes: readonly number[];
      }[];
    };

/** A DIE as a test writes it: attributes by number, children in order. */
export interface DieSpec {
  readonly tag: number;
  readonly label?: string;
  readonly attributes?: Readonly<Record<number, AttributeSpec>>;
  readonly children?: readonly DieSpec[];
}

export interface UnitSpec {
  readonly root: DieSpec;
  readonly language?: number;
  readonly addressSize?: 4 | 8;
  /** Code of the unit. */
  readonly lowPc?: number;
  readonly highPc?: number;
  /** Thrown when the unit's DIEs are asked for. */
  readonly failure?: Error;
}

interface Row {
  readonly spec: DieSpec;
  readonly offset: number;
  readonly parent: number;
  next: number;
}

const unitSize = 0x10000;
const rowSize = 16;

/** DWARF columns made by hand, as gimli-wasm would hand them out: for what no compiler writes. Each unit takes 64 KiB of offsets. */
export function buildDwarf(units: readonly UnitSpec[]): Dwarf {
  const strings: string[] = [];
  const pool: number[] = [];
  const lists: Extract<AttributeSpec, { list: unknown }>["list"][] = [];
  const rows = units.map((unit, index) => flatten(unit.root, index * unitSize + 11));
  const labels = new Map(
    rows
      .flat()
      .flatMap(({ spec, offset }) => (spec.label === undefined ? [] : [[spec.label, offset] as const])),
  );
  const attribute = (value: AttributeSpec): readonly [cls: number, low: number, high: number] => {
    if (typeof value === "boolean") return [AttrClass.flag, value ? 1 : 0, 0];
    if (typeof value === "number" || typeof value === "bigint") {
      const bits = BigInt.asUintN(64, BigInt(value));
      return [
        value < 0 ? AttrClass.signed : AttrClass.unsigned,
        Number(bits & 0xffffffffn),
        Number(bits >> 32n),
      ];
    }
    if (typeof value === "string") return [AttrClass.string, strings.push(value) - 1, 1];
    if ("ref" in value) return [AttrClass.reference, labels.get(value.ref) ?? 0xdead, 0];
    if ("address" in value) return [AttrClass.address, value.address, 0];
    if ("list" in value) return [AttrClass.locationList, lists.push(value.list) - 1, 0];
    pool.push(...value);
    return [AttrClass.expression, pool.length - value.length, value.length];
  };
  const dies = rows.map((all) => dieColumns(all, attribute));
  const columns: DwarfColumns = {
    units: () => unitColumns(units),
    unitRanges: () => ({ begin: new Float64Array(0), end: new Float64Array(0) }),
    dies: (unit) => {
      const failure = units[unit]?.failure;
      if (failure) throw failure;
      return dies[unit] as DieColumns;
    },
    names: (unit) => {
      const failure = units[unit]?.failure;
      if (failure) throw failure;
      return nameColumns(rows[unit] ?? [], dies[unit] as DieColumns);
    },
    stringOffsets: (text) => Uint32Array.from(strings.keys()).filter((offset) => strings[offset] === text),
    slots: () => ({
      begin: new Float64Array(0),
      end: new Float64Array(0),
      kind: new Uint8Array(0),
      index: new Uint32Array(0),
    }),
    sectionLength: () => 0,
    ranges: () => ({ begin: new Float64Array(0), end: new Float64Array(0) }),
    locationList: (_unit, list) => {
      const entries = lists[list] ?? [];
      const start = [0];
      for (const { bytes } of entries) start.push((start.at(-1) ?? 0) + bytes.length);
      return {
        begin: Float64Array.from(entries, (entry) => entry.begin),
        end: Float64Array.from(entries, (entry) => entry.end),
        start: Uint32Array.from(start),
        bytes: Uint8Array.from(entries.flatMap((entry) => [...entry.bytes])),
      };
    },
    claims: () => {
      const claims = units
        .map(({ lowPc = 0, highPc = -1 }, unit) => ({ begin: lowPc, end: highPc, unit }))
        .filter(({ begin, end }) => begin < end)
        .sort((a, b) => a.begin - b.begin);
      return {
        begin: Float64Array.from(claims, ({ begin }) => begin),
        end: Float64Array.from(claims, ({ end }) => end),
        unit: Uint32Array.from(claims, ({ unit }) => unit),
        failed: new Uint32Array(0),
      };
    },
    address: (_unit, index) => 0x1000 + index,
    string: (_section, offset) => strings[offset] ?? "",
    bytes: (offset, length) => Uint8Array.from(pool.slice(offset, offset + length)),
    unitAt: (offset) => (Math.floor(offset / unitSize) < units.length ? Math.floor(offset / unitSize) : -1),
  };
  // Nothing under test asks for more than what `DwarfColumns` picks.
  return columns as Dwarf;
}

function flatten(root: DieSpec, start: number): Row[] {
  const rows: Row[] = [];
  const add = (spec: DieSpec, parent: number): void => {
    const index = rows.length;
    const row: Row = { spec, offset: start + index * rowSize, parent, next: 0 };
    rows.push(row);
    for (const child of spec.children ?? []) add(child, index);
    row.next = rows.length;
  };
  add(root, NONE);
  return rows;
}

function dieColumns(
  rows: readonly Row[],
  attribute: (value: AttributeSpec) => readonly [number, number, number],
): DieColumns {
  const attrStart = [0];
  const attributes: { name: number; cls: number; low: number; high: number }[] = [];
  for (const { spec } of rows) {
    for (const [name, value] of Object.entries(spec.attributes ?? {})) {
      const [cls, low, high] = attribute(value);
      attributes.push({ name: Number(name), cls, low, high });
    }
    attrStart.push(attributes.length);
  }
  return {
    offset: Uint32Array.from(rows, (row) => row.offset),
    tag: Uint16Array.from(rows, (row) => row.spec.tag),
    parent: Uint32Array.from(rows, (row) => row.parent),
    next: Uint32Array.from(rows, (row) => row.next),
    attrStart: Uint32Array.from(attrStart),
    attrName: Uint16Array.from(attributes, (of) => of.name),
    attrForm: new Uint16Array(attributes.length),
    attrClass: Uint8Array.from(attributes, (of) => of.cls),
    attrLow: Uint32Array.from(attributes, (of) => of.low),
    attrHigh: Uint32Array.from(attributes, (of) => of.high),
  };
}

/** Of what can be named from elsewhere; names that a DIE takes over from another are not looked for. */
function nameColumns(rows: readonly Row[], dies: DieColumns): NameColumns {
  const found = rows.flatMap(({ spec: { tag, attributes = {} }, offset, parent }, row) => {
    const holder = rows[parent]?.spec.tag ?? 0;
    const isMember = recordTags.includes(holder) && (tag === dw.DW_TAG_variable || tag === dw.DW_TAG_member);
    const isWanted =
      isMember || tag === dw.DW_TAG_variable || tag === dw.DW_TAG_subprogram
        ? isMember
          ? dw.DW_AT_const_value in attributes
          : outerTags.includes(holder)
        : typeTags.includes(tag);
    const [start = 0, end = 0] = dies.attrStart.subarray(row, row + 2);
    const at = dies.attrName.subarray(start, end).indexOf(dw.DW_AT_name);
    if (!isWanted || at < 0) return [];
    const isDeclaration = attributes[dw.DW_AT_declaration] === true;
    const flags = (isDeclaration ? NameFlag.declaration : 0) | (isMember ? NameFlag.staticConstant : 0);
    return { offset, tag, flags, name: dies.attrLow[start + at] as number };
  });
  return {
    die: Uint32Array.from(found, ({ offset }) => offset),
    tag: Uint16Array.from(found, ({ tag }) => tag),
    flags: Uint8Array.from(found, ({ flags }) => flags),
    name: {
      section: new Uint8Array(found.length).fill(1),
      offset: Uint32Array.from(found, ({ name }) => name),
    },
  };
}

const outerTags = [dw.DW_TAG_compile_unit, dw.DW_TAG_namespace];
const recordTags = [dw.DW_TAG_structure_type, dw.DW_TAG_class_type];
const typeTags = [
  ...recordTags,
  ...[dw.DW_TAG_base_type, dw.DW_TAG_union_type, dw.DW_TAG_enumeration_type, dw.DW_TAG_typedef],
  dw.DW_TAG_enumerator,
];

function unitColumns(units: readonly UnitSpec[]): UnitColumns {
  const none = { section: new Uint8Array(units.length), offset: new Uint32Array(units.length) };
  return {
    offset: Uint32Array.from(units, (_, index) => index * unitSize),
    length: new Uint32Array(units.length).fill(unitSize),
    version: new Uint8Array(units.length).fill(5),
    addressSize: Uint8Array.from(units, (unit) => unit.addressSize ?? 4),
    unitType: new Uint8Array(units.length).fill(1),
    root: Uint32Array.from(units, (_, index) => index * unitSize + 11),
    rootTag: Uint16Array.from(units, (unit) => unit.root.tag),
    language: Uint16Array.from(units, (unit) => unit.language ?? 0x1d),
    lineProgram: new Uint32Array(units.length).fill(NONE),
    lowPc: Float64Array.from(units, (unit) => unit.lowPc ?? 0),
    highPc: Float64Array.from(units, (unit) => unit.highPc ?? -1),
    hasRanges: new Uint8Array(units.length),
    name: none,
    compDir: none,
    producer: none,
    dwoName: none,
    dwoId: new BigUint64Array(units.length),
    typeSignature: new BigUint64Array(units.length),
    skeleton: new Uint32Array(units.length).fill(NONE),
    typeDie: new Uint32Array(units.length).fill(NONE),
  };
}
