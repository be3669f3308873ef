import { type FuncIndex, toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type FunctionBody, readFunctionBody } from "../wasm/sections/code.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import { ControlFlow } from "./control-flow.ts";
import { findSites } from "./find-sites.ts";
import { Liveness } from "./liveness.ts";
import { mostProbeBytes } from "./probe.ts";
import { SiteColumns } from "./site-columns.ts";
import type { SortedRequests } from "./site-requests.ts";
import { SlotPlan, slotTypeOf, V128_SLOT } from "./spill-slots.ts";

/** V8's limit for one body. Source: JavaScript interface, "Implementation-defined limits". */
const MOST_BODY_BYTES = 7_654_321;
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
  /** Functions left as they are, because with probes they would be larger than engines accept. */
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
): SitePlan {
  const mostReloads = writeBack === "all" ? MOST_SPILLS : MOST_RELOADS;
  const planner = new SitePlanner(module, spaces, requests, keptLocals, mostReloads);
  for (let body = 0; body < module.code.count; body++) planner.addBody(body);
  return planner.finish();
}

class SitePlanner {
  readonly #module: WasmModule;
  readonly #spaces: IndexSpaces;
  readonly #requests: SortedRequests;
  readonly #keptLocals: KeptLocals;
  readonly #mostReloads: number;
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
  ) {
    this.#mostReloads = mostReloads;
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

  /** Refuses the function when not even bare probes fit. */
  #planSpills(func: FuncIndex, firstSite: number, count: number, bodyBytes: number): void {
    const kept = this.#keptLocals(func);
    if (this.#spillLive(kept, firstSite, count, bodyBytes)) return;
    this.#columns.truncateSpills(firstSite);
    if (bodyBytes + count * mostProbeBytes(0, 0) > MOST_BODY_BYTES) {
      this.#columns.truncate(firstSite);
      this.#refused.push(func);
      return;
    }
    for (let site = firstSite; site < firstSite + count; site++) {
      this.#columns.beginSpills();
      this.#columns.cut.push(site);
    }
  }

  /** Spills kept and live locals at all sites of a function; whether the function is not too large for engines then. */
  #spillLive(kept: readonly number[], firstSite: number, count: number, bodyBytes: number): boolean {
    const isSolved = this.#liveness.solve(this.#flow, this.#types.length);
    let size = bodyBytes;
    for (let site = 0; site < count; site++) {
      this.#columns.beginSpills();
      const live = isSolved ? this.#liveness.liveAt(site, this.#live) : 0;
      const spilled = this.#spillAt(kept, Math.min(live, MOST_SPILLS));
      if (!isSolved || spilled === MOST_SPILLS) this.#columns.cut.push(firstSite + site);
      if (spilled > this.#mostReloads) this.#columns.readOnly.push(firstSite + site);
      size += mostProbeBytes(spilled, this.#vectors);
      if (size > MOST_BODY_BYTES) return false;
    }
    return true;
  }

  /** Of the spills at the last site, those of vectors. */
  #vectors = 0;

  /** Spills kept locals first, then the first `live` of the live ones, up to a limit; answers how many. */
  #spillAt(kept: readonly number[], live: number): number {
    this.#slots.beginSite();
    this.#vectors = 0;
    let spilled = 0;
    for (const local of kept) spilled += this.#spill(local);
    for (let at = 0; at < live && spilled < MOST_SPILLS; at++) {
      const local = this.#live[at] as number;
      if (kept.length === 0 || !kept.includes(local)) spilled += this.#spill(local);
    }
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
