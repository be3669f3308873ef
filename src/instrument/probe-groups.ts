import { type FuncIndex, toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import { NarrowColumn } from "../base/narrow-column.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import {
  BR_IF,
  BR_ON_CAST,
  BR_ON_CAST_FAIL,
  BR_ON_NON_NULL,
  BR_ON_NULL,
  CALL,
  CALL_INDIRECT,
  CALL_REF,
  endsControlFlow,
  IF,
  LOCAL_SET,
  LOCAL_TEE,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { OperandTypes, UNKNOWN_TYPE } from "../wasm/operand-types.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";
import { onlyStructures } from "../wasm/structural.ts";
import type { ValueType } from "../wasm/value-type.ts";
import type { BlockSignature, BlockTypes } from "./block-types.ts";
import { OPERAND, RETURNED } from "./call-table.ts";
import { AFTER_CALL, SITES_PER_WORD, type SiteTable, STATEMENT } from "./site-table.ts";
import { slotTypeOf } from "./spill-slots.ts";

/**
 * Sites that are checked at once, since nothing between them can arm or disarm one: neither a call nor a loop.
 *
 * Such sites follow one another in straight code and have bits of one mask word. The code from the first to the last
 * is written twice: with all their probes where any of them is armed, with none otherwise.
 */
export interface ProbeGroups {
  /** By site: how many sites, from it on, are checked where it is; 0 where it is checked alone, or with one before it. */
  readonly size: Uint8Array;
  /** By site, where that is not 0: the position of the type that the code from the first to the last has as a block. */
  readonly blockType: NarrowColumn;
}

/**
 * Bytes that are written twice for one group, at most. More of them make for fewer checks, but every value that is
 * computed in both copies is one that the engine's compiler cannot see through: SHA-256 at -O2 took 1.25 times the
 * original's time with 60, 1.45 with 200, 1.7 without groups.
 */
const MOST_GROUP_BYTES = 60;

/** Bytes that a group adds besides its second copy, at most: its check, and the parts of its `if`. */
export const MOST_GROUP_CHECK_BYTES = 24;

/** Finds them in all functions but those in `excluded`. @throws {MalformedError} as `CodeReader.next`. */
export function findProbeGroups(
  module: WasmModule,
  spaces: IndexSpaces,
  { sites, stores }: { readonly sites: SiteTable; readonly stores: SiteTable },
  excluded: ReadonlySet<FuncIndex>,
  blockTypes: BlockTypes,
): ProbeGroups {
  const finder = new GroupFinder(module, spaces, sites, stores, blockTypes);
  for (let site = 0; site < sites.count; ) {
    const func = toFuncIndex(sites.function[site] as number);
    const end = endOfFunction(sites, site);
    if (end - site > 1 && !excluded.has(func)) finder.addFunction(func, site, end);
    site = end;
  }
  return finder;
}

/** The first site behind `first` that is of another function. */
function endOfFunction({ function: functions, count }: SiteTable, first: number): number {
  let end = first + 1;
  while (end < count && functions[end] === functions[first]) end++;
  return end;
}

/** No group is open. */
const NONE = -1;

class GroupFinder implements ProbeGroups {
  readonly size: Uint8Array;
  readonly blockType: NarrowColumn;
  readonly #module: WasmModule;
  readonly #spaces: IndexSpaces;
  readonly #sites: SiteTable;
  readonly #stores: SiteTable;
  readonly #blockTypes: BlockTypes;
  readonly #reader: CodeReader;
  readonly #types: OperandTypes;
  /** Types of the locals of the function at hand. */
  readonly #locals: ValueType[] = [];
  /** The first site of the open group, and what is on the stack there, from `#floor` on. */
  #first = NONE;
  #floor = 0;
  readonly #before: ValueType[] = [];
  /** The lowest operand that has been taken off the stack since to be put back as it was. */
  #lowestTaken = 0;
  /** The first store that has not been come to. */
  #store = 0;

  constructor(
    module: WasmModule,
    spaces: IndexSpaces,
    sites: SiteTable,
    stores: SiteTable,
    blockTypes: BlockTypes,
  ) {
    this.size = new Uint8Array(sites.count);
    this.blockType = new NarrowColumn(sites.count);
    this.#module = module;
    this.#spaces = spaces;
    this.#sites = sites;
    this.#stores = stores;
    this.#blockTypes = blockTypes;
    this.#reader = new CodeReader(module.bytes, 0, 0);
    this.#types = new OperandTypes(spaces);
  }

  /** `first` to `end` (exclusive) are the function's sites. Functions are added in order. */
  addFunction(func: FuncIndex, first: number, end: number): void {
    const reader = this.#reader;
    this.#begin(func);
    this.#first = NONE;
    let site = first;
    while (site < end && reader.next()) {
      const { opcode, offset } = reader;
      if (this.#sites.offset[site] === offset) this.#addSite(site++);
      if (this.#first !== NONE && this.#divides(opcode, offset)) this.#first = NONE;
      if (opcode === LOCAL_TEE) this.#lowestTaken = Math.min(this.#lowestTaken, this.#types.depth - 1);
      this.#types.note(reader);
    }
  }

  #begin(func: FuncIndex): void {
    const { bytes, code } = this.#module;
    const body = readFunctionBody(bytes, code, toDefinedFuncIndex(func - this.#spaces.imported.functions));
    const type = findTypeOfFunction(this.#spaces, func);
    this.#locals.length = 0;
    this.#locals.push(...(type?.params ?? []));
    for (const { count, type: local } of body.locals)
      for (let index = 0; index < count; index++) this.#locals.push(local);
    this.#reader.reset(body.instructionsStart, body.end);
    this.#types.begin(type, this.#locals);
  }

  /** The reader stands at the site, in front of its instruction. */
  #addSite(site: number): void {
    const { kind, offset } = this.#sites;
    // The others are armed from the start: with them a group would never do without its probes.
    if (kind[site] !== STATEMENT && kind[site] !== AFTER_CALL) {
      this.#first = NONE;
      return;
    }
    const first = this.#first;
    if (
      first !== NONE &&
      wordOf(first) === wordOf(site) &&
      (offset[site] as number) - (offset[first] as number) <= MOST_GROUP_BYTES
    ) {
      const signature = this.#signatureUpTo(site);
      if (signature) {
        this.size[first] = site - first + 1;
        this.blockType.set(first, this.#blockTypes.add(signature));
        return;
      }
    }
    this.#first = site;
    this.#floor = this.#types.floor;
    this.#lowestTaken = Number.POSITIVE_INFINITY;
    this.#before.length = 0;
    for (let at = this.#floor; at < this.#types.depth; at++)
      this.#before.push(this.#types.types[at] as ValueType);
  }

  /** What the code from the open group's first site to this one takes and leaves; `undefined` where a block cannot. */
  #signatureUpTo(site: number): BlockSignature | undefined {
    const { depth, types, since } = this.#types;
    const floor = this.#floor;
    const first = this.#first;
    const start = this.#sites.offset[first] as number;
    // What has been on the stack since before stays out of it, unless a probe wants to see it.
    let low = floor;
    while (low < depth && low - floor < this.#before.length && (since[low] as number) <= start) low++;
    low = Math.min(low, this.#lowestTaken);
    for (let each = first; each <= site; each++) low = Math.min(low, this.#lowestOperandOf(each));
    if (low < floor) return undefined;
    const params = this.#before.slice(low - floor);
    const results = types.slice(low, depth);
    return [...params, ...results].every(hasSlotType) ? { params, results } : undefined;
  }

  #lowestOperandOf(site: number): number {
    const { spillStart, spillCount, spillLocal } = this.#sites;
    // Operands come first among what is spilled, the lowest before all others.
    const first = spillStart[site] as number;
    const slot = (spillCount[site] as number) > 0 ? (spillLocal[first] as number) : 0;
    // Behind a call, which only the first site of a group can be.
    if (slot === RETURNED) return this.#floor + this.#before.length - 1;
    return slot >= OPERAND ? slot - OPERAND : Number.POSITIVE_INFINITY;
  }

  /** Whether a group must end in front of the instruction that the reader stands at, at the latest. */
  #divides(opcode: number, offset: number): boolean {
    switch (opcode) {
      case IF:
      case BR_IF:
      case BR_ON_NULL:
      case BR_ON_NON_NULL:
      case BR_ON_CAST:
      case BR_ON_CAST_FAIL:
      case CALL:
      case CALL_INDIRECT:
      case CALL_REF:
        return true;
      case LOCAL_SET:
      case LOCAL_TEE:
        // One that has no default counts as set within the block only.
        return !hasSlotType(this.#locals[this.#reader.index()] ?? (UNKNOWN_TYPE as ValueType));
      default:
        return onlyStructures(opcode) || endsControlFlow(opcode) || this.#isChecked(offset);
    }
  }

  /** Whether there is a store whose check would have to be written twice. */
  #isChecked(offset: number): boolean {
    const { offset: offsets, count } = this.#stores;
    while (this.#store < count && (offsets[this.#store] as number) < offset) this.#store++;
    return this.#store < count && offsets[this.#store] === offset;
  }
}

const wordOf = (site: number): number => Math.floor(site / SITES_PER_WORD);

const hasSlotType = (type: ValueType): boolean => slotTypeOf(type) >= 0;
