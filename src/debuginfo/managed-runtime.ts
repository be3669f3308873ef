import { type FuncIndex, toFuncIndex } from "../base/brand.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import { once } from "../base/once.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { readIndexSpaces } from "../wasm/index-spaces.ts";
import { initialValue } from "../wasm/initial-value.ts";
import { I32_CONST } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NameSection } from "../wasm/sections/name.ts";
import { type ManagedField, readBaseClass, readFields, readVisitedClasses } from "./managed-classes.ts";
import { findReferences, type References } from "./managed-references.ts";
import { flagsOfName } from "./managed-type-info.ts";
import { findManagedUses, type ManagedUse, type ManagedUses } from "./managed-uses.ts";

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

  /** What the runtime's own table says about a class, or else its name, as `TypeinfoFlags`; `undefined` where that is not known. */
  flagsOf(id: number): number | undefined {
    return this.#flags()?.[id] ?? flagsOfName(this.nameOf(id));
  }

  /** The name of a class, with its file's. */
  nameOf(id: number): string | undefined {
    return this.#classes().get(id);
  }

  /** Fields of a class that it has accessors for in the module, in order of offset, those of its base classes among them. */
  fieldsOf(id: number): readonly ManagedField[] {
    const name = this.nameOf(id);
    if (name === undefined) return [];
    let fields = this.#fields.get(name);
    if (!fields) {
      fields = ifWellFormed(() => this.#fieldsWithInherited(name)) ?? [];
      this.#fields.set(name, fields);
    }
    return fields;
  }

  #fieldsWithInherited(className: string): readonly ManagedField[] {
    const names = this.#functionNames();
    const fields = new Map<number, ManagedField>();
    const seen = new Set<string>();
    for (let name: string | undefined = className; name !== undefined && !seen.has(name); ) {
      seen.add(name);
      for (const field of readFields(this.#module, names, this.#imported(), name))
        if (!fields.has(field.offset)) fields.set(field.offset, this.#withUses(field, name));
      name = readBaseClass(this.#module, names, this.#imported(), name);
    }
    return [...fields.values()].sort((a, b) => a.offset - b.offset);
  }

  /** Without a collector no function tells which fields it follows, but others use them. */
  #withUses(field: ManagedField, className: string): ManagedField {
    const isReference = field.isReference || this.#uses().fields.has(`${className}#${field.name}`);
    return { ...field, isReference: isReference && field.type.bytes === 4 };
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
    if (kind === "global") return this.#globalReferences().has(index) || this.#uses().globals.has(index);
    return found.locals.has(index) || this.#uses().byFunction.get(func)?.locals.has(index) === true;
  }

  /** Where the objects of a program without a collector begin, one behind another; `undefined` where that is not known. */
  get heapStart(): number | undefined {
    const isStub = [...this.#functionNames().values()].some((name) => name.startsWith("~lib/rt/stub/"));
    return isStub ? this.#heapBase() : undefined;
  }

  readonly #heapBase = once((): number | undefined => {
    const global = this.#globalNamed("~lib/memory/__heap_base");
    const known = global === undefined ? undefined : ifWellFormed(() => initialValue(this.#module, global));
    if (known !== undefined) return Number(known);
    const ends = this.#segments().map(({ address, bytes }) => Number(address) + bytes.length);
    return ends.length > 0 ? Math.max(...ends) : undefined;
  });

  /** What all functions do with references: a variable of one tells of classes that others use. */
  readonly #uses = once(() => {
    const byFunction = new Map<FuncIndex, ManagedUses>();
    const globals = new Map<number, ManagedUse>();
    const fields = new Set<string>();
    const spaces = ifWellFormed(() => readIndexSpaces(this.#module));
    const names = this.#functionNames();
    // Without names nothing is known of any call.
    if (!spaces || names.size === 0) return { byFunction, globals, fields };
    for (let body = 0; body < this.#module.code.count; body++) {
      const func = toFuncIndex(body + this.#imported());
      const uses = ifWellFormed(() => findManagedUses(this.#module, func, { spaces, names }));
      if (!uses) continue;
      byFunction.set(func, uses);
      for (const [index, use] of uses.globals) globals.set(index, use);
      for (const field of uses.fields) fields.add(field);
    }
    return { byFunction, globals, fields };
  });

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

  readonly #classes = once((): ReadonlyMap<number, string> => {
    const visited = ifWellFormed(() =>
      readVisitedClasses(this.#module, this.#functionNames(), this.#imported()),
    );
    const classes = new Map(visited);
    for (const { classes: names, ids } of this.#usesOfOne()) {
      const [id, ...moreIds] = ids;
      const [name, ...moreNames] = names;
      if (id === undefined || name === undefined || moreIds.length > 0 || moreNames.length > 0) continue;
      if (!classes.has(id)) classes.set(id, name);
    }
    return classes;
  });

  /** What is done with variables that are one to the user, too, and not several that share a local. */
  *#usesOfOne(): Generator<ManagedUse, void, undefined> {
    const { byFunction, globals } = this.#uses();
    yield* globals.values();
    for (const [func, { locals }] of byFunction) {
      for (const [index, use] of locals)
        if (use.writes === 1 || this.#localName(func, index) !== undefined) yield use;
    }
  }

  readonly #segmentStarts = once(() => new Set(this.#segments().map(({ address }) => address)));

  readonly #segments = once(() => ifWellFormed(() => segmentsOf(this.#module)) ?? []);

  /** The table of classes: how many there are, then the flags of each. Optimisers leave zeros at its end out. */
  readonly #flags = once((): readonly number[] | undefined => {
    const global = this.#rttiGlobal();
    const base = global === undefined ? undefined : ifWellFormed(() => initialValue(this.#module, global));
    const segments = this.#segments();
    const last = segments.reduce<Segment | undefined>(
      (highest, one) => (!highest || one.address > highest.address ? one : highest),
      undefined,
    );
    const segment = base === undefined ? last : segments.find(({ address }) => address === base);
    return segment && flagsIn(segment.bytes, base === undefined);
  });

  #globalNamed(wanted: string): number | undefined {
    for (const [index, name] of this.#names()?.names("global").entries() ?? []) {
      if (name === wanted) return index;
    }
    return undefined;
  }

  #rttiGlobal(): number | undefined {
    const named = this.#globalNamed("~lib/rt/__rtti_base");
    if (named !== undefined) return named;
    return this.#module.exports.find(({ kind, name }) => kind === "global" && name === "__rtti_base")?.index;
  }
}

/** Bytes in front of an object that are the memory manager's, the collector's and the runtime's. */
const headerBytes = 20n;
const none: References = { locals: new Set(), globals: new Set() };

/** What the compiler says of the classes that it numbers first: none of them leads to other objects. */
const builtinFlags = 1 << 5;

/** @param isGuess Whether only its contents tell that these bytes are a table of classes. */
function flagsIn(bytes: Uint8Array, isGuess: boolean): readonly number[] | undefined {
  if (bytes.length < 4) return undefined;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  // Before 0.20 each class had the id of its base, too.
  if (count === 0 || count > mostClasses || bytes.length > 4 + count * 4) return undefined;
  const padded = new Uint8Array(4 + count * 4);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const flags = Array.from({ length: count }, (_, id) => view.getUint32(4 + id * 4, true));
  return isGuess && (count < 3 || flags.slice(0, 3).some((of) => of !== builtinFlags)) ? undefined : flags;
}

/** Two bytes of a header are for the number of a class. */
const mostClasses = 1 << 16;

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
