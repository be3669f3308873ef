import { tableable } from "../../runtime/guest/tableable.ts";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { type Instrumented, type InstrumentOptions, instrument } from "../../src/instrument/instrument.ts";
import type { SiteTable } from "../../src/instrument/site-table.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";

/** An instance of an instrumented module, with what its test needs to know of it. */
export interface InstrumentedGuest {
  readonly exports: Record<string, unknown>;
  /** Calls an export that is a function. */
  call(name: string, ...args: unknown[]): unknown;
  setMask(word: number, value: number): void;
  setAll(value: number): void;
  /** What a spilled local's slot holds; a v128 as its two halves, low first. */
  read(site: number, local: number): unknown;
  write(site: number, local: number, value: unknown): void;
}

/** Instantiates; `onSuspend` gets the site of every probe that fires, none of which is armed yet. */
export function instantiate(
  instrumented: Instrumented,
  onSuspend: (site: number, guest: InstrumentedGuest) => void = () => {},
  imports: WebAssembly.Imports = {},
): InstrumentedGuest {
  const { names, sites } = instrumented;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(instrumented.bytes), imports);
  const exports = instance.exports as Record<string, unknown>;
  const callable = (name: string) => exports[name] as (...args: unknown[]) => unknown;
  const globalsOf = (site: number, local: number): WebAssembly.Global[] => {
    const slot = names.slots[findSlot(sites, site, local) ?? -1];
    if (!slot) throw new Error(`local ${local} is not spilled at site ${site}`);
    const halves = slot.type === "v128" ? [slot.low, slot.high] : [slot.global];
    return halves.map((name) => exports[name] as WebAssembly.Global);
  };
  const guest: InstrumentedGuest = {
    exports,
    call: (name, ...args) => callable(name)(...args),
    setMask: (word, value) => callable(names.setMask)(word, value),
    setAll: (value) => callable(names.setAll)(value),
    read(site, local) {
      const values = globalsOf(site, local).map((global) => global.value as unknown);
      return values.length > 1 ? values : values[0];
    },
    write(site, local, value) {
      const values = Array.isArray(value) ? value : [value];
      globalsOf(site, local).forEach((global, index) => {
        global.value = values[index];
      });
    },
  };
  const table = exports[names.suspendTable] as WebAssembly.Table;
  table.set(
    0,
    tableable((site) => onSuspend(site, guest)),
  );
  return guest;
}

/** Instruments with a site at every instruction of every function, each with a line of its own: 1, 2, 3… */
export function instrumentEverywhere(
  bytes: Uint8Array,
  options: Omit<InstrumentOptions, "sites"> = {},
): Instrumented {
  const offset = Uint32Array.from(instructionOffsets(bytes));
  return instrument(readModule(bytes), {
    ...options,
    sites: { offset, line: offset.map((_, row) => row + 1) },
  });
}

/** Module offsets of all instructions, in order. */
export function instructionOffsets(bytes: Uint8Array): number[] {
  const { code } = readModule(bytes);
  const offsets: number[] = [];
  for (let index = 0; index < code.count; index++) {
    const body = readFunctionBody(bytes, code, toDefinedFuncIndex(index));
    const reader = new CodeReader(bytes, body.instructionsStart, body.end);
    while (reader.next()) offsets.push(reader.offset);
  }
  return offsets;
}

/** Locals spilled at a site, in rising order. */
export function spilledAt(sites: SiteTable, site: number): number[] {
  const start = sites.spillStart[site] as number;
  return [...sites.spillLocal.subarray(start, start + (sites.spillCount[site] as number))].sort(
    (a, b) => a - b,
  );
}

/** The slot a local is spilled to at a site, or `undefined` where it is not: it is not live there, or see `spillsCut`. */
export function findSlot(table: SiteTable, site: number, local: number): number | undefined {
  const start = table.spillStart[site] ?? 0;
  const end = start + (table.spillCount[site] ?? 0);
  for (let at = start; at < end; at++) {
    if (table.spillLocal[at] === local) return table.spillSlot[at];
  }
  return undefined;
}

/** Whether a site has live locals that were left out because there were too many. */
export const hasSpillsCut = ({ spillsCut }: SiteTable, site: number): boolean =>
  (((spillsCut[site >>> 5] ?? 0) >>> (site & 31)) & 1) === 1;
