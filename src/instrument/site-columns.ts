import { Column } from "./columns.ts";
import type { SlotPlan } from "./spill-slots.ts";
import type { SiteTable } from "./site-table.ts";

/** A site table while it grows, function by function. Spills are places (see `SlotPlan`) until the end. */
export class SiteColumns {
  readonly offset: Column;
  readonly function: Column;
  readonly line: Column;
  readonly kind: Column;
  /** Spills before each site; one entry behind the last site is missing. */
  readonly spillStart: Column;
  readonly spillLocal: Column;
  readonly spillPlace: Column;
  /** Ids of sites with spills cut. */
  readonly cut: number[] = [];
  /** Ids of sites whose spills are not reloaded. */
  readonly readOnly: number[] = [];

  /** `expected`: about how many sites there will be. */
  constructor(expected: number) {
    this.offset = new Column(expected);
    this.function = new Column(expected);
    this.line = new Column(expected);
    this.kind = new Column(expected);
    this.spillStart = new Column(expected);
    this.spillLocal = new Column(expected);
    this.spillPlace = new Column(expected);
  }

  /** Sites so far: the id of the next one. */
  get count(): number {
    return this.offset.length;
  }

  addSite(offset: number, func: number, line: number, kind: number): void {
    this.offset.push(offset);
    this.function.push(func);
    this.line.push(line);
    this.kind.push(kind);
  }

  /** Forgets the sites from id `count` on, and their spills. */
  truncate(count: number): void {
    if (this.spillStart.length > count) this.truncateSpills(count);
    for (const column of [this.offset, this.function, this.line, this.kind]) column.truncate(count);
  }

  /** Forgets the spills of sites from id `count` on. */
  truncateSpills(count: number): void {
    const spills = this.spillStart.length > count ? this.spillStart.at(count) : this.spillLocal.length;
    this.spillStart.truncate(count);
    this.spillLocal.truncate(spills);
    this.spillPlace.truncate(spills);
    for (const ids of [this.cut, this.readOnly]) while ((ids.at(-1) ?? -1) >= count) ids.pop();
  }

  /** The table; spills of every site must have been added. */
  toTable(slots: SlotPlan): SiteTable {
    const { count } = this;
    this.spillStart.push(this.spillLocal.length);
    return {
      count,
      offset: this.offset.toArray(),
      function: this.function.toArray(),
      line: this.line.toArray(),
      kind: Uint8Array.from(this.kind.toArray()),
      spillStart: this.spillStart.toArray(),
      spillLocal: this.spillLocal.toArray(),
      spillSlot: this.spillPlace.toArray().map((place) => slots.slotOf(place)),
      spillsCut: toBitSet(this.cut, count),
      readOnly: toBitSet(this.readOnly, count),
    };
  }
}

function toBitSet(ids: readonly number[], count: number): Uint32Array {
  const set = new Uint32Array((count + 31) >>> 5);
  for (const id of ids) set[id >>> 5] = (set[id >>> 5] as number) | (1 << (id & 31));
  return set;
}
