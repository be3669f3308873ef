import { EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, type ValueType } from "../wasm/value-type.ts";

/** Types of values that can be spilled. Other references cannot be held by a global that JavaScript may read. */
export type SlotType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

/** In the order in which slots are numbered. */
export const SLOT_TYPES: readonly SlotType[] = ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"];
export const V128_SLOT = SLOT_TYPES.indexOf("v128");

/** In the same order. */
export const VALUE_TYPES: readonly ValueType[] = [I32, I64, F32, F64, V128, FUNCREF, EXTERNREF];

/** Position of a type in `SLOT_TYPES`; −1 for one that cannot be spilled. */
export const slotTypeOf = (type: ValueType): number => VALUE_TYPES.indexOf(type);

/**
 * Hands out places for spilled locals, and remembers how many of each type are needed at once.
 *
 * All sites share the slots: the guest is suspended at one of them at a time. A place is its type and its number
 * within the type; it becomes a slot once all functions are done.
 */
export class SlotPlan {
  /** Most places of each type in use at one site. */
  readonly counts: Uint32Array = new Uint32Array(SLOT_TYPES.length);
  readonly #used: Uint32Array = new Uint32Array(SLOT_TYPES.length);

  /** Begins another site: all places are free again. */
  beginSite(): void {
    this.#used.fill(0);
  }

  /** A free place for a value of a type, by its position in `SLOT_TYPES`. */
  take(type: number): number {
    const ordinal = (this.#used[type] as number)++;
    if (ordinal >= (this.counts[type] as number)) this.counts[type] = ordinal + 1;
    return (type << TYPE_SHIFT) | ordinal;
  }

  /** Replaces places by the numbers of the slots they have become. */
  toSlots(places: Uint32Array): Uint32Array {
    const firsts = new Uint32Array(SLOT_TYPES.length);
    for (let type = 1; type < firsts.length; type++) {
      firsts[type] = (firsts[type - 1] as number) + (this.counts[type - 1] as number);
    }
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      places[at] = (firsts[place >>> TYPE_SHIFT] as number) + (place & ORDINAL);
    }
    return places;
  }

  /** Type of every slot, as positions in `SLOT_TYPES`. */
  slotTypes(): Uint8Array {
    const types: number[] = [];
    this.counts.forEach((count, type) => {
      for (let index = 0; index < count; index++) types.push(type);
    });
    return Uint8Array.from(types);
  }
}

/** A place is its type above this many bits of its number. */
const TYPE_SHIFT = 16;
const ORDINAL = 0xffff;
