import { doubled } from "./doubled.ts";
import type { SiteTable } from "./site-table.ts";
import { SpillLists } from "./spill-lists.ts";
import type { SlotPlan } from "./spill-slots.ts";

/**
 * A site table while it grows, function by function. Spills are places (see `SlotPlan`) until the end.
 *
 * Sites come first, spills of each site in the same order after them: a site without `beginSpills` has none yet.
 */
export class SiteColumns {
  /** Sites so far: the id of the next one. */
  count = 0;
  /** Ids of sites with spills cut. */
  readonly cut: number[] = [];
  /** Ids of sites whose spills are not reloaded. */
  readonly readOnly: number[] = [];
  #offset: Uint32Array<ArrayBuffer>;
  #function: Uint32Array<ArrayBuffer>;
  #line: Uint32Array<ArrayBuffer>;
  #kind: Uint8Array<ArrayBuffer>;
  /** As the table's columns of these names: narrow until a number is met that is not small. */
  #spillStart: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  #spillCount: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  #deadCount: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** Sites whose spills are known or being added. */
  #spilledSites = 0;
  /** Whether spills are being added to the last of them. */
  #isAdding = false;
  readonly #spills = new SpillLists();

  /** `expected`: about how many sites there will be. */
  constructor(expected: number) {
    const capacity = Math.max(expected, 16);
    this.#offset = new Uint32Array(capacity);
    this.#function = new Uint32Array(capacity);
    this.#line = new Uint32Array(capacity);
    this.#kind = new Uint8Array(capacity);
    this.#spillStart = new Uint16Array(capacity);
    this.#spillCount = new Uint8Array(capacity);
    this.#deadCount = new Uint8Array(capacity);
  }

  addSite(offset: number, func: number, line: number, kind: number): void {
    const id = this.count;
    if (id === this.#offset.length) this.#growSites();
    this.#offset[id] = offset;
    this.#function[id] = func;
    this.#line[id] = line;
    this.#kind[id] = kind;
    this.count = id + 1;
  }

  /** The spills added from here on are those of the next site. */
  beginSpills(): void {
    this.#endSpills();
    this.#deadCount[this.#spilledSites++] = 0;
    this.#isAdding = true;
  }

  #endSpills(): void {
    if (!this.#isAdding) return;
    this.#isAdding = false;
    const site = this.#spilledSites - 1;
    const { listed } = this.#spills;
    if (listed > 0xff && this.#spillCount instanceof Uint8Array) {
      this.#spillCount = Uint16Array.from(this.#spillCount);
    }
    this.#spillCount[site] = listed;
    const start = this.#spills.endList();
    if (start > 0xffff && this.#spillStart instanceof Uint16Array) {
      this.#spillStart = Uint32Array.from(this.#spillStart);
    }
    this.#spillStart[site] = start;
  }

  /** The spills added to this site from here on are reloaded, those before are not. */
  beginReloads(): void {
    const { listed } = this.#spills;
    if (listed > 0xff && this.#deadCount instanceof Uint8Array) {
      this.#deadCount = Uint16Array.from(this.#deadCount);
    }
    this.#deadCount[this.#spilledSites - 1] = listed;
  }

  addSpill(local: number, place: number): void {
    this.#spills.add(local, place);
  }

  /** Forgets the sites from id `count` on, and their spills. */
  truncate(count: number): void {
    this.truncateSpills(count);
    this.count = count;
  }

  /** Forgets the spills of sites from id `count` on. */
  truncateSpills(count: number): void {
    this.#endSpills();
    this.#spilledSites = Math.min(this.#spilledSites, count);
    for (const ids of [this.cut, this.readOnly]) while ((ids.at(-1) ?? -1) >= count) ids.pop();
  }

  /** The table; spills of every site must have been begun. It is in the memory of the columns, which must not be used any more. */
  toTable(slots: SlotPlan): SiteTable {
    const { count } = this;
    this.#endSpills();
    const { locals, places } = this.#spills.lists();
    return {
      count,
      offset: this.#offset.subarray(0, count),
      function: this.#function.subarray(0, count),
      line: this.#line.subarray(0, count),
      kind: this.#kind.subarray(0, count),
      spillStart: this.#spillStart.subarray(0, count),
      spillCount: this.#spillCount.subarray(0, count),
      deadCount: this.#deadCount.subarray(0, count),
      spillLocal: locals,
      spillSlot: slots.toSlots(places),
      spillsCut: toBitSet(this.cut, count),
      readOnly: toBitSet(this.readOnly, count),
    };
  }

  #growSites(): void {
    this.#offset = doubled(this.#offset);
    this.#function = doubled(this.#function);
    this.#line = doubled(this.#line);
    this.#kind = inDouble(this.#kind, new Uint8Array(this.#kind.length * 2));
    const length = this.#spillStart.length * 2;
    this.#spillStart = inDouble(
      this.#spillStart,
      this.#spillStart instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length),
    );
    this.#spillCount = inDouble(
      this.#spillCount,
      this.#spillCount instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length),
    );
    this.#deadCount = inDouble(
      this.#deadCount,
      this.#deadCount instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length),
    );
  }
}

/** `to`, with the numbers of a column that is half as long. */
function inDouble<T extends Uint8Array | Uint16Array | Uint32Array>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}

function toBitSet(ids: readonly number[], count: number): Uint32Array {
  const set = new Uint32Array((count + 31) >>> 5);
  for (const id of ids) set[id >>> 5] = (set[id >>> 5] as number) | (1 << (id & 31));
  return set;
}
