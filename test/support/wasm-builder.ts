/*
 * Modules for tests, byte by byte. Nothing here uses the writers of src/wasm, so that those can be tested
 * against it.
 */

/** Bytes in any nesting: a list is written as its parts, one after another, with nothing between. */
export type Bytes = number | Uint8Array | readonly Bytes[];

/** The bytes of any nesting, flat. */
export function flat(...parts: readonly Bytes[]): Uint8Array {
  const out: number[] = [];
  const add = (part: Bytes): void => {
    if (typeof part === "number") out.push(part);
    else for (const inner of part) add(inner);
  };
  add(parts);
  return Uint8Array.from(out);
}

/** Unsigned LEB128. */
export function u32(value: number | bigint): number[] {
  const out: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest < 0x80n) return [...out, low];
    out.push(low | 0x80);
  }
}

/** Signed LEB128: the operand of `i32.const` and `i64.const`. */
export function s32(value: number | bigint): number[] {
  const out: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -0x40n && rest <= 0x3fn) return [...out, low];
    out.push(low | 0x80);
  }
}

/** A count, then the entries. */
export const vec = (...entries: readonly Bytes[]): Bytes => [u32(entries.length), ...entries];
/** A size in bytes, then the bytes. */
export const sized = (...parts: readonly Bytes[]): Bytes => {
  const bytes = flat(...parts);
  return [u32(bytes.length), bytes];
};
/** A size in bytes, then UTF-8. */
export const text = (value: string): Bytes => sized(new TextEncoder().encode(value));
/** An id, a size, the payload. */
export const section = (id: number, ...payload: readonly Bytes[]): Bytes => [id, sized(...payload)];
/** A custom section. */
export const custom = (name: string, ...contents: readonly Bytes[]): Bytes =>
  section(0, text(name), ...contents);
/** The eight bytes all modules begin with. */
export const HEADER: Bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** A module of the sections given, right or wrong. */
export const moduleOf = (...sections: readonly Bytes[]): Uint8Array => flat(HEADER, ...sections);

/** Types as their bytes. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;
/** Type of a block without params and results. */
export const VOID = 0x40;
/** The last byte of bodies, blocks and constant expressions. */
export const END = 0x0b;

/** Limits without a maximum, or with one. */
export const limits = (minimum: number, maximum?: number): Bytes =>
  maximum === undefined ? [0, u32(minimum)] : [1, u32(minimum), u32(maximum)];
/** `i32.const value`. */
export const i32Const = (value: number): Bytes => [0x41, s32(value)];
/** `i64.const value`. */
export const i64Const = (value: bigint): Bytes => [0x42, s32(value)];
/** `call function`. */
export const call = (index: number): Bytes => [0x10, u32(index)];
export const localGet = (index: number): Bytes => [0x20, u32(index)];
export const localSet = (index: number): Bytes => [0x21, u32(index)];
export const globalGet = (index: number): Bytes => [0x23, u32(index)];
export const globalSet = (index: number): Bytes => [0x24, u32(index)];

const KINDS = { func: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;
/** Where each section goes: the order of the standard, not of the ids. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/**
 * A well-formed module, entry by entry. Sections are put in the standard's order whatever the order of calls;
 * within a section, entries keep the order of calls. Indexes are the caller's to count, imports first.
 */
export class WasmBuilder {
  readonly #entries = new Map<number, Bytes[]>();
  readonly #customs: { readonly before: number | undefined; readonly bytes: Bytes }[] = [];
  #start: number | undefined;
  #dataCount = false;

  /** A function type. */
  type(params: readonly Bytes[], results: readonly Bytes[] = []): this {
    return this.rawType(0x60, vec(...params), vec(...results));
  }

  /** An entry of the type section in its own bytes: a struct, an array, a recursive group. */
  rawType(...bytes: readonly Bytes[]): this {
    return this.#add(1, bytes);
  }

  /** An import; `type` is a type index, a table type, limits, a global type or an attribute and a type index. */
  import(module: string, name: string, kind: keyof typeof KINDS, ...type: readonly Bytes[]): this {
    return this.#add(2, [text(module), text(name), KINDS[kind], ...type]);
  }

  /** A function: its type's index, its locals as (count, type) pairs, its instructions. The last `end` is added. */
  func(type: number, locals: readonly (readonly [number, Bytes])[], ...instructions: readonly Bytes[]): this {
    this.#add(3, u32(type));
    const runs = locals.map(([count, local]): Bytes => [u32(count), local]);
    return this.#add(10, sized(vec(...runs), ...instructions, END));
  }

  table(type: Bytes, size: Bytes): this {
    return this.#add(4, [type, size]);
  }

  memory(size: Bytes): this {
    return this.#add(5, size);
  }

  /** A tag for exceptions that carry the params of a function type. */
  tag(type: number): this {
    return this.#add(13, [0, u32(type)]);
  }

  /** A global with its first value's instructions. Their `end` is added. */
  global(type: Bytes, mutability: "mutable" | "constant", ...init: readonly Bytes[]): this {
    return this.#add(6, [type, mutability === "mutable" ? 1 : 0, ...init, END]);
  }

  export(name: string, kind: keyof typeof KINDS, index: number): this {
    return this.#add(7, [text(name), KINDS[kind], u32(index)]);
  }

  start(index: number): this {
    this.#start = index;
    return this;
  }

  /** Functions put in table 0 from `offset` on. */
  elements(offset: number, ...functions: readonly number[]): this {
    return this.rawElements(0, i32Const(offset), END, [u32(functions.length), functions.map(u32)]);
  }

  /** An element segment in its own bytes. */
  rawElements(...bytes: readonly Bytes[]): this {
    return this.#add(9, bytes);
  }

  /** Bytes put in memory 0 from `address` on. */
  data(address: number, ...bytes: readonly Bytes[]): this {
    return this.rawData(0, i32Const(address), END, sized(...bytes));
  }

  /** A data segment in its own bytes. */
  rawData(...bytes: readonly Bytes[]): this {
    return this.#add(11, bytes);
  }

  /** Counts the data segments in a section of their own, as `memory.init` and `data.drop` need. */
  dataCount(): this {
    this.#dataCount = true;
    return this;
  }

  /** A custom section, behind all others or before the place of the section with that id. */
  custom(name: string, contents: Bytes, before?: number): this {
    this.#customs.push({ before, bytes: custom(name, contents) });
    return this;
  }

  build(): Uint8Array {
    const sections: Bytes[] = [];
    const addCustoms = (before: number | undefined): void => {
      for (const each of this.#customs) if (each.before === before) sections.push(each.bytes);
    };
    for (const id of ORDER) {
      addCustoms(id);
      const entries = this.#entries.get(id);
      if (id === 8 && this.#start !== undefined) sections.push(section(8, u32(this.#start)));
      if (id === 12 && this.#dataCount) sections.push(section(12, u32(this.#entries.get(11)?.length ?? 0)));
      if (entries) sections.push(section(id, u32(entries.length), entries));
    }
    addCustoms(undefined);
    return moduleOf(...sections);
  }

  #add(id: number, entry: Bytes): this {
    const entries = this.#entries.get(id);
    if (entries) entries.push(entry);
    else this.#entries.set(id, [entry]);
    return this;
  }
}
