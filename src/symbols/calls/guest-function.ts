import { MalformedError } from "../../base/errors.ts";
import * as dw from "../../dwarf/constants.ts";
import type { Die, DwarfUnit } from "../../dwarf/die.ts";
import { qualifiedName } from "../../dwarf/qualified-name.ts";
import type { ModuleSymbols } from "../module-symbols.ts";
import type { NameIndex } from "../name-index.ts";
import { plainType, type RecordType, type Type } from "../types/type.ts";
import { nearestOf } from "../visible-scopes.ts";
import type { GuestFunction } from "./callable.ts";

/** Functions looked at for one name. */
const maxSame = 64;

/**
 * The functions that a name stands for where `scopes` are visible: several where it is overloaded. Those of `unit` come before
 * all others. Functions that were inlined everywhere or dropped are not among them. `name` may be a path, `shapes::area`.
 */
export function functionsNamed(
  module: ModuleSymbols,
  name: string,
  unit: DwarfUnit | undefined,
  scopes: () => readonly string[],
): readonly GuestFunction[] {
  const { names } = module;
  if (!names) return [];
  const own = unit ? withCode(module, names.findIn(unit, "function", name)) : [];
  const exact = own.length > 0 ? own : withCode(module, names.find("function", name));
  const found = unit ? [...exact, ...withCode(module, instancesOf(names, unit, name))] : exact;
  const nearest = nearestOf(
    found.map(({ die }) => die),
    name,
    scopes,
  );
  const functions = found.filter(({ die }) => nearest.includes(die)).map(({ described }) => described);
  // Each unit that uses an inline function describes a copy of its own.
  return [...new Map(functions.map((of) => [of.index, of])).values()];
}

/**
 * The methods of a name that a class has itself, not from a class it is derived from. A class without a name, as that of a lambda,
 * is known by the object that its methods take, and looked for in `unit` alone.
 */
export function methodsOf(
  module: ModuleSymbols,
  record: RecordType,
  name: string,
  unit: DwarfUnit | undefined,
): readonly GuestFunction[] {
  if (record.name !== undefined) {
    const path = record.language === "d" ? record.name.replaceAll(".", "::") : record.name;
    return functionsNamed(module, `${path}::${name}`, unit, () => [""]).filter(({ isMethod }) => isMethod);
  }
  const { names } = module;
  if (!names || !unit) return [];
  const dies = [...names.findIn(unit, "function", name, maxAnonymous), ...instancesOf(names, unit, name)];
  return withCode(
    module,
    dies.filter((die) => objectOf(module, die) === record),
  ).map(({ described }) => described);
}

/** Functions of one name looked at for the class that they belong to. */
const maxAnonymous = 4_096;

/** The class that a method is for; `undefined` for what is no method. */
function objectOf(module: ModuleSymbols, die: Die): Type | undefined {
  for (const child of die.children()) {
    if (child.tag !== dw.DW_TAG_formal_parameter) continue;
    const pointer = plainType(module.types.typeOf(child));
    return pointer.kind === "pointer" ? plainType(pointer.target) : undefined;
  }
  return undefined;
}

/** What was made in a unit of a template or a generic function. */
function* instancesOf(names: NameIndex, unit: DwarfUnit, name: string): Generator<Die, void, undefined> {
  const last = name.split("::").at(-1) ?? name;
  const path = name.slice(0, name.length - last.length);
  for (const instance of [...names.namesIn(unit, "function")]) {
    if (instance.startsWith(`${last}<`) || instance.startsWith(`${last}!`))
      yield* names.findIn(unit, "function", path + instance);
  }
}

interface Described {
  readonly die: Die;
  readonly described: GuestFunction;
}

function withCode(module: ModuleSymbols, dies: Iterable<Die>): readonly Described[] {
  const found: Described[] = [];
  try {
    let looked = 0;
    for (const die of dies) {
      if (looked++ >= maxSame) break;
      const described = describe(module, die);
      if (described) found.push({ die, described });
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return found;
}

function describe(module: ModuleSymbols, die: Die): GuestFunction | undefined {
  const { facts } = module.parts;
  const begin = die.ranges()[0]?.begin;
  const index = begin === undefined ? undefined : facts.functionOfCode?.(begin);
  if (index === undefined) return undefined;
  const parameters: Type[] = [];
  let isVariadic = false;
  let isMethod = false;
  for (const child of die.children()) {
    if (child.tag === dw.DW_TAG_unspecified_parameters) isVariadic = true;
    if (child.tag !== dw.DW_TAG_formal_parameter) continue;
    if (parameters.length === 0) isMethod = child.name === "this" || child.name === "self";
    parameters.push(module.types.typeOf(child));
  }
  return {
    index,
    name: qualifiedName(die) ?? `func[${index}]`,
    parameters,
    result: module.types.typeOf(die),
    isVariadic,
    isMethod,
    isRust: die.unit.language === dw.DW_LANG_Rust,
  };
}
