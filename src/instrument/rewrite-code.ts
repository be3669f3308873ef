import { toDefinedFuncIndex, toFuncIndex } from "../base/brand.ts";
import { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32 } from "../base/leb128.ts";
import type { NarrowColumn } from "../base/narrow-column.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import { ELSE, END, GLOBAL_GET } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type CodeSection, readFunctionBody, writeLocals } from "../wasm/sections/code.ts";
import { I32 } from "../wasm/value-type.ts";
import type { AppendedLayout } from "./appended.ts";
import { writeAppendedBodies } from "./appended-functions.ts";
import type { BlockSignature } from "./block-types.ts";
import {
  type CallTemps,
  MOST_RESTORE_BYTES,
  mostCallBytes,
  putEnter,
  putEntry,
  putRestore,
  putTakeOver,
} from "./call-record.ts";
import { type CallTable, stashOf } from "./call-table.ts";
import { catchPlaces } from "./catch-places.ts";
import { isCodeMetadata } from "./code-metadata.ts";
import { Insertions, NO_BRANCH } from "./insertions.ts";
import { type OffsetMap, OffsetMapBuilder } from "./offset-map.ts";
import {
  MOST_U32_BYTES,
  mostProbeBytes,
  putCheck,
  putGroupCheck,
  putIf,
  putIndexed,
  putSuspension,
  putU32,
} from "./probe.ts";
import { MOST_GROUP_CHECK_BYTES, type ProbeGroups } from "./probe-groups.ts";
import { type SiteTable, spillsOf } from "./site-table.ts";
import { mostStoreBytes, putKeep, putMeets, putReturned, putReturns, putStored } from "./store-check.ts";
import { type PlacedStore, placedStores } from "./stores.ts";
import { type TakenOperands, Temps } from "./temps.ts";
import type { WatchLayout } from "./watch.ts";

/** The code section with probes, and where everything in it has come to be. */
export interface RewrittenCode {
  /** Of the code section, without the pieces that came before. */
  readonly payload: Uint8Array;
  /** Bytes of those. */
  readonly earlierBytes: number;
  /** Counts from the start of the payload. */
  readonly map: OffsetMap;
  readonly insertions: Insertions;
}

/** What is to be put into the code, all in rising order of offset. */
export interface CodeEdits {
  readonly sites: SiteTable;
  readonly stores: SiteTable;
  readonly calls: CallTable;
  readonly groups: ProbeGroups;
  /** See `findOperandBlocks`. */
  readonly operandBlocks: NarrowColumn;
  /** By position. */
  readonly blockTypes: readonly BlockSignature[];
}

/**
 * The code section with a probe at every site, a check of every store, records at calls, and the appended functions behind the module's own.
 *
 * Yields its payload in pieces of some `pieceBytes`, each valid until the next is asked for.
 */
export function* rewriteCode(
  module: WasmModule,
  spaces: IndexSpaces,
  edits: CodeEdits,
  layout: AppendedLayout,
  pieceBytes: number,
): Generator<Uint8Array, RewrittenCode, undefined> {
  const rewriter = new CodeRewriter(module, spaces, edits, layout, pieceBytes);
  for (let body = 0; body < module.code.count; body++) {
    rewriter.addBody(body);
    if (rewriter.heldBytes >= pieceBytes) yield rewriter.takePiece();
  }
  return rewriter.finish();
}

/** Writes the code section body by body; those without sites together, as they are. */
class CodeRewriter {
  readonly #source: Uint8Array;
  readonly #code: CodeSection;
  readonly #spaces: IndexSpaces;
  readonly #importedFunctions: number;
  readonly #sites: SiteTable;
  readonly #stores: SiteTable;
  readonly #calls: CallTable;
  readonly #groups: ProbeGroups;
  readonly #operandBlocks: NarrowColumn;
  readonly #blockTypes: readonly BlockSignature[];
  /** Whether functions that catch exceptions must say where records go afterwards. */
  readonly #restores: boolean;
  readonly #layout: AppendedLayout;
  /** The payload, without the pieces that have been taken: `#length` bytes so far. */
  #bytes: Uint8Array;
  #length: number;
  /** Bytes of the pieces that have been taken. */
  #taken = 0;
  readonly #map: OffsetMapBuilder;
  readonly #insertions: Insertions;
  readonly #reader: CodeReader;
  /** The next one to write a probe for. */
  #site = 0;
  /** The next one to write a check for. */
  #store = 0;
  /** The next one to keep a record at. */
  #call = 0;
  /** Of the function at hand: bytes that have been inserted. */
  #inserted = 0;
  /** Offset in the original from which on nothing has been written. */
  #rest: number;
  /** Instrumented minus original offset behind the last entry of the map. */
  #shift: number | undefined;

  constructor(
    module: WasmModule,
    spaces: IndexSpaces,
    { sites, stores, calls, groups, operandBlocks, blockTypes }: CodeEdits,
    layout: AppendedLayout,
    pieceBytes: number,
  ) {
    const { bytes, code } = module;
    this.#source = bytes;
    this.#reader = new CodeReader(bytes, 0, 0);
    this.#code = code;
    this.#spaces = spaces;
    this.#importedFunctions = spaces.imported.functions;
    this.#sites = sites;
    this.#stores = stores;
    this.#calls = calls;
    this.#groups = groups;
    this.#operandBlocks = operandBlocks;
    this.#blockTypes = blockTypes;
    // Where there are no tags, exceptions are the host's, and those end the guest.
    this.#restores = layout.records !== undefined && spaces.tags.length > 0;
    this.#layout = layout;
    this.#map = new OffsetMapBuilder(sites.count + stores.count + calls.count * 2 + code.count * 2 + 16);
    this.#insertions = new Insertions(
      sites.count + stores.count + calls.count,
      module.sections.some(isCodeMetadata),
    );
    // As much as usual probes have at most: what is not written to takes up addresses only, but more room would be made by copying.
    const probes = sites.count * 26 + spillsOf(sites) * 16 + stores.count * 80 + calls.count * 100;
    this.#bytes = new Uint8Array(Math.min(code.end - code.start + probes + 1024, pieceBytes * 2));
    this.#length = putU32(this.#bytes, 0, code.count + layout.functionCount);
    this.#rest = firstEntry(bytes, code);
  }

  /** `index` counts defined functions; bodies are added in order. */
  addBody(index: number): void {
    const start = this.#code.bodyStarts[index] as number;
    const end = this.#code.bodyEnds[index] as number;
    const func = index + this.#importedFunctions;
    const restores = this.#restores ? this.#restoresOf(index) : [];
    if (
      this.#sites.function[this.#site] !== func &&
      this.#stores.function[this.#store] !== func &&
      this.#calls.function[this.#call] !== func &&
      restores.length === 0
    ) {
      this.#mapUnchanged(start);
      return;
    }
    this.#copy(this.#rest, index === 0 ? this.#rest : (this.#code.bodyEnds[index - 1] as number));
    this.#makeRoom(MOST_U32_BYTES);
    const sizeAt = this.#length;
    const written = sizeAt + MOST_U32_BYTES;
    this.#length = written;
    this.#writeBody(index, func, start, end, restores);
    const size = this.#length - written;
    // The size comes first and is known last: the body moves up to it.
    const base = putU32(this.#bytes, sizeAt, size);
    this.#bytes.copyWithin(base, written, this.#length);
    this.#length = base + size;
    this.#map.settle(this.#taken + base);
    this.#rest = end;
    this.#shift = this.#taken + this.#length - end;
  }

  /** Bytes that have not been taken. */
  get heldBytes(): number {
    return this.#length;
  }

  /** They are valid until the next body is added. */
  takePiece(): Uint8Array {
    const piece = this.#bytes.subarray(0, this.#length);
    this.#taken += this.#length;
    this.#length = 0;
    return piece;
  }

  finish(): RewrittenCode {
    this.#copy(this.#rest, this.#code.end);
    const end = this.#length;
    const appended = new ByteWriter();
    writeAppendedBodies(appended, this.#layout);
    this.#makeRoom(appended.length);
    this.#bytes.set(appended.view(), end);
    return {
      payload: this.#bytes.subarray(0, end + appended.length),
      earlierBytes: this.#taken,
      map: this.#map.finish(this.#taken + end),
      insertions: this.#insertions,
    };
  }

  /** Writes the body with all that goes into it, without its size. Map entries count from its start for now. */
  #writeBody(index: number, func: number, start: number, end: number, restores: readonly number[]): void {
    const { function: siteFunctions, offset: siteOffsets } = this.#sites;
    const { function: storeFunctions, offset: storeOffsets } = this.#stores;
    const { function: callFunctions, offset: callOffsets } = this.#calls;
    const base = this.#length;
    this.#map.add(0, start, 0);
    this.#inserted = 0;
    const stores = placedStores(this.#stores, this.#store, func, this.#reader, end, this.#spaces);
    const added = this.#declareTemps(index, func, stores, restores.length > 0, base);
    let copied = added.instructionsStart ?? start;
    let restored = 0;
    for (;;) {
      const site = siteFunctions[this.#site] === func ? (siteOffsets[this.#site] as number) : Infinity;
      const store = storeFunctions[this.#store] === func ? (storeOffsets[this.#store] as number) : Infinity;
      const call = callFunctions[this.#call] === func ? (callOffsets[this.#call] as number) : Infinity;
      const restore = restores[restored] ?? Infinity;
      const offset = Math.min(site, store, call, restore);
      if (offset === Infinity) break;
      this.#copy(copied, offset);
      copied = offset;
      // Of all at one instruction that comes first which is about how it was come to, then the probe in front of it.
      if (restore === offset) {
        this.#writeRestore(func, offset, base, added.callTemps);
        restored++;
      } else if (site === offset) {
        copied = this.#writeProbes(func, offset, base, added.temps);
      } else if (call === offset) {
        copied = this.#writeCall(func, offset, base, added);
      } else {
        copied = this.#writeCheck(func, offset, base, stores, added.temps);
      }
    }
    this.#copy(copied, end);
  }

  /**
   * Writes the probe of the next site, or those of its group with their code, once with probes and once without; answers
   * the offset behind what has been copied.
   */
  #writeProbes(func: number, offset: number, base: number, temps: Temps | undefined): number {
    const first = this.#site;
    const size = this.#groups.size[first] as number;
    if (size === 0) {
      this.#writeProbe(func, offset, base, temps);
      return offset;
    }
    const last = this.#sites.offset[first + size - 1] as number;
    const before = this.#inserted - this.#length;
    this.#makeRoom(MOST_GROUP_CHECK_BYTES);
    const start = this.#length;
    const branch = putGroupCheck(this.#bytes, start, first, size, this.#layout);
    this.#length = putIf(this.#bytes, branch, this.#groups.blockType.get(first), this.#layout);
    this.#map.add(start - base, offset, this.#length - start);
    const row = this.#insertions.count;
    this.#insertions.add(func, offset, branch - base, 0, 0);
    for (let copied = offset, site = first; site < first + size; site++) {
      const next = this.#sites.offset[site] as number;
      this.#copy(copied, next);
      this.#writeProbe(func, next, base, temps);
      copied = next;
    }
    this.#insertions.truncate(row + 1);
    this.#putByte(ELSE, offset, base);
    // What is said of the code in between is said of the copy that runs.
    this.#insertions.moveLast(before + this.#length);
    this.#copy(offset, last);
    this.#putByte(END, last, base);
    this.#inserted = before + this.#length - (last - offset);
    this.#insertions.add(func, last, NO_BRANCH, this.#inserted, this.#inserted);
    return last;
  }

  /** A byte of ours in front of what was at `original`. */
  #putByte(byte: number, original: number, base: number): void {
    this.#makeRoom(1);
    this.#map.add(this.#length - base, original, 1);
    this.#bytes[this.#length++] = byte;
  }

  #writeProbe(func: number, offset: number, base: number, temps: Temps | undefined): void {
    const { spillCount } = this.#sites;
    const site = this.#site++;
    const spills = spillCount[site] as number;
    const block = this.#operandBlocks.get(site);
    this.#makeRoom(mostProbeBytes(spills * (block > 0 ? 2 : 1), spills));
    const probe = this.#length;
    const branch = putCheck(this.#bytes, probe, site, this.#layout);
    const operands =
      block > 0 && temps
        ? {
            blockType: this.#layout.firstBlockType + block - 1,
            temps: temps.of({ operands: this.#blockTypes[block - 1]?.params ?? [] }),
          }
        : undefined;
    this.#length = putSuspension(this.#bytes, branch, site, this.#sites, this.#layout, operands);
    this.#map.add(probe - base, offset, this.#length - probe);
    this.#inserted += this.#length - probe;
    this.#insertions.add(func, offset, branch - base, this.#inserted, this.#inserted);
  }

  /** Writes the call at `offset` with its record; answers the offset behind it. */
  #writeCall(func: number, offset: number, base: number, { temps, callTemps }: AddedLocals): number {
    const row = this.#call++;
    const calls = this.#calls;
    const { records } = this.#layout;
    if (!records || !callTemps) return offset;
    const end = calls.end[row] as number;
    const stash = temps?.of({ operands: stashOf(calls, row) }) ?? [];
    const values = (calls.valueStart[row + 1] as number) - (calls.valueStart[row] as number);
    this.#makeRoom(mostCallBytes(values, stash.length) + end - offset);
    const enter = this.#length;
    this.#length = putEnter(this.#bytes, enter, row, calls, stash, callTemps, records);
    this.#map.add(enter - base, offset, this.#length - enter);
    this.#inserted += this.#length - enter;
    const insertedAt = this.#inserted;
    this.#copy(offset, end);
    const leave = this.#length;
    this.#length = putRestore(this.#bytes, leave, callTemps.base, records);
    let branch = NO_BRANCH;
    if (calls.isWritable[row] === 1) {
      const at = putIndexed(this.#bytes, this.#length, GLOBAL_GET, records.writtenGlobal);
      branch = at - base;
      this.#length = putTakeOver(this.#bytes, at, row, calls, callTemps.base, records);
    }
    this.#map.add(leave - base, end, this.#length - leave);
    this.#inserted += this.#length - leave;
    this.#insertions.add(func, offset, branch, insertedAt, this.#inserted);
    return end;
  }

  /** Writes, at a place where an exception may have been caught, that records go where they went before. */
  #writeRestore(func: number, offset: number, base: number, callTemps: CallTemps | undefined): void {
    const { records } = this.#layout;
    if (!records || !callTemps) return;
    this.#makeRoom(MOST_RESTORE_BYTES);
    const start = this.#length;
    this.#length = putRestore(this.#bytes, start, callTemps.base, records);
    this.#map.add(start - base, offset, this.#length - start);
    this.#inserted += this.#length - start;
    this.#insertions.add(func, offset, NO_BRANCH, this.#inserted, this.#inserted);
  }

  /** Writes the store at `offset` and all that is needed to check it; answers the offset behind it. */
  #writeCheck(
    func: number,
    offset: number,
    base: number,
    stores: ReadonlyMap<number, PlacedStore>,
    temps: Temps | undefined,
  ): number {
    const row = this.#store++;
    const placed = stores.get(row);
    const { watch } = this.#layout;
    if (!placed || !watch) return offset;
    const { store, end } = placed;
    if (!store || !temps) return this.#writeReturnCheck(func, offset, end, base, watch);
    const spills = this.#stores.spillCount[row] as number;
    this.#makeRoom(mostStoreBytes(spills, spills) + end - offset);
    const locals = temps.of(store);
    const start = this.#length;
    this.#length = putKeep(this.#bytes, start, locals);
    const insertedAt = this.#inserted + this.#length - start;
    this.#copy(offset, end);
    const branch = putMeets(this.#bytes, this.#length, store, locals, watch);
    this.#length = putStored(this.#bytes, branch, row, store, locals, this.#stores, this.#layout, watch);
    const size = this.#length - start;
    // All of it belongs to the store, the store itself too: an engine names it when it traps.
    this.#map.add(start - base, end, size, offset);
    this.#inserted += size - (end - offset);
    this.#insertions.add(func, offset, branch - base, insertedAt, this.#inserted);
    return end;
  }

  /** Writes the instruction at `offset`, which writes the stack pointer, and its check; answers the offset behind it. */
  #writeReturnCheck(func: number, offset: number, end: number, base: number, watch: WatchLayout): number {
    this.#makeRoom(mostStoreBytes(0, 0) + end - offset);
    this.#copy(offset, end);
    const start = this.#length;
    const branch = putReturns(this.#bytes, start, watch);
    this.#length = putReturned(this.#bytes, branch, watch);
    this.#map.add(start - base, end, this.#length - start, offset);
    const insertedAt = this.#inserted;
    this.#inserted += this.#length - start;
    this.#insertions.add(func, offset, branch - base, insertedAt, this.#inserted);
    return end;
  }

  /** Where a function goes on after exceptions. */
  #restoresOf(index: number): readonly number[] {
    const body = readFunctionBody(this.#source, this.#code, toDefinedFuncIndex(index));
    return catchPlaces(new CodeReader(this.#source, body.instructionsStart, body.end));
  }

  /** Declares the locals that all this needs, behind the function's own. */
  #declareTemps(
    index: number,
    func: number,
    stores: ReadonlyMap<number, PlacedStore>,
    restores: boolean,
    base: number,
  ): AddedLocals {
    const taken: TakenOperands[] = [...stores.values()].flatMap(({ store }) => store ?? []);
    const { function: siteFunctions } = this.#sites;
    // Most of a function's sites have one of a few types.
    const blocks = new Set<number>();
    for (let site = this.#site; siteFunctions[site] === func; site++)
      blocks.add(this.#operandBlocks.get(site));
    blocks.delete(0);
    for (const block of blocks) taken.push({ operands: this.#blockTypes[block - 1]?.params ?? [] });
    const { function: callFunctions } = this.#calls;
    const hasCalls = callFunctions[this.#call] === func;
    for (let row = this.#call; callFunctions[row] === func; row++) {
      taken.push({ operands: stashOf(this.#calls, row) });
    }
    if (taken.length === 0 && !restores) return {};
    const body = readFunctionBody(this.#source, this.#code, toDefinedFuncIndex(index));
    const params = findTypeOfFunction(this.#spaces, toFuncIndex(func))?.params.length ?? 0;
    const temps = new Temps(params + body.localCount, taken);
    const callTemps = hasCalls || restores ? { base: temps.end, isSetAtEntry: restores } : undefined;
    const declared = new ByteWriter();
    const ofCalls = callTemps ? [{ type: I32, count: 1 }] : [];
    writeLocals(declared, [...body.locals, ...temps.runs, ...ofCalls]);
    const written = declared.view();
    this.#makeRoom(written.length + MOST_RESTORE_BYTES);
    this.#bytes.set(written, this.#length);
    this.#length += written.length;
    const { records } = this.#layout;
    if (restores && callTemps && records) {
      this.#length = putEntry(this.#bytes, this.#length, callTemps.base, records);
    }
    this.#inserted = this.#length - base - (body.instructionsStart - body.start);
    this.#map.add(this.#length - base, body.instructionsStart, 0);
    return { temps, callTemps, instructionsStart: body.instructionsStart };
  }

  /** The body that starts at `start` of the original will be copied with all since `#rest`. */
  #mapUnchanged(start: number): void {
    const shift = this.#taken + this.#length - this.#rest;
    if (shift === this.#shift) return;
    this.#shift = shift;
    this.#map.add(start, start, 0);
    this.#map.settle(shift);
  }

  /** Bytes `from` to `to` (exclusive) of the original. */
  #copy(from: number, to: number): void {
    const size = to - from;
    if (size === 0) return;
    this.#makeRoom(size);
    const bytes = this.#bytes;
    const source = this.#source;
    const length = this.#length;
    this.#length = length + size;
    // For a few bytes a loop is faster than making a view to copy from.
    if (size > 12) bytes.set(source.subarray(from, to), length);
    else for (let at = 0; at < size; at++) bytes[length + at] = source[from + at] as number;
  }

  #makeRoom(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Locals that a function has been given. */
interface AddedLocals {
  readonly temps?: Temps;
  readonly callTemps?: CallTemps | undefined;
  /** In the original; set where any were. */
  readonly instructionsStart?: number;
}

/** Of the first body's size, behind the count of bodies. */
function firstEntry(bytes: Uint8Array, code: CodeSection): number {
  if (code.count === 0) return code.end;
  const cursor = new ByteCursor(bytes, "code", code.start, code.end);
  readU32(cursor);
  return cursor.position;
}
