import { type DefinedFuncIndex, type FuncIndex, toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import type { WasmModule } from "./module.ts";
import type { GlobalType } from "./sections/global.ts";
import type { ExternType } from "./sections/import.ts";
import type { MemoryType } from "./sections/memory.ts";
import type { TableType } from "./sections/table.ts";
import type { TagType } from "./sections/tag.ts";
import type { FuncType, SubType } from "./sections/type.ts";

/**
 * What each index of a module stands for, imports first.
 *
 * `find*` answer `undefined` for an index that is out of range or stands for something else: the caller
 * knows where the index was read and which error to make of it.
 */
export interface IndexSpaces {
  readonly types: readonly SubType[];
  /** Type index of each function, by `FuncIndex`. */
  readonly functionTypes: Uint32Array;
  readonly tables: readonly TableType[];
  readonly memories: readonly MemoryType[];
  readonly globals: readonly GlobalType[];
  readonly tags: readonly TagType[];
  /** How many at the start of each index space are imported. */
  readonly imported: {
    readonly functions: number;
    readonly tables: number;
    readonly memories: number;
    readonly globals: number;
    readonly tags: number;
  };
}

/**
 * Lays out the index spaces of a module. Decodes its type, import, function, table, memory, global and tag
 * sections.
 *
 * @throws {MalformedError} as the readers of those sections.
 */
export function readIndexSpaces(module: WasmModule): IndexSpaces {
  const functionTypes: number[] = [];
  const tables: TableType[] = [];
  const memories: MemoryType[] = [];
  const globals: GlobalType[] = [];
  const tags: TagType[] = [];
  const add = (type: ExternType): unknown => {
    switch (type.kind) {
      case "func":
        return functionTypes.push(type.typeIndex);
      case "table":
        return tables.push(type.table);
      case "memory":
        return memories.push(type.memory);
      case "global":
        return globals.push(type.global);
      case "tag":
        return tags.push(type.tag);
    }
  };
  for (const { type } of module.imports) add(type);
  const imported = {
    functions: functionTypes.length,
    tables: tables.length,
    memories: memories.length,
    globals: globals.length,
    tags: tags.length,
  };
  const allFunctionTypes = new Uint32Array(imported.functions + module.functions.length);
  allFunctionTypes.set(functionTypes);
  allFunctionTypes.set(module.functions, imported.functions);
  return {
    types: module.types.types,
    functionTypes: allFunctionTypes,
    tables: tables.concat(module.tables),
    memories: memories.concat(module.memories),
    globals: globals.concat(module.globals),
    tags: tags.concat(module.tags),
    imported,
  };
}

/** The type at an index of the type index space, when it is a function type. */
export function findFuncType(spaces: IndexSpaces, typeIndex: number): FuncType | undefined {
  const composite = spaces.types[typeIndex]?.composite;
  return composite?.kind === "func" ? composite : undefined;
}

/** Params and results of a function. */
export function findTypeOfFunction(spaces: IndexSpaces, index: FuncIndex): FuncType | undefined {
  const typeIndex = spaces.functionTypes[index];
  return typeIndex === undefined ? undefined : findFuncType(spaces, typeIndex);
}

/** What exceptions of a tag carry, as the params of a function type. */
export function findTypeOfTag(spaces: IndexSpaces, tag: number): FuncType | undefined {
  const type = spaces.tags[tag];
  return type && findFuncType(spaces, type.typeIndex);
}

/** Position among the defined functions, or `undefined` for an imported one. */
export function findDefinedIndex(spaces: IndexSpaces, index: FuncIndex): DefinedFuncIndex | undefined {
  const defined = index - spaces.imported.functions;
  return defined >= 0 && index < spaces.functionTypes.length ? toDefinedFuncIndex(defined) : undefined;
}

/** Index in the function index space of a defined function. */
export function funcIndexOf(spaces: IndexSpaces, defined: DefinedFuncIndex): FuncIndex {
  return toFuncIndex(defined + spaces.imported.functions);
}
