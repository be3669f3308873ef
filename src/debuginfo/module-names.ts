import { upperBound } from "../base/binary-search.ts";
import {
  type CodeOffset,
  type FuncIndex,
  type ModuleOffset,
  toFuncIndex,
  toModuleOffset,
} from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import { findTypeOfFunction, readIndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NamedKind, NameSection } from "../wasm/sections/name.ts";
import { formatValueType } from "../wasm/value-type.ts";
import type { DebugInfo } from "./debug-info.ts";
import { ManagedRuntime } from "./managed-runtime.ts";
import { SlotNames } from "./slot-names.ts";

/**
 * What a module itself says its locals and globals are called, for whoever shows raw Wasm state. Decoded on first need;
 * a malformed name section counts as absent.
 */
export class ModuleNames {
  /** Locals and globals by name. */
  readonly slots: SlotNames;
  readonly #module: WasmModule;
  readonly #info: DebugInfo;

  constructor(module: WasmModule, info: DebugInfo) {
    this.#module = module;
    this.#info = info;
    this.slots = new SlotNames(module, () => this.#attempt((names) => names));
  }

  /** The best name of a function, imported ones by module and field. */
  functionName(func: FuncIndex): string | undefined {
    const imports = this.#importedFunctions();
    const start = this.#module.code.bodyStarts[func - imports.length];
    return (
      imports[func] ?? (start === undefined ? undefined : this.#info.functionAt(toModuleOffset(start))?.name)
    );
  }

  /** What the linker calls a function, where that is another name: mangled. */
  linkerName(func: FuncIndex): string | undefined {
    const start = this.functionStart(func);
    return start === undefined ? undefined : this.#info.functionAt(start)?.linkerName;
  }

  /** Where the code of a function begins; `undefined` for an imported one. */
  functionStart(func: FuncIndex): ModuleOffset | undefined {
    const start = this.#module.code.bodyStarts[func - this.#importedFunctions().length];
    return start === undefined ? undefined : toModuleOffset(start);
  }

  /** The function whose body holds an address, as DWARF counts. */
  functionOfCode(address: CodeOffset): FuncIndex | undefined {
    const { bodyStarts, bodyEnds, start } = this.#module.code;
    const at = upperBound(bodyStarts, start + address) - 1;
    if (at < 0 || start + address >= (bodyEnds[at] as number)) return undefined;
    return toFuncIndex(this.#importedFunctions().length + at);
  }

  /** Wasm types of what a function takes and gives. */
  signature(func: FuncIndex): { params: readonly string[]; results: readonly string[] } | undefined {
    const type = findTypeOfFunction(this.#spaces(), func);
    return (
      type && {
        params: Array.from(type.params, (param) => formatValueType(param)),
        results: Array.from(type.results, (result) => formatValueType(result)),
      }
    );
  }

  /** Of a local, parameters counted first. */
  localName(func: FuncIndex, local: number): string | undefined {
    return this.#attempt((names) => names.namesWithin("local", func).find(local));
  }

  globalName(global: number): string | undefined {
    return (
      this.#attempt((names) => names.names("global").find(global)) ?? this.#exportedGlobals().get(global)
    );
  }

  /** What the name section calls a member of an index space. */
  sectionName(kind: NamedKind, index: number): string | undefined {
    return this.#attempt((names) => names.names(kind).find(index));
  }

  isGlobalMutable(global: number): boolean {
    return this.#spaces().globals[global]?.mutable ?? false;
  }

  /** The objects of a program that AssemblyScript's compiler made; `undefined` for others. */
  get managed(): ManagedRuntime | undefined {
    return this.#managed();
  }
  readonly #managed = once(() => {
    // Its compiler writes no DWARF; and where there is some, names may be much to read.
    if (this.#module.hasCustom(".debug_info")) return undefined;
    const names = () => this.#attempt((section) => section);
    const isLibrary = (name: string): boolean => name.startsWith("~lib/");
    const isAssemblyScript =
      this.#info.sources().some(({ path }) => isLibrary(path)) ||
      [...(this.#attempt((section) => section.names("function").entries()) ?? [])].some(([, name]) =>
        isLibrary(name),
      );
    return isAssemblyScript
      ? new ManagedRuntime(this.#module, names, this.#info.stackPointerGlobal)
      : undefined;
  });

  readonly #spaces = once(() => readIndexSpaces(this.#module));

  readonly #importedFunctions = once(() =>
    this.#module.imports
      .filter(({ type }) => type.kind === "func")
      .map(({ module, name }) => `${module}.${name}`),
  );

  readonly #exportedGlobals = once(
    () =>
      new Map(
        this.#module.exports.filter(({ kind }) => kind === "global").map(({ index, name }) => [index, name]),
      ),
  );

  #attempt<T>(read: (names: NameSection) => T): T | undefined {
    try {
      const { names } = this.#module;
      return names && read(names);
    } catch (error) {
      if (error instanceof MalformedError) return undefined;
      throw error;
    }
  }
}
