import type { FuncIndex } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import { findDefinedIndex, findTypeOfFunction, readIndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";
import type { NameSection } from "../wasm/sections/name.ts";
import { formatValueType } from "../wasm/value-type.ts";

/** A local or global of Wasm that has a name. */
export interface NamedSlot {
  readonly index: number;
  readonly name: string;
}

/**
 * Wasm's own variables with what the name section calls them, for functions about whose variables nothing else is known.
 *
 * What is malformed counts as absent.
 */
export class SlotNames {
  readonly #module: WasmModule;
  readonly #names: () => NameSection | undefined;

  constructor(module: WasmModule, names: () => NameSection | undefined) {
    this.#module = module;
    this.#names = names;
  }

  /** Types of a function's locals, parameters first, and how many of them are parameters. */
  locals(func: FuncIndex): { readonly parameters: number; readonly types: readonly string[] } {
    return this.#attempt(() => this.#localsOf(func)) ?? { parameters: 0, types: [] };
  }

  /** Types of a function's results. */
  results(func: FuncIndex): readonly string[] {
    const type = this.#attempt(() => findTypeOfFunction(this.#spaces(), func));
    return Array.from(type?.results ?? [], (one) => formatValueType(one));
  }

  /** Those locals of a function that have names. */
  namedLocals(func: FuncIndex): readonly NamedSlot[] {
    return this.#attempt(() => toSlots(this.#names()?.namesWithin("local", func))) ?? [];
  }

  /** The type of a global; `undefined` for an index out of range. */
  globalType(global: number): string | undefined {
    const type = this.#attempt(() => this.#spaces().globals[global]?.type);
    return type === undefined ? undefined : formatValueType(type);
  }

  /**
   * Globals that are meant to be seen in a function: where names begin with a file's, as AssemblyScript's do, those of the
   * function's file; else all that have a name.
   */
  globalsFor(functionName: string | undefined): readonly NamedSlot[] {
    const file = fileOf(functionName);
    const all = this.#globals();
    return file === undefined ? all : all.filter(({ name }) => fileOf(name) === file);
  }

  /** The global a user means by a name: its whole name, or what follows the file's; in the function's own file first. */
  findGlobal(name: string, functionName: string | undefined): number | undefined {
    const whole = this.#byName().get(name);
    if (whole?.length === 1) return whole[0];
    const file = fileOf(functionName);
    const inFile = file === undefined ? undefined : this.#byName().get(`${file}/${name}`);
    if (inFile?.length === 1) return inFile[0];
    const anywhere = this.#byLastName().get(name);
    return anywhere?.length === 1 ? anywhere[0] : undefined;
  }

  readonly #spaces = once(() => readIndexSpaces(this.#module));
  readonly #globals = once(() => this.#attempt(() => toSlots(this.#names()?.names("global"))) ?? []);
  readonly #byName = once(() => groupBy(this.#globals(), ({ name }) => name));
  readonly #byLastName = once(() => groupBy(this.#globals(), ({ name }) => shortName(name)));

  #localsOf(func: FuncIndex) {
    const spaces = this.#spaces();
    const params = findTypeOfFunction(spaces, func)?.params ?? [];
    const types = Array.from(params, (type) => formatValueType(type));
    const defined = findDefinedIndex(spaces, func);
    if (defined !== undefined) {
      const { bytes, code } = this.#module;
      for (const { count, type } of readFunctionBody(bytes, code, defined).locals)
        types.push(...new Array<string>(count).fill(formatValueType(type)));
    }
    return { parameters: params.length, types };
  }

  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof MalformedError) return undefined;
      throw error;
    }
  }
}

/** `counter` for `assembly/index/counter`. */
const shortName = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** `assembly/index` for `assembly/index/counter` or `assembly/index/Point#sum`. */
function fileOf(name: string | undefined): string | undefined {
  const path =
    name === undefined ? undefined : /^(?:start:)?([^<(]*)\/[^/]*$/.exec(name.replace(/<.*$/s, ""));
  return path?.[1] ?? (name?.startsWith("start:") ? name.slice("start:".length) : undefined);
}

const toSlots = (
  names: { entries(): Iterable<readonly [number, string]> } | undefined,
): readonly NamedSlot[] =>
  Array.from(names?.entries() ?? [], ([index, name]) => ({ index, name })).filter(({ name }) => isName(name));

/** AssemblyScript's compiler calls its temporaries by their numbers. */
const isName = (name: string): boolean => !/^\d*$/.test(name);

function groupBy(
  slots: readonly NamedSlot[],
  key: (slot: NamedSlot) => string,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const slot of slots) {
    const group = groups.get(key(slot));
    if (group) group.push(slot.index);
    else groups.set(key(slot), [slot.index]);
  }
  return groups;
}
