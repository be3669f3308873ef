import { MalformedError } from "../base/errors.ts";
import * as dw from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { DwarfUnit } from "../dwarf/dwarf-unit.ts";
import { qualifiedName } from "../dwarf/qualified-name.ts";
import { typeNameOf } from "./types/type-table.ts";

/** What a name can stand for. Types are found by their bare name, `node` for `struct node`. */
export type NameKind = "variable" | "type" | "enumerator" | "function";

/** Names of one unit: where each kind's DIEs are, in .debug_info, and its global variables in order. */
interface UnitNames {
  readonly byKind: Readonly<Record<NameKind, Map<string, number[]>>>;
  readonly globals: readonly number[];
  /** Variables that a Rust compiler made for tables of functions. */
  readonly vtables: readonly number[];
}

const typeTags = new Set([
  dw.DW_TAG_base_type,
  dw.DW_TAG_structure_type,
  dw.DW_TAG_union_type,
  dw.DW_TAG_class_type,
  dw.DW_TAG_enumeration_type,
  dw.DW_TAG_typedef,
]);

/** DIEs kept of one name in one unit. */
const maxSame = 32;

/**
 * Names at file and namespace level, unit by unit. A unit's names are read when it is first searched and
 * kept for the session. A unit that cannot be decoded has none.
 */
export class NameIndex {
  readonly #dwarf: DwarfModule;
  readonly #units = new Map<number, UnitNames>();

  constructor(dwarf: DwarfModule) {
    this.#dwarf = dwarf;
  }

  /** Global variables of a unit, file-local ones included, in the order declared. */
  globalsOf(unit: DwarfUnit): readonly Die[] {
    return this.#namesOf(unit).globals.flatMap((offset) => unit.dieAt(offset) ?? []);
  }

  /** The variables of all units that stand for tables of functions of Rust's trait objects. */
  *vtables(): Generator<Die, void, undefined> {
    for (const unit of this.#searched()) {
      for (const offset of this.#namesOf(unit).vtables) {
        const die = unit.dieAt(offset);
        if (die) yield die;
      }
    }
  }

  /**
   * DIEs a name stands for, those of unit `first` before those of others. `name` may be qualified, `a::b`.
   * Searching past `first` may decode every unit of the module.
   */
  *find(kind: NameKind, name: string, first?: DwarfUnit): Generator<Die, void, undefined> {
    if (first) yield* this.findIn(first, kind, name);
    for (const unit of this.#searched()) if (unit !== first) yield* this.findIn(unit, kind, name);
  }

  /** All names of a kind in one unit, without what they are in. */
  namesIn(unit: DwarfUnit, kind: NameKind): Iterable<string> {
    return this.#namesOf(unit).byKind[kind].keys();
  }

  /** DIEs a name stands for in one unit. */
  *findIn(unit: DwarfUnit, kind: NameKind, name: string): Generator<Die, void, undefined> {
    const parts = pathParts(name);
    const last = parts.at(-1) ?? name;
    const names = this.#namesOf(unit).byKind[kind];
    const exact = names.get(last);
    // Compilers can be told to leave template arguments out of names.
    for (const offset of exact ?? names.get(last.replace(/<.*$/s, "")) ?? []) {
      const die = unit.dieAt(offset);
      if (!die) continue;
      if ((parts.length > 1 || !exact) && !hasPath(die, name)) continue;
      yield die;
    }
  }

  /** The DIE that defines a declared record: of the same tag and name. */
  findDefinition(declaration: Die): Die | undefined {
    const named = declaration.reference(dw.DW_AT_signature);
    if (named) return named;
    const name = typeNameOf(declaration);
    if (name === undefined) return undefined;
    for (const die of this.find("type", name, declaration.unit)) {
      const isRecord =
        die.tag === declaration.tag || (recordTags.has(die.tag) && recordTags.has(declaration.tag));
      if (isRecord && !die.flag(dw.DW_AT_declaration)) return die;
    }
    return undefined;
  }

  #searched(): readonly DwarfUnit[] {
    try {
      return this.#dwarf.units;
    } catch (error) {
      if (error instanceof MalformedError) return [];
      throw error;
    }
  }

  #namesOf(unit: DwarfUnit): UnitNames {
    const known = this.#units.get(unit.index);
    if (known) return known;
    const names = readNames(unit);
    this.#units.set(unit.index, names);
    return names;
  }
}

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

function readNames(unit: DwarfUnit): UnitNames {
  const byKind: Record<NameKind, Map<string, number[]>> = {
    variable: new Map(),
    type: new Map(),
    enumerator: new Map(),
    function: new Map(),
  };
  const globals: number[] = [];
  const vtables: number[] = [];
  try {
    const { tag, parent } = unit.columns;
    for (let row = 0; row < tag.length; row++) {
      const holder = tag[parent[row] as number];
      const kind = kindOf(tag[row] as number) ?? (tag[row] === dw.DW_TAG_member ? "variable" : undefined);
      if (!kind) continue;
      if (kind === "variable" && recordTags.has(holder ?? 0)) {
        // Of static members that are constants there is often nothing but the declaration.
        const die = unit.dieAtRow(row);
        const name = die.has(dw.DW_AT_const_value) ? nameOf(die) : undefined;
        if (name !== undefined) addTo(byKind.variable, name, die.offset);
        continue;
      }
      // What stands in a function or a block is found through its frame, and members through their record.
      if ((kind === "variable" || kind === "function") && !isOuter(holder)) continue;
      const die = unit.dieAtRow(row);
      const name = nameOf(die);
      if (name === undefined) continue;
      if (kind === "variable") {
        // A declaration has its definition elsewhere, or further down in the same unit.
        if (die.flag(dw.DW_AT_declaration)) continue;
        if (name.endsWith("::{vtable}")) {
          vtables.push(die.offset);
          continue;
        }
        globals.push(die.offset);
      }
      addTo(byKind[kind], name, die.offset);
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return { byKind, globals, vtables };
}

function addTo(names: Map<string, number[]>, name: string, offset: number): void {
  const same = names.get(name);
  if (!same) names.set(name, [offset]);
  else if (same.length < maxSame) same.push(offset);
}

/** A name that cannot be read is none: the other names of the unit are as good as ever. */
function nameOf(die: Die): string | undefined {
  try {
    return die.name;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function kindOf(tag: number): NameKind | undefined {
  if (tag === dw.DW_TAG_variable) return "variable";
  if (tag === dw.DW_TAG_enumerator) return "enumerator";
  if (tag === dw.DW_TAG_subprogram) return "function";
  return typeTags.has(tag) ? "type" : undefined;
}

function isOuter(tag: number | undefined): boolean {
  return tag === dw.DW_TAG_compile_unit || tag === dw.DW_TAG_namespace;
}
