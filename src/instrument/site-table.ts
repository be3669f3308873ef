import { lowerBound } from "../base/binary-search.ts";
import type { FuncIndex, LineKey, ModuleOffset } from "../base/brand.ts";
import { toFuncIndex, toLineKey, toModuleOffset } from "../base/brand.ts";

/** A site where a source statement begins, or, where its line is 0, any other instruction. */
export const STATEMENT = 0;
/** A site before an `unreachable`; where its line is not 0, a statement begins there as well. */
export const BEFORE_UNREACHABLE = 1;
/** A site before a `throw`. */
export const BEFORE_THROW = 4;
/** A site before a `rethrow` or `throw_ref`: an exception that was caught goes on. */
export const BEFORE_RETHROW = 5;
/** A site, without a line, at the instruction behind a call that comes back. */
export const AFTER_CALL = 6;
/** A site behind an instruction that writes to memory, which is the one at its offset. Such sites have a table of their own. */
export const AFTER_STORE = 2;
/** A site, among those of stores, behind an instruction that writes the C stack pointer. */
export const AFTER_STACK_POINTER = 3;

/**
 * Every site of an instrumented module, as columns by site id. Ids count from 0 and rise with `offset`.
 *
 * Plain data: it can be posted to another thread.
 */
export interface SiteTable {
  readonly count: number;
  /** `ModuleOffset` of the instruction the probe precedes, or of the store it follows, in the original module. Strictly rising. */
  readonly offset: Uint32Array;
  /** `FuncIndex`. */
  readonly function: Uint32Array;
  /** `LineKey`; 0 where no statement begins. */
  readonly line: Uint32Array;
  /**
   * `STATEMENT` or one of `BEFORE_UNREACHABLE`, `BEFORE_THROW`, `BEFORE_RETHROW` and `AFTER_CALL`; in the table of stores `AFTER_STORE` or
   * `AFTER_STACK_POINTER`.
   */
  readonly kind: Uint8Array;
  /** Spills of site `s` are `spillCount[s]` entries of the two columns at the end, from `spillStart[s]` on. Sites may share them. */
  readonly spillStart: Uint16Array | Uint32Array;
  readonly spillCount: Uint8Array | Uint16Array;
  /** Of site `s`, how many of its spills are not reloaded: operands and dead locals, which the program would not miss. They come first. */
  readonly deadCount: Uint8Array | Uint16Array;
  /** Index of the local, params first, or `OPERAND` plus that of the operand. */
  readonly spillLocal: Uint32Array;
  /** Slot that holds it while the guest is suspended at the site. */
  readonly spillSlot: Uint32Array;
  /** Bit set (`site >>> 5`, `site & 31`) of sites where not every live local was spilled: there were too many. */
  readonly spillsCut: Uint32Array;
  /** Bit set of sites whose spilled locals can be read but not written: they are not reloaded. */
  readonly readOnly: Uint32Array;
}

/** What is needed of a site table once the debuggee has been told of its lines: two columns less of hundreds of thousands of sites. */
export type LoadedSites = Omit<SiteTable, "function" | "line">;

/** A table without what only loading needs. */
export function loadedSites({ function: _function, line: _line, ...rest }: SiteTable): LoadedSites {
  return rest;
}

/**
 * A site's mask is bit `site & 31` of mask word `site >>> 5`.
 */
export const SITES_PER_WORD = 32;

/** One row of the table. */
export interface Site {
  readonly offset: ModuleOffset;
  readonly function: FuncIndex;
  readonly line: LineKey;
  readonly kind: "statement" | "unreachable";
}

/** The row of a site. @throws {RangeError} when there is no such site. */
export function siteAt(table: SiteTable, site: number): Site {
  if (!(site >= 0 && site < table.count)) throw new RangeError(`no site ${site}`);
  return {
    offset: toModuleOffset(table.offset[site] as number),
    function: toFuncIndex(table.function[site] as number),
    line: toLineKey(table.line[site] as number),
    kind: table.kind[site] === BEFORE_UNREACHABLE ? "unreachable" : "statement",
  };
}

/**
 * Id of the first site at or behind a place of the original module; `count` when there is none.
 *
 * Two of them make a range: sites of `from` ≤ offset < `to` are the ids from one to the other. Whether the
 * site still lies in the same function is for the caller to compare.
 */
export function firstSiteFrom(table: Pick<SiteTable, "count" | "offset">, offset: ModuleOffset): number {
  return lowerBound(table.offset, offset, table.count);
}

/** How much is spilled at all sites. */
export function spillsOf({ spillCount }: SiteTable): number {
  let count = 0;
  for (const spills of spillCount) count += spills;
  return count;
}

/** Whether what is written to the site's slots is lost: see `InstrumentOptions.writeBack`. */
export const isReadOnly = (table: LoadedSites, site: number): boolean => hasBit(table.readOnly, site);

const hasBit = (set: Uint32Array, site: number): boolean =>
  (((set[site >>> 5] ?? 0) >>> (site & 31)) & 1) === 1;

/** Whether the site reloads a local that it spills, unless it is read-only. */
export function isReloaded(table: LoadedSites, site: number, local: number): boolean {
  const start = table.spillStart[site] ?? 0;
  const end = start + (table.spillCount[site] ?? 0);
  for (let at = start + (table.deadCount[site] ?? 0); at < end; at++)
    if (table.spillLocal[at] === local) return true;
  return false;
}
