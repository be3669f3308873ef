import { callSitesHere } from "../../runtime/guest/call-stack.ts";
import { tableable, tableableStored } from "../../runtime/guest/tableable.ts";
import { watchBounds } from "../../runtime/guest/watch-bounds.ts";
import { type FuncIndex, toDefinedFuncIndex } from "../../src/base/brand.ts";
import type { SpillSlot } from "../../src/instrument/appended.ts";
import { findCall, WRITTEN_HEADER } from "../../src/instrument/call-table.ts";
import { type Instrumented, instrument } from "../../src/instrument/instrument.ts";
import { type SiteTable, siteAt } from "../../src/instrument/site-table.ts";
import { findTypeOfFunction, readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { CALL, CALL_INDIRECT, CALL_REF } from "../../src/wasm/instructions.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { I32 } from "../../src/wasm/value-type.ts";
import type { Fixture, Run } from "../support/fixtures.ts";
import { runPlain } from "../support/run-plain.ts";
import { debugInfoOf, eachInstruction, everyInstructionOf } from "../support/site-requests.ts";
import { type FrameOrigin, type Observation, observe, wasmFrames } from "./observation.ts";

/** What is run: a committed fixture, or a guest of some other place. */
export type Guest = Pick<Fixture, "name" | "bytes">;

/** How a module is instrumented, and what its probes then do. */
export interface Form {
  /** `statements`: where debug info has some; every instruction of a module without debug info. */
  readonly sites: "statements" | "instructions";
  /**
   * `unarmed`: no probe is. `armed`: all are, and the host returns at once. `rewritten`: all are, and the host
   * writes every spilled local with the value it has; at statements, all locals are spilled and written back, and not
   * only a few live ones.
   */
  readonly probes: "unarmed" | "armed" | "rewritten";
  /**
   * Whether stores are checked, and what then happens: nothing, or, of a range that is all of memory, that the host returns
   * at once from each, having written every spilled local with the value it has.
   */
  readonly stores?: "unwatched" | "watched";
}

/** What a run's probes did. */
export interface ProbeReport {
  readonly sites: number;
  /** Calls of the host. */
  readonly fired: number;
  /** Sites among them, each counted once. */
  readonly reached: number;
  /** Stores that are checked. */
  readonly stores: number;
  /** Times that the host was called at one. */
  readonly stored: number;
  /** Locals that were written with their own value. */
  readonly rewritten: number;
  /** Records of calls that were found for frames on the stack, and read back. */
  readonly records: number;
  /** What was wrong with the stacks seen by the host; a few of them at most. */
  readonly faults: readonly string[];
}

/** Firings of one site that are rewritten, beyond which only every so manieth is: hot loops fire millions of times. */
const alwaysRewritten = 32;
const rewrittenEvery = 64;
const mostFaults = 5;

/** Node 20 has one memory for a module. */
const hasManyMemories = Number(process.versions.node.split(".")[0]) >= 22;

/** A guest with probes in it. */
export class ProbedGuest implements FrameOrigin {
  readonly instrumented: Instrumented;
  readonly #callOffsets = new Set<number>();
  readonly #form: Form;

  constructor(bytes: Uint8Array<ArrayBuffer>, form: Form) {
    const { sites, probes, stores } = form;
    const module = readModule(bytes);
    this.#form = form;
    const stackPointer = readIndexSpaces(module).globals.findIndex(
      ({ mutable, type }) => mutable && type === I32,
    );
    const checkStores = stores && { stackPointer };
    const { sites: statements, named } = debugInfoOf(module);
    const requests = sites === "statements" ? statements : noRequests;
    const keeping = { named, keepAtCalls: hasManyMemories, checkStores, afterCalls: true };
    if (requests.offset.length === 0) {
      const density = sites === "instructions" ? "instructions" : "statements";
      this.instrumented = instrument(module, { sites: everyInstructionOf(module), density, ...keeping });
    } else if (probes === "rewritten") {
      const keepLocals = allLocalsOf(module);
      this.instrumented = instrument(module, { sites: requests, keepLocals, writeBack: "all", ...keeping });
    } else {
      this.instrumented = instrument(module, { sites: requests, ...keeping });
    }
    eachInstruction(module, ({ opcode, offset }) => {
      if (opcode === CALL || opcode === CALL_INDIRECT || opcode === CALL_REF) this.#callOffsets.add(offset);
    });
  }

  get functionCount(): number {
    return this.instrumented.functionCount;
  }

  originalOffset(offset: number): number | undefined {
    return this.instrumented.originalOffset(offset);
  }

  /** Runs it to its end. */
  run(guest: Guest, run: Run): { readonly observation: Observation; readonly probes: ProbeReport } {
    const { probes, stores } = this.#form;
    const watch = new ProbeWatch(this, probes === "rewritten" || stores === "watched");
    const outcome = runPlain(guest, run, this.instrumented.bytes, ({ exports }) => {
      const { names } = this.instrumented;
      watch.connect(exports);
      if (stores === "watched") watchAll(exports, names);
      if (probes !== "unarmed") (exports[names.setAll] as (value: number) => void)(-1);
      if (names.start !== undefined) (exports[names.start] as () => void)();
    });
    return { observation: observe(outcome, this), probes: watch.report() };
  }

  /** Whether an instruction of the original is a call. */
  isCall(offset: number): boolean {
    return this.#callOffsets.has(offset);
  }
}

/** The host's side of one run's probes. */
class ProbeWatch {
  readonly #guest: ProbedGuest;
  readonly #rewrites: boolean;
  readonly #firings: Uint32Array;
  readonly #faults: string[] = [];
  #slots: readonly (() => void)[] = [];
  #rewritten = 0;
  #exports: WebAssembly.Exports = {};
  #records = 0;

  constructor(guest: ProbedGuest, rewrites: boolean) {
    this.#guest = guest;
    this.#rewrites = rewrites;
    const { sites, stores } = guest.instrumented;
    this.#firings = new Uint32Array(sites.count + stores.count);
  }

  /** Makes this what the probes of a new instance call. */
  connect(exports: WebAssembly.Exports): void {
    const { names } = this.#guest.instrumented;
    this.#exports = exports;
    if (this.#rewrites) this.#slots = names.slots.map((slot) => rewriterOf(slot, exports));
    const table = exports[names.suspendTable] as WebAssembly.Table;
    table.set(
      0,
      tableable((site) => this.#onProbe(site)),
    );
    if (names.watches.length > 0) {
      table.set(
        1,
        tableableStored((_memory, _address, bytes) => (bytes > 0 ? 1 : 0)),
      );
    }
  }

  report(): ProbeReport {
    const { sites, stores } = this.#guest.instrumented;
    const { count } = sites;
    const firings = this.#firings.subarray(0, count);
    return {
      sites: count,
      fired: firings.reduce((sum, times) => sum + times, 0),
      reached: firings.reduce((sum, times) => sum + Math.min(times, 1), 0),
      stores: stores.count,
      stored: this.#firings.subarray(count).reduce((sum, times) => sum + times, 0),
      rewritten: this.#rewritten,
      records: this.#records,
      faults: this.#faults,
    };
  }

  #onProbe(site: number): void {
    const firing = (this.#firings[site] as number) + 1;
    this.#firings[site] = firing;
    if (firing === 1 && this.#faults.length < mostFaults) this.#faults.push(...this.#faultsHere(site));
    if (!this.#rewrites || (firing > alwaysRewritten && firing % rewrittenEvery !== 0)) return;
    const { table, row } = this.#rowOf(site);
    const start = table.spillStart[row] as number;
    for (let at = start; at < start + (table.spillCount[row] as number); at++) {
      this.#slots[table.spillSlot[at] as number]?.();
      this.#rewritten++;
    }
  }

  #rowOf(id: number): { readonly table: SiteTable; readonly row: number } {
    const { sites, stores } = this.#guest.instrumented;
    return id < sites.count ? { table: sites, row: id } : { table: stores, row: id - sites.count };
  }

  /** What is wrong with the stack right here: the innermost frame must stand at the site, all others at calls. */
  #faultsHere(site: number): readonly string[] {
    const { table, row } = this.#rowOf(site);
    const at = siteAt(table, row);
    const [innermost, ...callers] = wasmFrames({ sites: callSitesHere(), inHostCall: false }, this.#guest);
    const faults = callers
      .filter(([, offset]) => !this.#guest.isCall(offset))
      .map(([func, offset]) => `site ${site}: a frame of function ${func} at ${offset}, which is no call`);
    if (innermost?.[0] !== at.function || innermost[1] !== at.offset) {
      faults.push(`site ${site} at ${at.function}:${at.offset} is seen at ${innermost?.join(":")}`);
    }
    faults.push(...this.#recordFaults(callers));
    return faults;
  }

  /** What is wrong with the records of the frames that stand in calls; marks all of them as written. */
  #recordFaults(callers: readonly (readonly [func: number, offset: number])[]): readonly string[] {
    const { calls, names } = this.#guest.instrumented;
    if (!names.records) return [];
    const memory = new DataView((this.#exports[names.records.memory] as WebAssembly.Memory).buffer);
    const faults: string[] = [];
    let end = (this.#exports[names.records.pointer] as WebAssembly.Global).value as number;
    for (const [func, offset] of callers) {
      const row = findCall(calls, offset);
      if (row === undefined) continue;
      end -= calls.sizeBytes[row] as number;
      const header = end < 0 ? 0 : memory.getUint32(end, true);
      if ((header & ~WRITTEN_HEADER) !== row + 1) {
        faults.push(`the record of function ${func} at ${offset} has header ${header}, not ${row + 1}`);
        break;
      }
      this.#records++;
      if (!this.#rewrites) continue;
      memory.setUint32(end, header | WRITTEN_HEADER, true);
      (this.#exports[names.records.written] as WebAssembly.Global).value = 1;
    }
    return faults;
  }
}

/** Makes all of every memory the range that is watched, and has every frame's return told. */
function watchAll(exports: WebAssembly.Exports, { watches, stackLimit }: Instrumented["names"]): void {
  if (stackLimit !== undefined) (exports[stackLimit] as WebAssembly.Global).value = 0;
  for (const name of watches) {
    const set = exports[name] as (...bounds: readonly (number | bigint)[]) => void;
    set(...watchBounds({ start: 0, end: 2 ** 32 }, false));
  }
}

const noRequests = { offset: new Uint32Array(0), line: new Uint32Array(0) };

/** All locals of a function, params first. */
function allLocalsOf(module: WasmModule): (func: FuncIndex) => readonly number[] {
  const spaces = readIndexSpaces(module);
  return (func) => {
    const index = toDefinedFuncIndex(func - spaces.imported.functions);
    const { localCount } = readFunctionBody(module.bytes, module.code, index);
    const count = localCount + (findTypeOfFunction(spaces, func)?.params.length ?? 0);
    return Array.from({ length: count }, (_, local) => local);
  };
}

/** Something that writes the globals of a slot with what they hold. */
function rewriterOf(slot: SpillSlot, exports: WebAssembly.Exports): () => void {
  const names = slot.type === "v128" ? [slot.low, slot.high] : [slot.global];
  const globals = names.map((name) => exports[name] as WebAssembly.Global);
  return () => {
    for (const global of globals) {
      const held: unknown = global.value;
      global.value = held;
    }
  };
}
