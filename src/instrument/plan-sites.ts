import { type FuncIndex, toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findFuncType, findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type FunctionBody, readFunctionBody } from "../wasm/sections/code.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import type { ValueType } from "../wasm/value-type.ts";
import { CallColumns } from "./call-columns.ts";
import { mostCallBytes } from "./call-record.ts";
import { OPERAND, RETURNED } from "./call-table.ts";
import { ControlFlow } from "./control-flow.ts";
import { type Called, findSites, NOT_CALLED, type SitesWanted, typeCalled } from "./find-sites.ts";
import { FunctionSlotFinder, type FunctionSlots, type Operands, type SiteSlots } from "./function-slots.ts";
import { Liveness } from "./liveness.ts";
import type { NamedSlots } from "./named-slots.ts";
import { mostProbeBytes } from "./probe.ts";
import { MOST_GROUP_CHECK_BYTES } from "./probe-groups.ts";
import { SiteColumns } from "./site-columns.ts";
import type { SortedRequests } from "./site-requests.ts";
import { AFTER_STACK_POINTER, AFTER_STORE, BEFORE_THROW } from "./site-table.ts";
import { SlotPlan, slotTypeOf, V128_SLOT } from "./spill-slots.ts";
import { mostStoreBytes } from "./store-check.ts";
import { MOST_TEMPS } from "./temps.ts";

/** Sizes engines accept. */
export interface SizeLimits {
  readonly bodyBytes: number;
  readonly moduleBytes: number;
}

/** Source: JavaScript interface, "Implementation-defined limits"; V8 has the same. */
const ENGINE_LIMITS: SizeLimits = { bodyBytes: 7_654_321, moduleBytes: 2 ** 30 };
/** Left free for what is appended to a module besides probes, which depends on how many there are. */
const BYTES_FOR_SETTERS = 2 ** 24;

/** Locals spilled at one site: more would not be shown, and each costs code at every site. */
const MOST_SPILLS = 200;
/**
 * Locals reloaded at one site. To the optimising compiler each is a variable that may change at every statement, which
 * costs registers where code is hot; spilling alone costs nothing there. Measured on SHA-256 at -O2: 1.6 times the
 * original's time without reloads and with up to four at a site, 2.9 with all.
 */
const MOST_RELOADS = 4;
/** Locals that engines accept in one function. Source: as `ENGINE_LIMITS`. */
const MOST_LOCALS = 50_000;

/** Parameters of a function that throws which are kept where it does: runtimes have one, the exception. */
const MOST_PARAMETERS = 8;

/** All sites of a module, with what to spill at each. */
export interface SitePlan {
  readonly columns: SiteColumns;
  /** Stores that are checked. */
  readonly stores: SiteColumns;
  /** Calls that keep what they are to. */
  readonly calls: CallColumns;
  readonly slots: SlotPlan;
  /** Functions some of whose stores are not checked, though that was asked for: they would be larger than engines accept. */
  readonly unchecked: readonly FuncIndex[];
  /** Functions left as they are, because with probes they, or the module, would be larger than engines accept. */
  readonly refused: readonly FuncIndex[];
  /** Functions whose sites are each checked alone: with groups they, or the module, would be larger than engines accept. */
  readonly ungrouped: ReadonlySet<FuncIndex>;
  /** Requests in code that cannot be reached. */
  readonly unreachableRequests: number;
}

/** The moment of a site at which the guest is never suspended: nothing is live there. */
const NEVER = -1;

/** The sites of one kind that a function has, from `first` on. */
interface SiteGroup {
  readonly columns: SiteColumns;
  readonly first: number;
  /** What debug info names at each. */
  readonly named?: readonly SiteSlots[] | undefined;
  /** Bytes that one of them adds at most. */
  readonly bytes: (spills: number, vectors: number) => number;
}

/** Of which sites the spilled locals are reloaded: of those with few, or of all. */
export type WriteBack = "few" | "all";

/** Locals a function is to have spilled at all its sites, whether live or not. */
export type KeptLocals = (func: FuncIndex) => readonly number[];

/** What is kept of the guest's locals and operands, and where. */
export interface Keeping {
  readonly locals: KeptLocals;
  readonly writeBack: WriteBack;
  /** What debug info names. */
  readonly named: NamedSlots;
  /** Whether it is kept at calls as well. */
  readonly atCalls: boolean;
}

/** Finds the sites of all functions and chooses what to spill. @throws {MalformedError} as `findSites`. */
export function planSites(
  module: WasmModule,
  spaces: IndexSpaces,
  requests: SortedRequests,
  keeping: Keeping,
  wanted: SitesWanted = { density: "statements" },
  limits: SizeLimits = ENGINE_LIMITS,
): SitePlan {
  const planner = new SitePlanner(module, spaces, requests, keeping, wanted, limits);
  for (let body = 0; body < module.code.count; body++) planner.addBody(body);
  return planner.finish();
}

class SitePlanner {
  readonly #module: WasmModule;
  readonly #spaces: IndexSpaces;
  readonly #requests: SortedRequests;
  readonly #keptLocals: KeptLocals;
  readonly #mostReloads: number;
  readonly #finder: FunctionSlotFinder;
  readonly #calls = new CallColumns();
  readonly #wanted: SitesWanted;
  readonly #limits: SizeLimits;
  /** Bytes by which the module may still grow. */
  #room: number;
  readonly #reader: CodeReader;
  readonly #flow = new ControlFlow();
  readonly #liveness = new Liveness();
  readonly #columns: SiteColumns;
  readonly #stores = new SiteColumns(64);
  readonly #slots = new SlotPlan();
  readonly #refused: FuncIndex[] = [];
  readonly #unchecked: FuncIndex[] = [];
  readonly #ungrouped = new Set<FuncIndex>();
  /** Of the function at hand: what each site and each store is to liveness, and to each store the statement it is in. */
  readonly #siteMoments: number[] = [];
  readonly #storeMoments: number[] = [];
  readonly #statementMoments: number[] = [];
  /** Of the function at hand: its sites before a `throw`, and its parameters, one of which is what is thrown. */
  readonly #throws = new Set<number>();
  #parameters: readonly number[] = [];
  /** Of the function at hand: what the call that returns to each of its sites has left, as `#resultOf` says it. */
  readonly #returned: number[] = [];
  readonly #siteOffsets: number[] = [];
  readonly #storeOffsets: number[] = [];
  /** Types of the locals of the function at hand, and as positions in `SLOT_TYPES`. */
  readonly #valueTypes: ValueType[] = [];
  readonly #types: number[] = [];
  readonly #live = new Uint32Array(MOST_SPILLS);
  #nextRequest = 0;
  #unreachableRequests = 0;

  constructor(
    module: WasmModule,
    spaces: IndexSpaces,
    requests: SortedRequests,
    keeping: Keeping,
    wanted: SitesWanted,
    limits: SizeLimits,
  ) {
    const { locals, writeBack, named, atCalls } = keeping;
    this.#wanted = wanted;
    this.#mostReloads = writeBack === "all" ? Number.POSITIVE_INFINITY : MOST_RELOADS;
    this.#keptLocals = locals;
    const allOperands = wanted.density === "instructions";
    this.#finder = new FunctionSlotFinder(spaces, named, { calls: atCalls, allOperands });
    this.#limits = limits;
    this.#room =
      limits.moduleBytes - module.bytes.length - Math.min(BYTES_FOR_SETTERS, limits.moduleBytes / 64);
    this.#module = module;
    this.#spaces = spaces;
    this.#requests = requests;
    this.#reader = new CodeReader(module.bytes, 0, 0);
    // Room that is not used takes up addresses only; that there is more of it is done by copying.
    this.#columns = new SiteColumns(requests.count * (wanted.afterCalls ? 2 : 1) + 64);
  }

  addBody(index: number): void {
    const body = readFunctionBody(this.#module.bytes, this.#module.code, toDefinedFuncIndex(index));
    const func = toFuncIndex(index + this.#spaces.imported.functions);
    const type = findTypeOfFunction(this.#spaces, func);
    const firstSite = this.#columns.count;
    const firstStore = this.#stores.count;
    const localCount = (type?.params.length ?? 0) + body.localCount;
    const canAdd = localCount + MOST_TEMPS <= MOST_LOCALS;
    this.#beginMoments();
    this.#parameters = Array.from(
      { length: Math.min(type?.params.length ?? 0, MOST_PARAMETERS) },
      (_, at) => at,
    );
    this.#reader.reset(body.instructionsStart, body.end);
    this.#flow.begin(localCount);
    this.#unreachableRequests += findSites(
      this.#reader,
      this.#flow,
      this.#requests,
      this.#nextRequest,
      this.#requestsUpTo(body.end),
      this.#wanted,
      (offset, line, kind, called) => this.#addSite(offset, func, line, kind, called),
    );
    if (!canAdd) {
      this.#leaveUnchecked(func, firstStore);
      this.#returned.length = 0;
    }
    this.#listTypes(type, body);
    const named = canAdd ? this.#findNamed(type, body) : undefined;
    const isBare = this.#columns.count === firstSite && this.#stores.count === firstStore;
    if (isBare && !named?.calls.length) return;
    this.#planSpills(func, firstSite, firstStore, body.end - body.start, named);
  }

  #findNamed(type: FuncType | undefined, body: FunctionBody): FunctionSlots | undefined {
    this.#reader.reset(body.instructionsStart, body.end);
    return this.#finder.find(
      this.#reader,
      body.start,
      body.end,
      type,
      this.#valueTypes,
      this.#siteOffsets,
      this.#storeOffsets,
    );
  }

  #beginMoments(): void {
    for (const moments of [this.#siteMoments, this.#storeMoments, this.#statementMoments]) moments.length = 0;
    this.#throws.clear();
    this.#returned.length = 0;
    this.#siteOffsets.length = 0;
    this.#storeOffsets.length = 0;
  }

  #addSite(offset: number, func: FuncIndex, line: number, kind: number, called: Called): void {
    const moment = this.#flow.siteCount - 1;
    const isStore = kind === AFTER_STACK_POINTER || kind === AFTER_STORE;
    (isStore ? this.#storeOffsets : this.#siteOffsets).push(offset);
    if (kind === AFTER_STACK_POINTER) {
      this.#stores.addSite(offset, func, line, kind);
      this.#storeMoments.push(NEVER);
      this.#statementMoments.push(NEVER);
    } else if (kind === AFTER_STORE) {
      this.#stores.addSite(offset, func, line, kind);
      this.#storeMoments.push(moment);
      this.#statementMoments.push(this.#siteMoments.at(-1) ?? moment);
    } else {
      if (kind === BEFORE_THROW) this.#throws.add(this.#columns.count);
      this.#columns.addSite(offset, func, line, kind);
      this.#siteMoments.push(moment);
      this.#returned.push(called === NOT_CALLED ? -1 : this.#resultOf(called));
    }
  }

  /** The type of what a call leaves on top of the stack, as its position in `SLOT_TYPES`; −1 for nothing that can be kept. */
  #resultOf(called: Called): number {
    const type =
      called < 0
        ? findFuncType(this.#spaces, typeCalled(called))
        : findTypeOfFunction(this.#spaces, toFuncIndex(called));
    const result = type?.results.at(-1);
    return result === undefined ? -1 : slotTypeOf(result);
  }

  /** Forgets the stores of the function at hand. */
  #leaveUnchecked(func: FuncIndex, firstStore: number): void {
    if (this.#stores.count === firstStore) return;
    this.#unchecked.push(func);
    this.#stores.truncate(firstStore);
    this.#storeOffsets.length = 0;
  }

  finish(): SitePlan {
    return {
      columns: this.#columns,
      stores: this.#stores,
      calls: this.#calls,
      slots: this.#slots,
      refused: this.#refused,
      unchecked: this.#unchecked,
      ungrouped: this.#ungrouped,
      unreachableRequests: this.#unreachableRequests,
    };
  }

  /** Moves past the requests before `end` and answers how far. */
  #requestsUpTo(end: number): number {
    const { offset, count } = this.#requests;
    while (this.#nextRequest < count && (offset[this.#nextRequest] as number) < end) this.#nextRequest++;
    return this.#nextRequest;
  }

  #listTypes(type: FuncType | undefined, body: FunctionBody): void {
    this.#types.length = 0;
    this.#valueTypes.length = 0;
    for (const param of type?.params ?? []) {
      this.#types.push(slotTypeOf(param));
      this.#valueTypes.push(param);
    }
    for (const { count, type: local } of body.locals) {
      const slotType = slotTypeOf(local);
      for (let index = 0; index < count; index++) {
        this.#types.push(slotType);
        this.#valueTypes.push(local);
      }
    }
  }

  /** Plans bare probes where spills do not fit, leaves out checks of stores where not even those do, and then the function. */
  #planSpills(
    func: FuncIndex,
    firstSite: number,
    firstStore: number,
    bodyBytes: number,
    named: FunctionSlots | undefined,
  ): void {
    const most = Math.min(this.#limits.bodyBytes - bodyBytes, this.#room);
    const kept = this.#keptLocals(func);
    const isSolved = this.#liveness.solve(this.#flow, this.#types.length);
    const sites = { columns: this.#columns, first: firstSite, bytes: mostProbeBytes, named: named?.sites };
    const stores = { columns: this.#stores, first: firstStore, bytes: mostStoreBytes, named: named?.stores };
    const firstCall = this.#calls.count;
    const growth =
      this.#keepAtCalls(func, named) +
      this.#spillLive(sites, kept, isSolved, this.#siteMoments, this.#siteMoments) +
      // What a statement began with is of interest until its last store.
      this.#spillLive(stores, kept, isSolved, this.#storeMoments, this.#statementMoments);
    // Groups write no code more than once more.
    const grouped = growth + bodyBytes + (this.#columns.count - firstSite) * MOST_GROUP_CHECK_BYTES;
    if (grouped <= most) {
      this.#room -= grouped;
      return;
    }
    this.#ungrouped.add(func);
    if (growth <= most) {
      this.#room -= growth;
      return;
    }
    this.#calls.truncate(firstCall);
    const bareGrowth = this.#spillNothing(sites);
    const storeGrowth = this.#spillNothing(stores);
    if (bareGrowth + storeGrowth <= most) {
      this.#room -= bareGrowth + storeGrowth;
      return;
    }
    this.#leaveUnchecked(func, firstStore);
    if (bareGrowth <= most) {
      this.#room -= bareGrowth;
      return;
    }
    this.#columns.truncate(firstSite);
    if (this.#siteMoments.length > 0) this.#refused.push(func);
  }

  /** Answers by how many bytes that makes the function grow at most. */
  #keepAtCalls(func: FuncIndex, named: FunctionSlots | undefined): number {
    let growth = 0;
    for (const call of named?.calls ?? []) {
      const kept = this.#calls.add(func, call, this.#types);
      if (kept > 0) growth += mostCallBytes(kept, call.operands?.types.length ?? 0);
    }
    return growth;
  }

  /** Takes the spills of a function's sites back; answers by how many bytes its bare probes make it grow at most. */
  #spillNothing({ columns, first, bytes }: SiteGroup): number {
    columns.truncateSpills(first);
    for (let site = first; site < columns.count; site++) {
      columns.beginSpills();
      columns.cut.push(site);
    }
    return (columns.count - first) * bytes(0, 0);
  }

  /**
   * Spills kept and live locals at all sites of a function; answers by how many bytes that makes it grow at most.
   * A local is live at a site if it is at either of the site's two moments.
   */
  #spillLive(
    { columns, first, bytes, named }: SiteGroup,
    always: readonly number[],
    isSolved: boolean,
    moments: readonly number[],
    otherMoments: readonly number[],
  ): number {
    let growth = 0;
    for (let site = first; site < columns.count && growth <= this.#limits.bodyBytes; site++) {
      columns.beginSpills();
      const moment = moments[site - first] as number;
      if (moment === NEVER) {
        growth += bytes(0, 0);
        continue;
      }
      const live = isSolved ? this.#liveness.liveAt(moment, this.#live, otherMoments[site - first]) : 0;
      this.#vectors = 0;
      this.#isCut = !isSolved;
      this.#slots.beginSite();
      const here = named?.[site - first];
      const returned = columns === this.#columns ? (this.#returned[site - first] ?? -1) : -1;
      const operands = this.#spillOperands(columns, here?.operands) || this.#spillReturned(columns, returned);
      const isThrow = columns === this.#columns && this.#throws.has(site);
      const wanted = [...(here?.locals ?? []), ...(isThrow ? this.#parameters : [])];
      const dead = this.#spillDead(columns, wanted, always, live);
      columns.beginReloads();
      const spilled = this.#spillAt(columns, always, live);
      if (this.#isCut) columns.cut.push(site);
      if (spilled > this.#mostReloads) columns.readOnly.push(site);
      // An operand goes through a local of its own.
      growth += bytes(spilled + dead + operands * 2, this.#vectors);
    }
    return growth;
  }

  /** At the site at hand: how many spills are vectors. */
  #vectors = 0;
  /** At the site at hand: whether some live locals are not spilled. */
  #isCut = false;

  /** Spills kept locals first, then live ones, of which there are `live`, up to a limit; answers how many. */
  #spillAt(columns: SiteColumns, kept: readonly number[], live: number): number {
    let spilled = 0;
    for (const local of kept) spilled += this.#spill(columns, local);
    const listed = Math.min(live, MOST_SPILLS);
    let at = 0;
    for (; at < listed && spilled < MOST_SPILLS; at++) {
      const local = this.#live[at] as number;
      if (kept.length === 0 || !kept.includes(local)) spilled += this.#spill(columns, local);
    }
    if (at < live) this.#isCut = true;
    return spilled;
  }

  /** Spills those of the wanted locals that are spilled for no other reason; answers how many. */
  #spillDead(
    columns: SiteColumns,
    wanted: readonly number[],
    always: readonly number[],
    live: number,
  ): number {
    if (wanted.length === 0) return 0;
    const others = new Set([...always, ...this.#live.subarray(0, Math.min(live, MOST_SPILLS))]);
    let spilled = 0;
    for (const local of new Set(wanted)) if (!others.has(local)) spilled += this.#spill(columns, local);
    return spilled;
  }

  /** Spills operands, bottom first, before any local; answers how many. */
  #spillOperands(columns: SiteColumns, operands: Operands | undefined): number {
    operands?.types.forEach((type, above) => {
      this.#take(columns, OPERAND + operands.from + above, slotTypeOf(type));
    });
    return operands?.types.length ?? 0;
  }

  /** Spills what is on top of the stack behind a call. Where operands are spilled it is the last of them. */
  #spillReturned(columns: SiteColumns, type: number): number {
    if (type < 0) return 0;
    this.#take(columns, RETURNED, type);
    return 1;
  }

  #spill(columns: SiteColumns, local: number): number {
    const type = this.#types[local] ?? -1;
    if (type < 0) return 0;
    this.#take(columns, local, type);
    return 1;
  }

  #take(columns: SiteColumns, slot: number, type: number): void {
    if (type === V128_SLOT) this.#vectors++;
    columns.addSpill(slot, this.#slots.take(type));
  }
}
