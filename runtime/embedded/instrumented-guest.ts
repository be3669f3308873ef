import { type FuncIndex, type ModuleOffset, toModuleOffset } from "../../src/base/brand.ts";
import { once } from "../../src/base/once.ts";
import { OPERAND, RETURNED } from "../../src/instrument/call-table.ts";
import type { SiteDensity, StoreChecks } from "../../src/instrument/find-sites.ts";
import { MOST_OPERANDS } from "../../src/instrument/function-slots.ts";
import { type InstrumentedAround, instrumentInPieces, type Probes } from "../../src/instrument/instrument.ts";
import type { NamedSlots } from "../../src/instrument/named-slots.ts";
import type { KeptLocals } from "../../src/instrument/plan-sites.ts";
import type { SiteRequests } from "../../src/instrument/site-requests.ts";
import {
  firstSiteFrom,
  isReadOnly,
  isReloaded,
  type LoadedSites,
  loadedSites,
} from "../../src/instrument/site-table.ts";
import {
  findDefinedIndex,
  findTypeOfFunction,
  type IndexSpaces,
  readIndexSpaces,
} from "../../src/wasm/index-spaces.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import type { MemoryType } from "../../src/wasm/sections/memory.ts";
import { formatValueType } from "../../src/wasm/value-type.ts";
import { sizeOfParts } from "../suspend/framing.ts";
import { SiteIndex } from "./site-index.ts";

/** A local or operand as it can be reached at a site: its index, and the exported globals that hold it, two for a v128. */
export interface Spill {
  readonly local: number;
  readonly type: string;
  readonly names: readonly string[];
}

/** How a guest is instrumented. */
export interface InstrumentedGuestOptions {
  readonly density?: SiteDensity | undefined;
  /** See `InstrumentOptions`. */
  readonly keepLocals?: KeptLocals | undefined;
  /** What debug info finds variables in. */
  readonly named?: NamedSlots | undefined;
  /** Whether that is kept at calls too; if not, why not: a clause for the user. */
  readonly atCalls?: "kept" | { readonly whyNot: string } | undefined;
  /** Has its stores checked. */
  readonly checkStores?: StoreChecks | undefined;
}

/** Most values that come with a stop; more are asked for. */
const snapshotLimit = 64;

/** The probes of a guest that has been loaded, or is about to be. */
type LoadedProbes = Omit<Probes, "sites" | "stores"> & {
  readonly sites: LoadedSites;
  readonly stores: LoadedSites;
};

/** A module with probes, and the way back from its terms to the original's. */
export class InstrumentedGuest {
  readonly sites: SiteIndex;
  /** Why nothing is kept of frames that stand in calls: a clause for the user. */
  readonly whyNothingAtCalls: string | undefined;
  readonly #named: NamedSlots | undefined;
  readonly #module: WasmModule;
  readonly #spaces: IndexSpaces;
  readonly #instrumented: LoadedProbes;
  /** The module without pieces of its code that have been handed out, before and behind them, and lines of sites, until they have been taken. */
  #around: Pick<InstrumentedAround, "before" | "after"> & { readonly lines: Uint32Array };

  /**
   * Instruments a module. Yields its code in pieces of some `pieceBytes`, each valid until the next is asked for; what is left comes
   * with the load question. @throws {MalformedError} when the module is malformed.
   */
  static *inPieces(
    module: WasmModule,
    statements: SiteRequests,
    options: InstrumentedGuestOptions,
    pieceBytes: number,
  ): Generator<Uint8Array, InstrumentedGuest, undefined> {
    const { density = "statements", keepLocals, named, atCalls, checkStores } = options;
    const wanted = {
      sites: statements,
      density,
      checkStores,
      keepAtCalls: atCalls === "kept",
      ...(named ? { named } : {}),
      afterCalls: true,
      ...(keepLocals ? { keepLocals } : {}),
    };
    const instrumented = yield* instrumentInPieces(module, wanted, pieceBytes);
    return new InstrumentedGuest(module, instrumented, options);
  }

  private constructor(
    module: WasmModule,
    { before, after, sites, stores, ...probes }: InstrumentedAround,
    { density = "statements", named, atCalls }: InstrumentedGuestOptions,
  ) {
    this.#named = named;
    this.whyNothingAtCalls = typeof atCalls === "object" ? atCalls.whyNot : undefined;
    this.#module = module;
    this.#spaces = readIndexSpaces(module);
    this.#around = { before, after, lines: sites.line.subarray(0, sites.count) };
    this.#instrumented = { ...probes, sites: loadedSites(sites), stores: loadedSites(stores) };
    this.sites = new SiteIndex(sites, module.code, density);
  }

  get instrumented(): LoadedProbes {
    return this.#instrumented;
  }

  get memories(): readonly string[] {
    return this.#instrumented.names.memories;
  }

  get tables(): readonly string[] {
    return this.#instrumented.names.tables;
  }

  /** Memory 0, if there is one. */
  get firstMemory(): { readonly name: string; readonly type: MemoryType } | undefined {
    const [name] = this.memories;
    const [type] = this.#spaces.memories;
    return name === undefined || type === undefined ? undefined : { name, type };
  }

  /** Export names and types of the original's globals, by index. */
  get globals(): readonly { readonly name: string; readonly type: string; readonly mutable: boolean }[] {
    return this.#globals();
  }
  readonly #globals = once(() =>
    this.#spaces.globals.map(({ type, mutable }, index) => ({
      name: this.#instrumented.names.globals[index] ?? "",
      type: formatValueType(type),
      mutable,
    })),
  );

  /** Globals whose values come with every stop: the original's first, then the spill slots, as many as stay cheap. */
  get snapshotNames(): readonly string[] {
    return this.#snapshotNames();
  }
  readonly #snapshotNames = once(() => {
    const slots = this.#instrumented.names.slots.flatMap((slot) =>
      slot.type === "v128" ? [slot.low, slot.high] : [slot.global],
    );
    const { globals, records } = this.#instrumented.names;
    return [...globals, ...(records ? [records.pointer] : []), ...slots].slice(0, snapshotLimit);
  });

  /** Types of a function's locals, params first; empty for an imported one. */
  localTypes(func: FuncIndex): readonly string[] {
    if (this.#lastTypes?.func !== func) this.#lastTypes = { func, types: this.#readLocalTypes(func) };
    return this.#lastTypes.types;
  }
  /** Of the function asked about last: who steps stays in one. */
  #lastTypes: { readonly func: FuncIndex; readonly types: readonly string[] } | undefined;

  #readLocalTypes(func: FuncIndex): readonly string[] {
    const params = findTypeOfFunction(this.#spaces, func)?.params ?? [];
    const defined = findDefinedIndex(this.#spaces, func);
    if (defined === undefined) return [];
    const body = readFunctionBody(this.#module.bytes, this.#module.code, defined);
    const types = Array.from(params, (type) => formatValueType(type));
    for (const { count, type } of body.locals)
      types.push(...new Array<string>(count).fill(formatValueType(type)));
    return types;
  }

  /** Ids of the sites of a function: first and end. */
  sitesOf(func: FuncIndex): readonly [first: number, end: number] {
    const { sites } = this.#instrumented;
    return this.#rowsOf(sites, func);
  }

  /** Ids of the stores of a function: first and end. */
  storesOf(func: FuncIndex): readonly [first: number, end: number] {
    const { sites, stores } = this.#instrumented;
    const [first, end] = this.#rowsOf(stores, func);
    return [sites.count + first, sites.count + end];
  }

  #rowsOf(table: LoadedSites, func: FuncIndex): readonly [first: number, end: number] {
    const body = findDefinedIndex(this.#spaces, func);
    if (body === undefined) return [0, 0];
    const { bodyStarts, bodyEnds } = this.#module.code;
    const from = (offset: number | undefined): number => firstSiteFrom(table, toModuleOffset(offset ?? 0));
    return [from(bodyStarts[body]), from(bodyEnds[body])];
  }

  /** Functions whose stores are not checked, though stores are. */
  get unchecked(): readonly FuncIndex[] {
    return this.#instrumented.unchecked;
  }

  /** Setters of the bounds of what is watched, by memory. */
  get watches(): readonly { readonly name: string; readonly is64: boolean }[] {
    return this.#instrumented.names.watches.map((name, memory) => ({
      name,
      is64: this.#spaces.memories[memory]?.addressType === "i64",
    }));
  }

  /** Where an id of a site or of a store is to be found. */
  #rowOf(id: number): { readonly table: LoadedSites; readonly row: number } {
    const { sites, stores } = this.#instrumented;
    return id < sites.count ? { table: sites, row: id } : { table: stores, row: id - sites.count };
  }

  /** Locals that can be reached while the guest stands at a site or a store. */
  spills(id: number): readonly Spill[] {
    return this.#spills(id).filter(({ local }) => local < OPERAND);
  }

  /** Operands that can be read there, lowest first; each is numbered from the bottom of the stack. */
  operandSpills(id: number): readonly Spill[] {
    const operands = this.#spills(id).filter(({ local }) => local >= OPERAND && local !== RETURNED);
    return operands.map((spill) => ({ ...spill, local: spill.local - OPERAND, RETURNED }));
  }

  /** What is on top of the operand stack at a site that a call returns to; `undefined` where it has not been kept. */
  returnSpill(id: number): Spill | undefined {
    return this.#spills(id).findLast(({ local }) => local >= OPERAND);
  }

  /** Numbers of operands from 0 to the highest that debug info names at a place. */
  namedOperands(offset: ModuleOffset): readonly number[] {
    if (!this.#named) return [];
    const { begin, end, isOperand, index } = this.#named;
    let count = 0;
    for (let row = 0; row < begin.length; row++) {
      if (isOperand[row] === 0 || !((begin[row] as number) <= offset && offset < (end[row] as number)))
        continue;
      count = Math.max(count, Math.min((index[row] as number) + 1, MOST_OPERANDS));
    }
    return Array.from({ length: count }, (_, operand) => operand);
  }

  #spills(id: number): readonly Spill[] {
    const { names } = this.#instrumented;
    const { table, row } = this.#rowOf(id);
    const spills: Spill[] = [];
    const start = table.spillStart[row] ?? 0;
    for (let at = start; at < start + (table.spillCount[row] ?? 0); at++) {
      const slot = names.slots[table.spillSlot[at] ?? -1];
      if (slot === undefined) continue;
      const local = table.spillLocal[at] as number;
      spills.push({
        local,
        type: slot.type,
        names: slot.type === "v128" ? [slot.low, slot.high] : [slot.global],
      });
    }
    return spills;
  }

  /** Whether locals can be read but not written while the guest stands at a site or a store. */
  isReadOnly(id: number): boolean {
    const { table, row } = this.#rowOf(id);
    return isReadOnly(table, row);
  }

  /** Whether what is written to a local would be of any use to the program, as far as it is known there. */
  isUsed(id: number, local: number): boolean {
    const { table, row } = this.#rowOf(id);
    return isReloaded(table, row, local);
  }

  /** Parameter types of an exported function; empty when there is none of that name. */
  paramsOfExport(name: string): readonly string[] {
    const found = this.#module.exports.find((item) => item.name === name && item.kind === "func");
    if (found === undefined) return [];
    const type = findTypeOfFunction(this.#spaces, found.index as FuncIndex);
    return Array.from(type?.params ?? [], (param) => formatValueType(param));
  }

  /** The original place of an offset the engine reported; 0, where no code is, for one in appended code. */
  originalOffset(offset: number): ModuleOffset {
    return this.#instrumented.originalOffset(offset) ?? toModuleOffset(0);
  }

  /**
   * Body of the `load` question, in parts: line keys, kinds, the module but for pieces of its code that go where `beforeCode`
   * bytes of it end. Once, for the module is not kept.
   */
  takeLoadBody(): { readonly parts: readonly Uint8Array[]; readonly beforeCode: number } {
    const { sites } = this.#instrumented;
    const { before, after, lines: keys } = this.#around;
    const lines = new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
    this.#around = { before: [], after: [], lines: new Uint32Array(0) };
    return {
      parts: [lines, sites.kind.subarray(0, sites.count), ...before, ...after],
      beforeCode: sizeOfParts(before),
    };
  }
}
