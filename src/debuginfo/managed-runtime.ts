import { type FuncIndex, toFuncIndex } from "../base/brand.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import { once } from "../base/once.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { initialValue } from "../wasm/initial-value.ts";
import { I32_CONST } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NameSection } from "../wasm/sections/name.ts";
import { type ManagedField, readFields, readVisitedClasses } from "./managed-classes.ts";
import { findReferences, type References } from "./managed-references.ts";

/**
 * What a module of AssemblyScript tells about the objects of its runtime: their classes, as far as names are left, and which
 * of Wasm's variables hold them. Everything is worked out from the module alone, when it is asked for.
 *
 * Source: AssemblyScript 0.28, "Memory layout" and `~lib/shared/typeinfo`.
 */
export class ManagedRuntime {
  readonly #module: WasmModule;
  readonly #names: () => NameSection | undefined;
  readonly #stackPointer: number | undefined;
  readonly #references = new Map<FuncIndex, References>();
  readonly #fields = new Map<string, readonly ManagedField[]>();

  /** `stackPointer`: the global for the stack that the collector looks through. */
  constructor(module: WasmModule, names: () => NameSection | undefined, stackPointer: number | undefined) {
    this.#module = module;
    this.#names = names;
    this.#stackPointer = stackPointer;
  }

  /** What the runtime's own table says about a class, as `TypeinfoFlags`; `undefined` where that is not known. */
  flagsOf(id: number): number | undefined {
    return this.#flags()?.[id];
  }

  /** The name of a class, with its file's. */
  nameOf(id: number): string | undefined {
    return this.#classes().get(id);
  }

  /** Fields of a class that it has accessors for in the module, in order of offset; not those of its base class. */
  fieldsOf(id: number): readonly ManagedField[] {
    const name = this.nameOf(id);
    if (name === undefined) return [];
    let fields = this.#fields.get(name);
    if (!fields) {
      fields =
        ifWellFormed(() => readFields(this.#module, this.#functionNames(), this.#imported(), name)) ?? [];
      this.#fields.set(name, fields);
    }
    return fields;
  }

  /** Whether the compiler put an object at an address: its memory begins with a data segment of its own. */
  isStatic(address: bigint): boolean {
    return this.#segmentStarts().has(address - headerBytes);
  }

  /** Whether the code of a function treats one of its locals, or a global, as a reference to an object. */
  isReference(func: FuncIndex, kind: "local" | "global", index: number): boolean {
    if (kind === "local" && this.#localName(func, index) === "this") return true;
    let found = this.#references.get(func);
    if (!found) {
      found = ifWellFormed(() => findReferences(this.#module, func, this.#context())) ?? none;
      this.#references.set(func, found);
    }
    return kind === "local" ? found.locals.has(index) : this.#globalReferences().has(index);
  }

  /** Globals keep their meaning everywhere, so every function may tell it. */
  readonly #globalReferences = once(() => {
    const globals = new Set<number>();
    for (let body = 0; body < this.#module.code.count; body++) {
      const func = toFuncIndex(body + this.#imported());
      const found = ifWellFormed(() => findReferences(this.#module, func, this.#context()));
      for (const global of found?.globals ?? []) globals.add(global);
    }
    return globals;
  });

  readonly #context = once(() => ({
    imported: this.#imported(),
    stackPointer: this.#stackPointer,
    isMethod: (callee: number) => this.#isMethod(callee),
  }));

  #isMethod(callee: number): boolean {
    return /#(?!constructor$)/.test(this.#functionNames().get(callee) ?? "");
  }

  #localName(func: FuncIndex, index: number): string | undefined {
    return ifWellFormed(() => this.#names()?.namesWithin("local", func).find(index));
  }

  readonly #imported = once(() => this.#module.imports.filter(({ type }) => type.kind === "func").length);

  readonly #functionNames = once(
    (): ReadonlyMap<number, string> =>
      new Map(ifWellFormed(() => this.#names()?.names("function").entries()) ?? []),
  );

  readonly #classes = once(
    (): ReadonlyMap<number, string> =>
      ifWellFormed(() => readVisitedClasses(this.#module, this.#functionNames(), this.#imported())) ??
      new Map(),
  );

  readonly #segmentStarts = once(() => new Set(this.#segments().map(({ address }) => address)));

  readonly #segments = once(() => ifWellFormed(() => segmentsOf(this.#module)) ?? []);

  /** The table of classes: how many there are, then the flags of each. */
  readonly #flags = once((): readonly number[] | undefined => {
    const base = ifWellFormed(() => initialValue(this.#module, this.#rttiGlobal()));
    const segment = base === undefined ? undefined : this.#segments().find(({ address }) => address === base);
    if (!segment || segment.bytes.length < 4) return undefined;
    const view = new DataView(segment.bytes.buffer, segment.bytes.byteOffset, segment.bytes.length);
    const count = view.getUint32(0, true);
    // Before 0.20 each class had the id of its base, too.
    if (count === 0 || 4 + count * 4 !== segment.bytes.length) return undefined;
    return Array.from({ length: count }, (_, id) => view.getUint32(4 + id * 4, true));
  });

  #rttiGlobal(): number | undefined {
    for (const [index, name] of this.#names()?.names("global").entries() ?? []) {
      if (name === "~lib/rt/__rtti_base") return index;
    }
    return this.#module.exports.find(({ kind, name }) => kind === "global" && name === "__rtti_base")?.index;
  }
}

/** Bytes in front of an object that are the memory manager's, the collector's and the runtime's. */
const headerBytes = 20n;
const none: References = { locals: new Set(), globals: new Set() };

interface Segment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

function segmentsOf({ bytes, data }: WasmModule): readonly Segment[] {
  return data.flatMap(({ mode, contents }) => {
    if (mode.kind !== "active" || mode.memory !== 0) return [];
    const reader = new CodeReader(bytes, mode.offset.start, mode.offset.end);
    if (!reader.next() || reader.opcode !== I32_CONST) return [];
    return [{ address: BigInt(reader.i32() >>> 0), bytes: bytes.subarray(contents.start, contents.end) }];
  });
}
