import { type FuncIndex, toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type FunctionBody, readFunctionBody } from "../wasm/sections/code.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import { ControlFlow } from "./control-flow.ts";
import { findSites, type SiteDensity } from "./find-sites.ts";
import { Liveness } from "./liveness.ts";
import { mostProbeBytes } from "./probe.ts";
import { SiteColumns } from "./site-columns.ts";
import type { SortedRequests } from "./site-requests.ts";
import { SlotPlan, slotTypeOf, V128_SLOT } from "./spill-slots.ts";

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

/** All sites of a module, with what to spill at each. */
export interface SitePlan {
  readonly columns: SiteColumns;
  readonly slots: SlotPlan;
  /** Functions left as they are, because with probes they, or the module, would be larger than engines accept. */
  readonly refused: readonly FuncIndex[];
  /** Requests in code that cannot be reached. */
  readonly unreachableRequests: number;
}

/** Of which sites the spilled locals are reloaded: of those with few, or of all. */
export type WriteBack = "few" | "all";

/** Locals a function is to have spilled at all its sites, whether live or not. */
export type KeptLocals = (func: FuncIndex) => readonly number[];

/** Finds the sites of all functions and chooses what to spill. @throws {MalformedError} as `findSites`. */
export function planSites(
  module: WasmModule,
  spaces: IndexSpaces,
  requests: SortedRequests,
  keptLocals: KeptLocals,
  writeBack: WriteBack,
  density: SiteDensity = "statements",
  limits: SizeLimits = ENGINE_LIMITS,
): SitePlan {
  const mostReloads = writeBack === "all" ? Number.POSITIVE_INFINITY : MOST_RELOADS;
  const planner = new SitePlanner(module, spaces, requests, keptLocals, mostReloads, density, limits);
  for (let body = 0; body < module.code.count; body++) planner.addBody(body);
  return planner.finish();
}

class SitePlanner {
  readonly #module: WasmModule;
  readonly #spaces: IndexSpaces;
  readonly #requests: SortedRequests;
  readonly #keptLocals: KeptLocals;
  readonly #mostReloads: number;
  readonly #density: SiteDensity;
  readonly #limits: SizeLimits;
  /** Bytes by which the module may still grow. */
  #room: number;
  readonly #reader: CodeReader;
  readonly #flow = new ControlFlow();
  readonly #liveness = new Liveness();
  readonly #columns: SiteColumns;
  readonly #slots = new SlotPlan();
  readonly #refused: FuncIndex[] = [];
  /** Types of the locals of the function at hand, as positions in `SLOT_TYPES`. */
  readonly #types: number[] = [];
  readonly #live = new Uint32Array(MOST_SPILLS);
  #nextRequest = 0;
  #unreachableRequests = 0;

  constructor(
    module: WasmModule,
    spaces: IndexSpaces,
    requests: SortedRequests,
    keptLocals: KeptLocals,
    mostReloads: number,
    density: SiteDensity,
    limits: SizeLimits,
  ) {
    this.#density = density;
    this.#mostReloads = mostReloads;
    this.#limits = limits;
    this.#room =
      limits.moduleBytes - module.bytes.length - Math.min(BYTES_FOR_SETTERS, limits.moduleBytes / 64);
    this.#module = module;
    this.#spaces = spaces;
    this.#requests = requests;
    this.#keptLocals = keptLocals;
    this.#reader = new CodeReader(module.bytes, 0, 0);
    this.#columns = new SiteColumns(requests.count + 64);
  }

  addBody(index: number): void {
    const body = readFunctionBody(this.#module.bytes, this.#module.code, toDefinedFuncIndex(index));
    const func = toFuncIndex(index + this.#spaces.imported.functions);
    const type = findTypeOfFunction(this.#spaces, func);
    const firstSite = this.#columns.count;
    this.#reader.reset(body.instructionsStart, body.end);
    this.#flow.begin((type?.params.length ?? 0) + body.localCount);
    this.#unreachableRequests += findSites(
      this.#reader,
      this.#flow,
      this.#requests,
      this.#nextRequest,
      this.#requestsUpTo(body.end),
      this.#density,
      (offset, line, kind) => this.#columns.addSite(offset, func, line, kind),
    );
    const count = this.#columns.count - firstSite;
    if (count === 0) return;
    this.#listTypes(type, body);
    this.#planSpills(func, firstSite, count, body.end - body.start);
  }

  finish(): SitePlan {
    return {
      columns: this.#columns,
      slots: this.#slots,
      refused: this.#refused,
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
    for (const param of type?.params ?? []) this.#types.push(slotTypeOf(param));
    for (const { count, type: local } of body.locals) {
      const slotType = slotTypeOf(local);
      for (let index = 0; index < count; index++) this.#types.push(slotType);
    }
  }

  /** Plans bare probes where spills do not fit, and refuses the function where not even those do. */
  #planSpills(func: FuncIndex, firstSite: number, count: number, bodyBytes: number): void {
    const most = Math.min(this.#limits.bodyBytes - bodyBytes, this.#room);
    const growth = this.#spillLive(this.#keptLocals(func), firstSite, count);
    if (growth <= most) {
      this.#room -= growth;
      return;
    }
    const bareGrowth = count * mostProbeBytes(0, 0);
    if (bareGrowth > most) {
      this.#columns.truncate(firstSite);
      this.#refused.push(func);
      return;
    }
    this.#room -= bareGrowth;
    this.#columns.truncateSpills(firstSite);
    for (let site = firstSite; site < firstSite + count; site++) {
      this.#columns.beginSpills();
      this.#columns.cut.push(site);
    }
  }

  /** Spills kept and live locals at all sites of a function; answers by how many bytes that makes it grow at most. */
  #spillLive(kept: readonly number[], firstSite: number, count: number): number {
    const isSolved = this.#liveness.solve(this.#flow, this.#types.length);
    let growth = 0;
    for (let site = 0; site < count && growth <= this.#limits.bodyBytes; site++) {
      this.#columns.beginSpills();
      const live = isSolved ? this.#liveness.liveAt(site, this.#live) : 0;
      this.#vectors = 0;
      this.#isCut = !isSolved;
      const spilled = this.#spillAt(kept, live);
      if (this.#isCut) this.#columns.cut.push(firstSite + site);
      if (spilled > this.#mostReloads) this.#columns.readOnly.push(firstSite + site);
      growth += mostProbeBytes(spilled, this.#vectors);
    }
    return growth;
  }

  /** At the site at hand: how many spills are vectors. */
  #vectors = 0;
  /** At the site at hand: whether some live locals are not spilled. */
  #isCut = false;

  /** Spills kept locals first, then live ones, of which there are `live`, up to a limit; answers how many. */
  #spillAt(kept: readonly number[], live: number): number {
    this.#slots.beginSite();
    let spilled = 0;
    for (const local of kept) spilled += this.#spill(local);
    const listed = Math.min(live, MOST_SPILLS);
    let at = 0;
    for (; at < listed && spilled < MOST_SPILLS; at++) {
      const local = this.#live[at] as number;
      if (kept.length === 0 || !kept.includes(local)) spilled += this.#spill(local);
    }
    if (at < live) this.#isCut = true;
    return spilled;
  }

  #spill(local: number): number {
    const type = this.#types[local] ?? -1;
    if (type < 0) return 0;
    if (type === V128_SLOT) this.#vectors++;
    this.#columns.addSpill(local, this.#slots.take(type));
    return 1;
  }
}
