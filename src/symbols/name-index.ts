import { MalformedError } from "../base/errors.ts";
import * as dw from "../dwarf/constants.ts";
import type { Die, DwarfUnit } from "../dwarf/die.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import { type NameColumns, NameFlag, StringSection } from "../dwarf/gimli.ts";
import { qualifiedName } from "../dwarf/qualified-name.ts";
import { typeNameOf } from "./types/type-table.ts";

/** What a name can stand for. Types are found by their bare name, `node` for `struct node`. */
export type NameKind = "variable" | "type" | "enumerator" | "function";

/** Names of one unit, as rows of columns: a large program has a million of them. */
interface UnitNames {
  readonly columns: NameColumns;
  /** Rows of names that are not in .debug_str, by name. */
  readonly inlined: ReadonlyMap<string, readonly number[]>;
}

/** DIEs looked at of one name in one unit. */
const maxSame = 32;

/**
 * Names at file and namespace level, unit by unit. A unit's names are read when it is first searched and
 * kept for the session, though not as text: they are compared by where in the file they stand. A unit that cannot be decoded has none.
 */
export class NameIndex {
  readonly #dwarf: DwarfModule;
  readonly #units = new Map<number, UnitNames>();
  /** The names asked for last. */
  #listed:
    | { readonly unit: DwarfUnit; readonly kind: NameKind; readonly names: readonly string[] }
    | undefined;

  constructor(dwarf: DwarfModule) {
    this.#dwarf = dwarf;
  }

  /** Global variables of a unit, file-local ones included, in the order declared, without those of C++'s library. */
  globalsOf(unit: DwarfUnit): readonly Die[] {
    let globals = this.#globals.get(unit);
    if (!globals) {
      globals = this.#variables(unit, (name) => !isVtable(name))
        .flatMap((offset) => dieAt(unit, offset) ?? [])
        .filter((die) => !isInternal(die));
      this.#globals.set(unit, globals);
    }
    return globals;
  }
  readonly #globals = new WeakMap<DwarfUnit, readonly Die[]>();

  /** The variables of all units that a Rust compiler made for tables of functions of trait objects. */
  *vtables(): Generator<Die, void, undefined> {
    for (const unit of this.#searched()) {
      for (const offset of this.#variables(unit, isVtable)) {
        const die = dieAt(unit, offset);
        if (die) yield die;
      }
    }
  }

  /**
   * DIEs a name stands for, those of unit `first` before those of others. `name` may be qualified, `a::b`.
   * Searching past `first` may read the names of every unit of the module; only units that have the name are decoded.
   */
  *find(kind: NameKind, name: string, first?: DwarfUnit): Generator<Die, void, undefined> {
    if (first) yield* this.findIn(first, kind, name);
    for (const unit of this.#searched()) if (unit !== first) yield* this.findIn(unit, kind, name);
  }

  /** All names of a kind in one unit, without what they are in. */
  namesIn(unit: DwarfUnit, kind: NameKind): Iterable<string> {
    const last = this.#listed;
    if (last?.unit === unit && last.kind === kind) return last.names;
    const { columns } = this.#namesOf(unit);
    const names = new Set<string>();
    for (let row = 0; row < columns.die.length; row++) {
      if (kindOf(columns, row) !== kind) continue;
      const name = this.#textOf(columns, row);
      if (name !== undefined && !(kind === "variable" && isVtable(name))) names.add(name);
    }
    this.#listed = { unit, kind, names: [...names] };
    return this.#listed.names;
  }

  /** DIEs a name stands for in one unit, `most` of them. */
  findIn(unit: DwarfUnit, kind: NameKind, name: string, most = maxSame): Generator<Die, void, undefined> {
    return this.#findWhere(unit, name, (columns, row) => kindOf(columns, row) === kind, most);
  }

  /** The DIE that defines a declared record: of the same tag and name. */
  findDefinition(declaration: Die): Die | undefined {
    const named = declaration.reference(dw.DW_AT_signature);
    if (named) return named;
    const name = typeNameOf(declaration);
    if (name === undefined) return undefined;
    const { tag, unit: first } = declaration;
    const isMeant = ({ tag: tags, flags }: NameColumns, row: number): boolean => {
      const of = tags[row] as number;
      const isRecord = of === tag || (recordTags.has(of) && recordTags.has(tag));
      return isRecord && ((flags[row] as number) & NameFlag.declaration) === 0;
    };
    for (const unit of [first, ...this.#searched()]) {
      for (const die of this.#findWhere(unit, name, isMeant)) return die;
    }
    return undefined;
  }

  *#findWhere(
    unit: DwarfUnit,
    name: string,
    isMeant: (columns: NameColumns, row: number) => boolean,
    most = maxSame,
  ): Generator<Die, void, undefined> {
    const parts = pathParts(name);
    const last = parts.at(-1) ?? name;
    const { columns } = this.#namesOf(unit);
    const rowsOf = (text: string) => this.#rowsOf(unit, text).filter((row) => isMeant(columns, row));
    const exact = rowsOf(last);
    // Compilers can be told to leave template arguments out of names.
    const bare = exact.length > 0 ? last : last.replace(/<.*$/s, "");
    const rows = bare === last ? exact : rowsOf(bare);
    for (const row of rows.slice(0, most)) {
      const die = dieAt(unit, columns.die[row] as number);
      if (!die) continue;
      if ((parts.length > 1 || exact.length === 0) && !hasPath(die, name)) continue;
      yield die;
    }
  }

  /** Rows of a unit with a name, rising. */
  #rowsOf(unit: DwarfUnit, text: string): readonly number[] {
    const { columns, inlined } = this.#namesOf(unit);
    const { section, offset } = columns.name;
    const rows = [...(inlined.get(text) ?? [])];
    for (const at of this.#offsetsOf(text)) {
      for (let row = offset.indexOf(at); row >= 0; row = offset.indexOf(at, row + 1))
        if (section[row] === StringSection.debugStr) rows.push(row);
    }
    return rows.sort((a, b) => a - b);
  }

  /** Strings that cannot be looked through are found nowhere. */
  #offsetsOf(text: string): Uint32Array {
    return unlessMalformed(() => this.#dwarf.stringOffsets(text)) ?? new Uint32Array(0);
  }

  #variables(unit: DwarfUnit, isWanted: (name: string) => boolean): readonly number[] {
    const { columns } = this.#namesOf(unit);
    const found: number[] = [];
    for (let row = 0; row < columns.die.length; row++) {
      if (columns.tag[row] !== dw.DW_TAG_variable || columns.flags[row] !== 0) continue;
      const name = this.#textOf(columns, row);
      if (name !== undefined && isWanted(name)) found.push(columns.die[row] as number);
    }
    return found;
  }

  /** A name that cannot be read is none: the other names of the unit are as good as ever. */
  #textOf({ name: { section, offset } }: NameColumns, row: number): string | undefined {
    return unlessMalformed(() =>
      this.#dwarf.read((of) => of.string(section[row] as number, offset[row] as number)),
    );
  }

  #searched(): readonly DwarfUnit[] {
    return unlessMalformed(() => this.#dwarf.units) ?? [];
  }

  #namesOf(unit: DwarfUnit): UnitNames {
    const known = this.#units.get(unit.index);
    if (known) return known;
    const columns = unlessMalformed(() => unit.readNames()) ?? noNames;
    const inlined = new Map<string, number[]>();
    for (const [row, section] of columns.name.section.entries()) {
      if (section === StringSection.debugStr) continue;
      const text = this.#textOf(columns, row);
      const same = text === undefined ? undefined : inlined.get(text);
      if (same) same.push(row);
      else if (text !== undefined) inlined.set(text, [row]);
    }
    const names = { columns, inlined };
    this.#units.set(unit.index, names);
    return names;
  }
}

const noNames: NameColumns = {
  die: new Uint32Array(0),
  tag: new Uint16Array(0),
  flags: new Uint8Array(0),
  name: { section: new Uint8Array(0), offset: new Uint32Array(0) },
};

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** What a row names; nothing where it only declares a variable, whose definition is elsewhere, or further down in the same unit. */
function kindOf({ tag, flags }: NameColumns, row: number): NameKind | undefined {
  switch (tag[row]) {
    case dw.DW_TAG_member:
    case dw.DW_TAG_variable: {
      const bits = flags[row] as number;
      const isDeclared = (bits & NameFlag.declaration) !== 0 && (bits & NameFlag.staticConstant) === 0;
      return isDeclared ? undefined : "variable";
    }
    case dw.DW_TAG_enumerator:
      return "enumerator";
    case dw.DW_TAG_subprogram:
      return "function";
    default:
      return "type";
  }
}

/** Of a unit whose DIEs cannot be decoded none is there, though its names can be read. */
const dieAt = (unit: DwarfUnit, offset: number): Die | undefined => unlessMalformed(() => unit.dieAt(offset));

/** Whether a variable is there by name only: what a compiler made up, and the objects that headers of C++'s library are full of. */
function isInternal(die: Die): boolean {
  return (
    unlessMalformed(() => {
      if (die.holder(dw.DW_AT_artificial)) return true;
      return die.unit.language !== dw.DW_LANG_Rust && qualifiedName(die)?.startsWith("std::") === true;
    }) ?? false
  );
}

const isVtable = (name: string): boolean => name.endsWith("::{vtable}");

/** Whether a path may name a DIE: its end, where inline namespaces and an enumeration may stand or not. */
function hasPath(die: Die, path: string): boolean {
  const full = qualifiedName(die) ?? "";
  if (full === path || full.endsWith(`::${path}`)) return true;
  const names = [writtenName(die)];
  let declaration = die;
  for (const origin of die.origins()) declaration = origin;
  for (let around = declaration.parent; around; around = around.parent) {
    const isInline = around.tag === dw.DW_TAG_namespace && around.flag(dw.DW_AT_export_symbols);
    if (!isInline && around.name !== undefined && around.tag !== dw.DW_TAG_compile_unit)
      names.unshift(writtenName(around));
  }
  return `::${names.join("::")}`.endsWith(`::${path}`);
}

/** A name with its template arguments, as far as those are types with names. */
function writtenName(die: Die): string {
  const name = die.name ?? "";
  if (name.includes("<")) return name;
  const types: string[] = [];
  for (const child of die.children()) {
    if (child.tag === dw.DW_TAG_template_type_parameter)
      types.push(child.reference(dw.DW_AT_type)?.name ?? "?");
  }
  return types.length === 0 ? name : `${name}<${types.join(", ")}>`;
}

/** The parts of a path between `::`, except in template arguments. */
function pathParts(name: string): readonly string[] {
  if (!name.includes("<")) return name.split("::");
  const parts = [""];
  let depth = 0;
  for (const part of name.split("::")) {
    const isInside = depth > 0;
    for (const character of part) depth += character === "<" ? 1 : character === ">" ? -1 : 0;
    if (isInside) parts.push(`${parts.pop()}::${part}`);
    else parts.push(part);
  }
  return parts.slice(1);
}

const recordTags = new Set([dw.DW_TAG_structure_type, dw.DW_TAG_class_type]);
