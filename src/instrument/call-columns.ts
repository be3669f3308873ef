import { type CallTable, OPERAND } from "./call-table.ts";
import type { PlannedCall } from "./function-slots.ts";
import { SLOT_TYPES, slotTypeOf } from "./spill-slots.ts";

const BYTES: Readonly<Record<string, number>> = { i32: 4, f32: 4, i64: 8, f64: 8, v128: 16 };

/** Bytes of a value in a record, by the position of its type in `SLOT_TYPES`; 0 for those that memory cannot hold. */
const SLOT_BYTES: readonly number[] = SLOT_TYPES.map((type) => BYTES[type] ?? 0);

/** Of a record. */
const HEADER_BYTES = 4;
/** Values in one record: more would not be shown, and each costs a store at every call. */
const MOST_VALUES = 64;
/** Locals that are read back after a call: as reloads at sites, they cost registers where code is hot. */
const MOST_WRITABLE = 4;

/** A call table while it grows, function by function. */
export class CallColumns {
  /** Calls so far. */
  count = 0;
  readonly #offset: number[] = [];
  readonly #end: number[] = [];
  readonly #function: number[] = [];
  readonly #sizeBytes: number[] = [];
  readonly #valueStart: number[] = [];
  readonly #valueSlot: number[] = [];
  readonly #valueType: number[] = [];
  readonly #valueAt: number[] = [];
  readonly #stashStart: number[] = [];
  readonly #stashFrom: number[] = [];
  readonly #stashType: number[] = [];
  readonly #isWritable: number[] = [];

  /** Adds a call, unless nothing of what it should keep can be kept; answers how many values it keeps. `localTypes`: positions in `SLOT_TYPES`. */
  add(
    func: number,
    { offset, end, locals, operands, namedOperands }: PlannedCall,
    localTypes: readonly number[],
  ): number {
    const values = this.#valueSlot.length;
    let at = HEADER_BYTES;
    const keep = (slot: number, type: number): void => {
      const size = SLOT_BYTES[type] ?? 0;
      if (size === 0 || this.#valueSlot.length - values >= MOST_VALUES) return;
      this.#valueSlot.push(slot);
      this.#valueType.push(type);
      this.#valueAt.push(at);
      at += size;
    };
    const stash = operands?.types.map(slotTypeOf) ?? [];
    for (const operand of namedOperands) {
      const type = operands && stash[operand - operands.from];
      if (type !== undefined) keep(OPERAND + operand, type);
    }
    const keptOperands = this.#valueSlot.length - values;
    for (const local of locals) keep(local, localTypes[local] ?? -1);
    const kept = this.#valueSlot.length - values;
    if (kept === 0) return 0;
    this.count++;
    this.#offset.push(offset);
    this.#end.push(end);
    this.#function.push(func);
    this.#sizeBytes.push(at);
    this.#valueStart.push(values);
    this.#stashStart.push(this.#stashType.length);
    this.#stashFrom.push(operands?.from ?? 0);
    if (keptOperands > 0) this.#stashType.push(...stash);
    this.#isWritable.push(kept - keptOperands <= MOST_WRITABLE ? 1 : 0);
    return kept;
  }

  /** Forgets the calls from row `count` on. */
  truncate(count: number): void {
    if (count >= this.count) return;
    this.#valueSlot.length =
      this.#valueType.length =
      this.#valueAt.length =
        this.#valueStart[count] as number;
    this.#stashType.length = this.#stashStart[count] as number;
    for (const column of [this.#offset, this.#end, this.#function, this.#sizeBytes]) column.length = count;
    for (const column of [this.#valueStart, this.#stashStart, this.#stashFrom]) column.length = count;
    this.#isWritable.length = count;
    this.count = count;
  }

  toTable(): CallTable {
    return {
      count: this.count,
      offset: Uint32Array.from(this.#offset),
      end: Uint32Array.from(this.#end),
      function: Uint32Array.from(this.#function),
      sizeBytes: Uint32Array.from(this.#sizeBytes),
      valueStart: Uint32Array.from([...this.#valueStart, this.#valueSlot.length]),
      valueSlot: Uint32Array.from(this.#valueSlot),
      valueType: Uint8Array.from(this.#valueType),
      valueAt: Uint32Array.from(this.#valueAt),
      stashStart: Uint32Array.from([...this.#stashStart, this.#stashType.length]),
      stashFrom: Uint32Array.from(this.#stashFrom),
      stashType: Uint8Array.from(this.#stashType),
      isWritable: Uint8Array.from(this.#isWritable),
    };
  }
}
