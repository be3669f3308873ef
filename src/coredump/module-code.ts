import { type FuncIndex, type ModuleOffset, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import { ByteCursor } from "../base/bytes.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import { readS32 } from "../base/leb128.ts";
import { once } from "../base/once.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import {
  findDefinedIndex,
  findTypeOfFunction,
  funcIndexOf,
  type IndexSpaces,
  readIndexSpaces,
} from "../wasm/index-spaces.ts";
import { CALL, I32_CONST, type Opcode, RETURN_CALL } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type FunctionBody, findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";
import { formatValueType } from "../wasm/value-type.ts";

type TableEntries = ReadonlyMap<number, ReadonlyMap<number, FuncIndex>>;

/** One instruction of a module. */
export interface CodeInstruction {
  readonly opcode: Opcode;
  /** Where the next one begins. */
  readonly end: number;
  /** The function that a direct call calls. */
  readonly callee: FuncIndex | undefined;
}

/**
 * What a module's code can say about the frames of a coredump: where functions lie, what instruction is where, what
 * locals there are. Answers are kept, for the many dumps of one module.
 */
export class ModuleCode {
  readonly module: WasmModule;
  readonly #bodies = new Map<number, FunctionBody | undefined>();
  readonly #locals = new Map<number, readonly string[] | undefined>();
  readonly #instructions = new Map<number, CodeInstruction | undefined>();

  constructor(module: WasmModule) {
    this.module = module;
  }

  /** @throws {MalformedError} as the sections that index spaces are made of. */
  get spaces(): IndexSpaces {
    return this.#spaces();
  }
  readonly #spaces = once(() => readIndexSpaces(this.module));

  get functionCount(): number {
    return this.spaces.functionTypes.length;
  }

  /** Types of a function's locals, params first; `undefined` for an imported function, one there is not or a malformed one. */
  localTypes(func: number): readonly string[] | undefined {
    if (!this.#locals.has(func)) this.#locals.set(func, this.#readLocalTypes(func));
    return this.#locals.get(func);
  }

  /** Where a function lies; `undefined` as for `localTypes`. */
  bodyOf(func: number): FunctionBody | undefined {
    if (!this.#bodies.has(func)) this.#bodies.set(func, this.#readBody(func));
    return this.#bodies.get(func);
  }

  /** The function whose body holds a place of the file. */
  functionAt(offset: number): FuncIndex | undefined {
    const body = findBodyAt(this.module.code, toModuleOffset(offset));
    return body === undefined ? undefined : funcIndexOf(this.spaces, body);
  }

  /** The instruction that begins at a place of the file; `undefined` where none does. */
  instructionAt(offset: number): CodeInstruction | undefined {
    if (!this.#instructions.has(offset)) this.#instructions.set(offset, this.#readInstruction(offset));
    return this.#instructions.get(offset);
  }

  /** Contents of the code section, from where DWARF counts. */
  get codeStart(): ModuleOffset {
    return this.module.code.start;
  }

  /**
   * What an entry of a table is from the beginning, and still is unless the program's own code changes it: compilers'
   * code does not. `undefined` for tables that others can reach, and where there is no function.
   */
  initialEntry(table: number, index: number): FuncIndex | undefined {
    return this.#entries().get(table)?.get(index);
  }
  readonly #entries = once(
    () =>
      ifWellFormed(() => readInitialEntries(this.module, this.spaces)) ??
      new Map<number, ReadonlyMap<number, FuncIndex>>(),
  );

  #readBody(func: number): FunctionBody | undefined {
    const defined = findDefinedIndex(this.spaces, toFuncIndex(func));
    if (defined === undefined) return undefined;
    return ifWellFormed(() => readFunctionBody(this.module.bytes, this.module.code, defined));
  }

  #readLocalTypes(func: number): readonly string[] | undefined {
    const body = this.bodyOf(func);
    if (!body) return undefined;
    const params = findTypeOfFunction(this.spaces, toFuncIndex(func))?.params ?? [];
    const types = Array.from(params, (type) => formatValueType(type));
    for (const { count, type } of body.locals) {
      types.push(...new Array<string>(count).fill(formatValueType(type)));
    }
    return types;
  }

  #readInstruction(offset: number): CodeInstruction | undefined {
    const func = this.functionAt(offset);
    const body = func === undefined ? undefined : this.bodyOf(func);
    if (!body || offset < body.instructionsStart) return undefined;
    return ifWellFormed(() => {
      const reader = new CodeReader(this.module.bytes, body.instructionsStart, body.end);
      while (reader.next() && reader.offset < offset);
      if (reader.offset !== offset) return undefined;
      const { opcode, end } = reader;
      const direct = opcode === CALL || opcode === RETURN_CALL;
      return { opcode, end, callee: direct ? toFuncIndex(reader.index()) : undefined };
    });
  }
}

/** Functions by entry, by table, of tables that are neither imported nor exported. */
function readInitialEntries(module: WasmModule, { imported }: IndexSpaces): TableEntries {
  const open = new Set(module.exports.filter(({ kind }) => kind === "table").map(({ index }) => index));
  const tables = new Map<number, Map<number, FuncIndex>>();
  for (const { mode, elements } of module.elements) {
    if (mode.kind !== "active" || elements.kind !== "functions") continue;
    if (mode.table < imported.tables || open.has(mode.table)) continue;
    const cursor = new ByteCursor(module.bytes, "element", mode.offset.start, mode.offset.end);
    if (cursor.u8() !== I32_CONST) continue;
    const start = readS32(cursor) >>> 0;
    const entries = tables.get(mode.table) ?? new Map<number, FuncIndex>();
    for (const [at, func] of elements.functions.entries()) entries.set(start + at, toFuncIndex(func));
    tables.set(mode.table, entries);
  }
  return tables;
}
