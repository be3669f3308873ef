import { type FuncIndex, toFuncIndex } from "../base/brand.ts";
import { findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import {
  CALL,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_CONST,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { OperandTypes } from "../wasm/operand-types.ts";
import { readerOf } from "./function-reader.ts";

/** What code tells of a variable that holds references. */
export interface ManagedUse {
  /** Names of the classes whose methods are called on it, or whose constructor it was made by. */
  readonly classes: ReadonlySet<string>;
  /** Numbers of the classes that it was made with. */
  readonly ids: ReadonlySet<number>;
  /** How often the function writes it: optimisers keep several variables in one, which are written one after another. */
  readonly writes: number;
}

/** By index. */
export interface ManagedUses {
  readonly locals: ReadonlyMap<number, ManagedUse>;
  readonly globals: ReadonlyMap<number, ManagedUse>;
  /** Fields that hold references, as `Class#field`. */
  readonly fields: ReadonlySet<string>;
}

export interface UsesContext {
  readonly spaces: IndexSpaces;
  /** Names of functions. */
  readonly names: ReadonlyMap<number, string>;
}

const stringClassName = "~lib/string/String";

/**
 * Which variables of a function hold references by what its code does with them: it calls methods on them, gives them to the
 * operators of strings, or puts into them what a constructor or the runtime has made. What is loaded through may be a pointer
 * to anything, and is none of this.
 *
 * Source: AssemblyScript 0.28, names of the functions it compiles; `~lib/rt`, `__new`, `__newArray` and `__newBuffer`.
 */
export function findManagedUses(
  module: WasmModule,
  func: FuncIndex,
  { spaces, names }: UsesContext,
): ManagedUses {
  const found = new UsesOfFunction();
  const reader = readerOf(module, func, spaces.imported.functions);
  if (!reader) return found;
  const types = new OperandTypes(spaces);
  types.begin(findTypeOfFunction(spaces, func), []);
  /** What put each operand there, by the offset behind the instruction. */
  const origins = new Map<number, Origin>();
  const operand = (fromTop: number): Origin => {
    const since = types.since[types.depth - 1 - fromTop];
    return (types.depth > fromTop && since !== undefined && origins.get(since)) || {};
  };
  while (reader.next()) {
    const { opcode } = reader;
    let result: Origin | undefined;
    if (opcode === LOCAL_GET) result = { slot: { kind: "local", index: reader.index() } };
    else if (opcode === GLOBAL_GET) result = { slot: { kind: "global", index: reader.index() } };
    else if (opcode === I32_CONST) result = { constant: reader.i32() };
    else if (opcode === LOCAL_SET) found.assign({ kind: "local", index: reader.index() }, operand(0));
    else if (opcode === GLOBAL_SET) found.assign({ kind: "global", index: reader.index() }, operand(0));
    else if (opcode === LOCAL_TEE) {
      const slot: Slot = { kind: "local", index: reader.index() };
      found.assign(slot, operand(0));
      const since = types.since[types.depth - 1];
      if (since !== undefined) origins.set(since, { ...operand(0), slot });
    } else if (opcode === CALL) {
      const callee = toFuncIndex(reader.index());
      const count = findTypeOfFunction(spaces, callee)?.params.length ?? 0;
      const args = Array.from({ length: count }, (_, at) => operand(count - 1 - at));
      result = found.call(names.get(callee) ?? "", args);
    }
    types.note(reader);
    if (result) origins.set(reader.end, result);
  }
  return found.finish();
}

interface Slot {
  readonly kind: "local" | "global";
  readonly index: number;
}

/** Where an operand comes from, as far as it matters. */
interface Origin {
  readonly slot?: Slot;
  /** `Class#field` that it was read from. */
  readonly field?: string;
  readonly constant?: number;
  readonly made?: { readonly className?: string | undefined; readonly id?: number | undefined };
}

interface GrowingUse {
  readonly classes: Set<string>;
  readonly ids: Set<number>;
  writes: number;
}

class UsesOfFunction implements ManagedUses {
  readonly locals = new Map<number, GrowingUse>();
  readonly globals = new Map<number, GrowingUse>();
  readonly fields = new Set<string>();
  readonly #copies: (readonly [Slot, Slot])[] = [];
  readonly #copiedFields: (readonly [string, Slot])[] = [];
  readonly #writes = new Map<number, number>();

  assign(slot: Slot, { made, slot: from, field }: Origin): void {
    if (slot.kind === "local") this.#writes.set(slot.index, (this.#writes.get(slot.index) ?? 0) + 1);
    if (made?.className !== undefined) this.#use(slot).classes.add(made.className);
    if (made?.id !== undefined) this.#use(slot).ids.add(made.id);
    if (from) this.#copies.push([from, slot]);
    if (field !== undefined) this.#copiedFields.push([field, slot]);
  }

  /** Answers what the call has made, or read. */
  call(name: string, args: readonly Origin[]): Origin | undefined {
    const runtime = /^~lib\/rt\/(?:\w+\/)?(__new|__newArray|__newBuffer)$/.exec(name)?.[1];
    if (runtime) return { made: { id: args[runtime === "__newArray" ? 2 : 1]?.constant } };
    if (name.startsWith(`${stringClassName}.__`)) {
      for (const operand of args) this.#called(operand, stringClassName);
      return name.endsWith(".__concat") ? { made: { className: stringClassName } } : undefined;
    }
    const [, className, method = ""] = /^(.+)#([^#]+)$/.exec(name) ?? [];
    if (className === undefined) return undefined;
    if (method === "constructor") return { made: { className } };
    const [self, value] = args;
    if (self) this.#called(self, className);
    const [, access, field] = /^(get|set):(.+)$/.exec(method) ?? [];
    if (field === undefined) return undefined;
    if (access === "get") return { field: `${className}#${field}` };
    if (value?.made) this.fields.add(`${className}#${field}`);
    if (value?.slot) this.#copiedFields.push([`${className}#${field}`, value.slot]);
    return undefined;
  }

  #called({ slot, field }: Origin, className: string): void {
    if (slot) this.#use(slot).classes.add(className);
    if (field !== undefined) this.fields.add(field);
  }

  /** Copies of a reference are of the same. */
  finish(): ManagedUses {
    let changed = true;
    while (changed) {
      changed = false;
      for (const [from, to] of this.#copies) {
        changed = this.#share(from, to) || changed;
        changed = this.#share(to, from) || changed;
      }
    }
    for (const [field, slot] of this.#copiedFields)
      if (this.#of(slot).has(slot.index)) this.fields.add(field);
    for (const [index, use] of this.locals) use.writes = this.#writes.get(index) ?? 0;
    return this;
  }

  #share(from: Slot, to: Slot): boolean {
    const known = this.#of(from).get(from.index);
    if (!known) return false;
    const isNew = !this.#of(to).has(to.index);
    const use = this.#use(to);
    const before = use.classes.size + use.ids.size;
    for (const name of known.classes) use.classes.add(name);
    for (const id of known.ids) use.ids.add(id);
    return isNew || use.classes.size + use.ids.size > before;
  }

  #of({ kind }: Slot): Map<number, GrowingUse> {
    return kind === "local" ? this.locals : this.globals;
  }

  #use(slot: Slot): GrowingUse {
    const known = this.#of(slot).get(slot.index) ?? { classes: new Set(), ids: new Set(), writes: 0 };
    this.#of(slot).set(slot.index, known);
    return known;
  }
}
