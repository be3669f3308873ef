import type { IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { StoreChecks } from "./find-sites.ts";
import { SITES_PER_WORD } from "./site-table.ts";
import { SLOT_TYPES, type SlotType, V128_SLOT } from "./spill-slots.ts";
import { layOutWatch, WATCH_TYPES, type WatchLayout } from "./watch.ts";

/** Names of everything instrumentation exports begin with this, unless the module has such names itself. */
const EXPORT_PREFIX = "wasm-dap/";

/** Export names of what was appended, and of what the module had and did not export. */
export interface AppendedNames {
  /** What all names here begin with, and no other export does. */
  readonly prefix: string;
  /** Table of one `funcref`: its entry 0 must be a function `(i32) → ()` before guest code runs; probes call it with their site. */
  readonly suspendTable: string;
  /** Table of all functions of the module by their index, imported ones too, so that any can be called from outside. */
  readonly functionTable: string;
  /** Function `(word i32, value i32) → ()`: sets the mask of sites 32·word to 32·word + 31. A word out of range sets some other word. */
  readonly setMask: string;
  /** Function `(value i32) → ()`: sets all mask words. */
  readonly setAll: string;
  /** Number of mask words; masks begin as 0. */
  readonly maskWords: number;
  /** By memory index; likewise tables and globals, imported ones included. */
  readonly memories: readonly string[];
  readonly tables: readonly string[];
  /** Fewer than the module has when it has some 100,000: engines accept no more exports. */
  readonly globals: readonly string[];
  readonly slots: readonly SpillSlot[];
  /**
   * By memory, where stores are checked: function (start, length for stores of 1, 2, 4, 8, 16 bytes) → (), in the memory's
   * address type. A store of `w` bytes is told to entry 1 of the suspend table, a function `(memory i32, address f64,
   * bytes f64) → i32`, if its last byte lies less than the length for `w` behind the start; where that answers anything but 0, entry 0 is
   * called with the number of sites and the store's id. Lengths begin as 0. Empty where stores are not checked.
   */
  readonly watches: readonly string[];
  /**
   * Where stores are checked and there is a C stack pointer: an exported mutable global of its type. Whenever the stack
   * pointer comes to be greater (as an address), the same entry 1 is called with memory −1, the stack pointer, and 0. Begins as −1.
   */
  readonly stackLimit: string | undefined;
  /** Where calls keep what their functions hold of variables; absent where none does. */
  readonly records: RecordNames | undefined;
  /** The start function, which no longer runs by itself: to be called once after masks are set. */
  readonly start: string | undefined;
}

/** Export names of what records of calls need: see `CallTable`. */
export interface RecordNames {
  readonly memory: string;
  /** An i32: where the next record goes. The innermost function's is right in front of it, where it stands in such a call. */
  readonly pointer: string;
  /** An i32 that must be 1 once a record has been written to. */
  readonly written: string;
}

/**
 * Where a spilled local is while `$suspend` runs: one exported mutable global, or for v128 two of type i64.
 *
 * What is written there reaches the guest's local when `$suspend` returns, unless the site is read-only. Slots are shared by all sites: whoever
 * runs other guest code meanwhile must save and restore them.
 */
export type SpillSlot =
  | { readonly type: Exclude<SlotType, "v128">; readonly global: string }
  | { readonly type: "v128"; readonly low: string; readonly high: string };

/** Indexes of everything appended, in the index spaces of the instrumented module. */
export interface AppendedLayout {
  /** `(i32) → ()` */
  readonly suspendType: number;
  /** `(i32, i32) → ()` */
  readonly setMaskType: number;
  readonly suspendTable: number;
  readonly functionTable: number;
  /** Entries of `functionTable`. */
  readonly calledFunctions: number;
  readonly suspendFunction: number;
  /** Each sets `WORDS_PER_CHUNK` mask words. */
  readonly firstChunkFunction: number;
  readonly chunkCount: number;
  readonly setMaskFunction: number;
  readonly setAllFunction: number;
  readonly functionCount: number;
  /** Of each slot, its first global. */
  readonly slotGlobals: Uint32Array;
  /** Of each slot, the position of its type in `SLOT_TYPES`. */
  readonly slotTypes: Uint8Array;
  readonly slotGlobalCount: number;
  readonly firstMaskGlobal: number;
  readonly maskWords: number;
  /** Sites before instructions: ids from here on are those of stores. */
  readonly siteCount: number;
  /** Where stores are checked. */
  readonly watch: WatchLayout | undefined;
  /** Index of the first type for probes with operands. */
  readonly firstBlockType: number;
  /** Where calls keep records. */
  readonly records: RecordLayout | undefined;
}

/** Indexes of what records need, in the index spaces of the instrumented module. */
export interface RecordLayout {
  readonly memory: number;
  /** Of the global that says where the next record goes. */
  readonly pointerGlobal: number;
  /** Of the global that is not 0 once any local has been written in a record. */
  readonly writtenGlobal: number;
}

/** What else is appended, depending on what is wanted. */
export interface AppendedParts {
  readonly checkStores: StoreChecks | undefined;
  readonly records: boolean;
}

/** Mask words that one generated function sets, so that none becomes slow to compile. */
export const WORDS_PER_CHUNK = 256;

/** Lays out what is appended: slots and bounds before masks, since their indexes are written more often and small ones are short. */
export function layOutAppended(
  spaces: IndexSpaces,
  siteCount: number,
  slotTypes: Uint8Array,
  { checkStores, records }: AppendedParts,
): AppendedLayout {
  const maskWords = Math.ceil(siteCount / SITES_PER_WORD);
  const chunkCount = Math.ceil(maskWords / WORDS_PER_CHUNK);
  const suspendFunction = spaces.functionTypes.length;
  const setMaskFunction = suspendFunction + 1 + chunkCount;
  const slotGlobals = new Uint32Array(slotTypes.length);
  let nextGlobal = spaces.globals.length;
  slotTypes.forEach((type, slot) => {
    slotGlobals[slot] = nextGlobal;
    nextGlobal += type === V128_SLOT ? 2 : 1;
  });
  const slotGlobalCount = nextGlobal - spaces.globals.length;
  const first = { type: spaces.types.length + 2, func: setMaskFunction + 2, global: nextGlobal };
  const watch = checkStores && layOutWatch(spaces, first, checkStores.stackPointer);
  nextGlobal += watch?.globalCount ?? 0;
  const recordLayout = records
    ? { memory: spaces.memories.length, pointerGlobal: nextGlobal, writtenGlobal: nextGlobal + 1 }
    : undefined;
  if (recordLayout) nextGlobal += 2;
  return {
    suspendType: spaces.types.length,
    setMaskType: spaces.types.length + 1,
    suspendTable: spaces.tables.length,
    functionTable: spaces.tables.length + 1,
    calledFunctions: spaces.functionTypes.length,
    suspendFunction,
    firstChunkFunction: suspendFunction + 1,
    chunkCount,
    setMaskFunction,
    setAllFunction: setMaskFunction + 1,
    functionCount: chunkCount + 3 + (watch?.functionCount ?? 0),
    slotGlobals,
    slotTypes,
    slotGlobalCount,
    firstMaskGlobal: nextGlobal,
    maskWords,
    siteCount,
    watch,
    firstBlockType: first.type + (watch ? WATCH_TYPES : 0),
    records: recordLayout,
  };
}

/** Chooses the names. @throws {MalformedError} when the export or the start section is malformed. */
export function nameAppended(module: WasmModule, spaces: IndexSpaces, layout: AppendedLayout): AppendedNames {
  let prefix = EXPORT_PREFIX;
  while (module.exports.some(({ name }) => name.startsWith(prefix))) prefix = `'${prefix}`;
  const numbered = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${kind}/${index}`);
  const memories = numbered("memory", spaces.memories.length);
  const tables = numbered("table", spaces.tables.length);
  const others =
    module.exports.length + memories.length + tables.length + layout.slotGlobalCount + OWN_EXPORTS;
  const forWatching = layout.watch ? memories.length + 1 : 0;
  return {
    prefix,
    suspendTable: `${prefix}suspend`,
    functionTable: `${prefix}functions`,
    setMask: `${prefix}set-mask`,
    setAll: `${prefix}set-all`,
    maskWords: layout.maskWords,
    memories,
    tables,
    globals: numbered(
      "global",
      Math.max(0, Math.min(spaces.globals.length, MOST_EXPORTS - others - forWatching)),
    ),
    slots: Array.from(layout.slotTypes, (type, slot) =>
      toSlot(SLOT_TYPES[type] as SlotType, `${prefix}slot/${slot}`),
    ),
    stackLimit: layout.watch?.stackPointer ? `${prefix}stack-limit` : undefined,
    watches: layout.watch ? numbered("watch", spaces.memories.length) : [],
    records: layout.records && {
      memory: `${prefix}records`,
      pointer: `${prefix}record-pointer`,
      written: `${prefix}records-written`,
    },
    start: module.start === undefined ? undefined : `${prefix}start`,
  };
}

/** Two tables, two setters, the start function, and what records need. */
const OWN_EXPORTS = 8;
/** What V8 in Node 20 accepts. */
const MOST_EXPORTS = 100_000;

function toSlot(type: SlotType, name: string): SpillSlot {
  return type === "v128" ? { type, low: `${name}/low`, high: `${name}/high` } : { type, global: name };
}
